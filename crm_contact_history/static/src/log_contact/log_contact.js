import { Component, onWillStart, useRef, useState } from "@odoo/owl";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { user } from "@web/core/user";

const LONGEST_SUBJECT = 100;

/**
 * Logs a contact in two clicks: the way of contact, and Save.
 */
export class LogContact extends Component {
    static template = "crm_contact_history.LogContact";
    static components = {};
    static props = {
        partnerId: Number,
        onLogged: Function,
        // Alt and this key open the first way of contact.
        hotkey: { type: String, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.rootRef = useRef("root");
        useAutofocus({ refName: "summary", mobile: true });
        this.state = useState({
            channels: [],
            outcomes: [],
            channel: false,
            saving: false,
            ...this.nothing(),
        });
        onWillStart(() => this.load());
    }

    nothing() {
        return { summary: "", direction: "in", outcome: "", minutes: "" };
    }

    async load() {
        // All at once: whoever turns to another page meanwhile leaves nothing half asked behind.
        const [canLog, channels, outcomes] = await Promise.all([
            user.checkAccessRight("crm.touchpoint", "create"),
            this.orm.searchRead(
                "crm.touchpoint.channel",
                [["is_loggable", "=", true]],
                ["name", "code", "icon"]
            ),
            this.orm.searchRead("crm.touchpoint.outcome", [], ["name"]),
        ]);
        if (canLog) {
            Object.assign(this.state, { channels, outcomes });
        }
    }

    /** The first line of what was typed is the subject, unless it is a long text. */
    get text() {
        const [first, ...rest] = this.state.summary.trim().split("\n");
        return first.length <= LONGEST_SUBJECT
            ? { subject: first.trim(), summary: rest.join("\n").trim() }
            : { subject: "", summary: this.state.summary.trim() };
    }

    onChannel(channel) {
        this.state.channel = this.state.channel?.id === channel.id ? false : channel;
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            ev.stopPropagation();
            this.save();
        } else if (ev.key === "Escape") {
            ev.preventDefault();
            ev.stopPropagation();
            this.close();
        }
    }

    close() {
        const { id } = this.state.channel;
        Object.assign(this.state, { channel: false, ...this.nothing() });
        this.rootRef.el.querySelector(`[data-channel-id="${id}"]`)?.focus();
    }

    async save() {
        if (this.state.saving) {
            return;
        }
        this.state.saving = true;
        try {
            await this.orm.call(
                "crm.touchpoint",
                "log_contact",
                [this.props.partnerId, this.state.channel.code],
                {
                    ...this.text,
                    direction: this.state.direction,
                    outcome: Number(this.state.outcome) || false,
                    minutes: Number(this.state.minutes) || 0,
                }
            );
        } finally {
            this.state.saving = false;
        }
        this.close();
        await this.props.onLogged();
    }

    /** The whole form, with what was typed so far. */
    onMore() {
        const context = {
            default_partner_id: this.props.partnerId,
            default_channel_id: this.state.channel.id,
            default_direction: this.state.direction,
            default_subject: this.text.subject,
            default_summary: this.text.summary,
            default_outcome_id: Number(this.state.outcome) || false,
            default_duration: (Number(this.state.minutes) || 0) / 60,
        };
        return this.action.doAction("crm_contact_history.crm_touchpoint_action_log", {
            additionalContext: context,
            onClose: (info) => {
                if (!info?.dismiss) {
                    Object.assign(this.state, { channel: false, ...this.nothing() });
                    return this.props.onLogged();
                }
            },
        });
    }
}
