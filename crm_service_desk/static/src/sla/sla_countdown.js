import { Component, onMounted, onWillUnmount, reactive, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;
const TICK = 15000; // milliseconds
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** One timer for all countdowns on the screen. */
const clock = reactive({ now: DateTime.now().toSeconds() });
const timer = { users: 0, id: null };

function tick() {
    clock.now = DateTime.now().toSeconds();
}

function useNow() {
    onMounted(() => {
        tick();
        if (!timer.users++) {
            timer.id = setInterval(tick, TICK);
        }
    });
    onWillUnmount(() => {
        if (!--timer.users) {
            clearInterval(timer.id);
        }
    });
    return useState(clock);
}

/** Seconds in words: "2 h 10 min". */
export function inWords(seconds) {
    const minutes = Math.floor(seconds / MINUTE);
    if (minutes < 60) {
        return _t("%s min", minutes);
    }
    const hours = Math.floor(minutes / 60);
    return minutes % 60
        ? _t("%(hours)s h %(minutes)s min", { hours, minutes: minutes % 60 })
        : _t("%s h", hours);
}

/** How many seconds of [[from, to], …] lie between two moments. */
export function within(hours, from, to) {
    return hours.reduce((sum, [low, high]) => sum + Math.max(0, Math.min(high, to) - Math.max(low, from)), 0);
}

const LOOKS = {
    running: { icon: "fa-hourglass-half", color: "text-body" },
    at_risk: { icon: "fa-exclamation-triangle", color: "text-warning-emphasis" },
    late: { icon: "fa-times-circle", color: "text-danger" },
    paused: { icon: "fa-pause", color: "text-muted" },
    kept: { icon: "fa-check-circle", color: "text-success" },
    missed: { icon: "fa-times-circle", color: "text-danger" },
    cancelled: { icon: "fa-minus-circle", color: "text-muted" },
    unknown: { icon: "fa-question-circle", color: "text-muted" },
};

/**
 * The next deadline of a ticket as a countdown in working time. What it says is never told by a colour alone.
 *
 * On the field `sla_deadline`, so that a list can be sorted by it.
 */
export class SlaCountdown extends Component {
    static template = "crm_service_desk.SlaCountdown";
    static props = { ...standardFieldProps };

    setup() {
        this.clock = useNow();
    }

    get data() {
        return this.props.record.data.sla_countdown || null;
    }

    /** @returns {string} key of LOOKS */
    get state() {
        const { state, deadline, warning, stopped } = this.data;
        if (stopped) {
            return { kept: "kept", breached: "missed" }[state] || "cancelled";
        }
        if (!deadline) {
            return state === "paused" || state === "breached" ? "paused" : "unknown";
        }
        if (state === "breached" || this.clock.now > deadline) {
            return "late";
        }
        return warning && this.clock.now >= warning ? "at_risk" : "running";
    }

    get inForm() {
        return this.env.config.viewType === "form";
    }

    /** Whether the text is a working time and nothing else. */
    get counts() {
        return ["running", "at_risk"].includes(this.state) && this.seconds !== null;
    }

    get look() {
        return LOOKS[this.state];
    }

    /** Working time from now to the deadline, or since; null when it is too far to be counted here. */
    get seconds() {
        const { deadline, hours } = this.data;
        if (!hours.length) {
            return this.state === "late" ? 0 : null;
        }
        const { now } = this.clock;
        return within(hours, Math.min(now, deadline), Math.max(now, deadline));
    }

    get text() {
        const { overdue, left } = this.data;
        switch (this.state) {
            case "running":
            case "at_risk":
                return this.seconds === null ? _t("by %s", this.day) : inWords(this.seconds);
            case "late":
                return this.seconds >= MINUTE ? _t("late by %s", inWords(this.seconds)) : _t("late");
            case "paused":
                return left > 0 ? _t("paused, %s left", inWords(left)) : _t("paused, late");
            case "kept":
                return _t("kept");
            case "missed":
                return overdue >= MINUTE ? _t("missed by %s", inWords(overdue)) : _t("missed");
            case "cancelled":
                return _t("no longer due");
            default:
                return _t("no deadline");
        }
    }

    get moment() {
        return DateTime.fromSeconds(this.data.deadline);
    }

    get day() {
        return this.moment.toLocaleString({ weekday: "short", month: "short", day: "numeric" });
    }

    /** The deadline on the wall: "Mon 10:30", or with the date when it is not within these days. */
    get when() {
        if (!["running", "at_risk", "late"].includes(this.state) || this.seconds === null) {
            return "";
        }
        const format = { weekday: "short", hour: "numeric", minute: "2-digit" };
        const far = Math.abs(this.data.deadline - this.clock.now) > 5 * DAY;
        return this.moment.toLocaleString(far ? { ...format, month: "short", day: "numeric" } : format);
    }

    get title() {
        if (!this.data.deadline || this.data.stopped) {
            return `${this.data.promise}: ${this.text}`;
        }
        const moment = this.moment.toLocaleString(DateTime.DATETIME_HUGE);
        const values = { promise: this.data.promise, text: this.text, moment };
        return this.state === "late"
            ? _t("%(promise)s: was due %(moment)s, %(text)s in working time", values)
            : _t("%(promise)s: %(text)s of working time left, until %(moment)s", values);
    }
}

export const slaCountdown = {
    component: SlaCountdown,
    displayName: _t("SLA countdown"),
    supportedTypes: ["datetime"],
    fieldDependencies: [{ name: "sla_countdown", type: "json" }],
};

registry.category("fields").add("sla_countdown", slaCountdown);
