import { Component, onWillStart, onWillUpdateProps, useEffect, useRef, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";

const { DateTime } = luxon;
const PAGE = 30;

/**
 * The history of one contact, newest first, read page by page as one scrolls.
 */
export class ContactHistory extends Component {
    static template = "crm_contact_history.ContactHistory";
    static props = {
        partnerId: Number,
        // The history holds that of the customer's other contacts too, so it can be held to this one.
        hasContacts: { type: Boolean, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.endRef = useRef("end");
        this.state = useState({
            kinds: [],
            chosen: [],
            onlyThis: false,
            entries: [],
            next: false,
            loading: false,
            failed: false,
        });
        onWillStart(async () => {
            const [kinds] = await Promise.all([
                this.orm.call("contact.history.entry", "history_kinds", []),
                this.reload(this.props.partnerId),
            ]);
            this.state.kinds = kinds;
        });
        onWillUpdateProps((nextProps) => {
            if (nextProps.partnerId !== this.props.partnerId) {
                Object.assign(this.state, { chosen: [], onlyThis: false });
                return this.reload(nextProps.partnerId);
            }
        });
        useEffect(
            (el) => {
                if (!el) {
                    return;
                }
                const observer = new IntersectionObserver(
                    (seen) => seen.some((entry) => entry.isIntersecting) && this.loadMore(),
                    { rootMargin: "400px" }
                );
                observer.observe(el);
                return () => observer.disconnect();
            },
            // Observed anew after each page: an end that is still in sight asks for the next one.
            () => [this.endRef.el, this.state.entries.length, this.state.next]
        );
    }

    get icons() {
        return Object.fromEntries(this.state.kinds.map((kind) => [kind.kind, kind.icon]));
    }

    get labels() {
        return Object.fromEntries(this.state.kinds.map((kind) => [kind.kind, kind.label]));
    }

    /** The entries under their day, in the reader's time zone. */
    get days() {
        const days = [];
        for (const entry of this.state.entries) {
            const at = deserializeDateTime(entry.happened_at);
            const key = at.toISODate();
            if (days.at(-1)?.key !== key) {
                days.push({ key, title: this.dayTitle(at), entries: [] });
            }
            days.at(-1).entries.push({
                ...entry,
                time: formatDateTime(at, { format: "HH:mm" }),
                whose: this.whose(entry),
            });
        }
        return days;
    }

    dayTitle(at) {
        const ago = DateTime.local().startOf("day").diff(at.startOf("day"), "days").days;
        if (ago === 0) {
            return _t("Today");
        }
        return ago === 1 ? _t("Yesterday") : at.toLocaleString(DateTime.DATE_HUGE);
    }

    /** "Rina Wijaya · Agus Pratama": the contact where it is not the one on the screen, and our person. */
    whose(entry) {
        const contact = entry.partner_id === this.props.partnerId ? false : entry.partner;
        return [contact, entry.user].filter(Boolean).join(" · ");
    }

    url(entry) {
        return entry.model ? `/odoo/${entry.model}/${entry.res_id}` : "#";
    }

    directionTitle(entry) {
        return entry.direction === "in" ? _t("From the customer") : _t("To the customer");
    }

    async load(partnerId, before) {
        this.state.loading = true;
        this.state.failed = false;
        try {
            return await this.keepLast.add(
                this.orm.call("contact.history.entry", "history_page", [partnerId], {
                    before,
                    limit: PAGE,
                    kinds: this.state.chosen,
                    only_this_contact: this.state.onlyThis,
                })
            );
        } catch (error) {
            this.state.failed = true;
            throw error;
        } finally {
            this.state.loading = false;
        }
    }

    async reload(partnerId = this.props.partnerId) {
        const { entries, next } = await this.load(partnerId, false);
        Object.assign(this.state, { entries, next });
    }

    async loadMore() {
        if (this.state.loading || this.state.failed || !this.state.next) {
            return;
        }
        const { entries, next } = await this.load(this.props.partnerId, this.state.next);
        this.state.entries.push(...entries);
        this.state.next = next;
    }

    onRetry() {
        this.state.failed = false;
        return this.state.entries.length ? this.loadMore() : this.reload();
    }

    onToggleKind(kind) {
        const chosen = this.state.chosen;
        this.state.chosen = chosen.includes(kind) ? chosen.filter((one) => one !== kind) : [...chosen, kind];
        return this.reload();
    }

    onToggleOnlyThis() {
        this.state.onlyThis = !this.state.onlyThis;
        return this.reload();
    }

    onOpen(ev, entry) {
        // A click with Ctrl or the middle button opens a tab, as with any link.
        if (ev.ctrlKey || ev.metaKey || ev.shiftKey) {
            return;
        }
        ev.preventDefault();
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: entry.model,
            res_id: entry.res_id,
            views: [[false, "form"]],
        });
    }
}
