import { Component, markup } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";

/**
 * One contact: what it was, when, with whom, and its text when it is unfolded.
 */
export class HistoryEntry extends Component {
    static template = "crm_contact_history.HistoryEntry";
    static props = {
        entry: Object,
        partnerId: Number,
        kind: Object,
        // 1 for the newest, and how many there are (-1: more than are here).
        position: Number,
        total: Number,
        // The one that Tab comes to.
        isCurrent: Boolean,
        // Undefined while folded; `{loading}`, `{failed}` or the answer of `history_read`.
        text: { type: Object, optional: true },
        onFocus: Function,
        onToggle: Function,
        onOpen: Function,
    };

    get time() {
        return formatDateTime(deserializeDateTime(this.props.entry.happened_at), { format: "HH:mm" });
    }

    /** "Rina Wijaya · Agus Pratama": the contact where it is not the one on the screen, and our person. */
    get whose() {
        const { entry, partnerId } = this.props;
        const contact = entry.partner_id === partnerId ? false : entry.partner;
        return [contact, entry.user].filter(Boolean).join(" · ");
    }

    /** The icon of the way of contact tells more than that of the kind, where there is one. */
    get icon() {
        return this.props.kind.kind === "touchpoint" && this.props.entry.channel_icon
            ? this.props.entry.channel_icon
            : this.props.kind.icon;
    }

    get kindTitle() {
        const channel = this.props.entry.channel_label;
        return channel && channel !== this.props.kind.label
            ? `${this.props.kind.label}: ${channel}`
            : this.props.kind.label;
    }

    get url() {
        return `/odoo/${this.props.entry.model}/${this.props.entry.res_id}`;
    }

    get directionTitle() {
        return this.props.entry.direction === "in" ? _t("From the customer") : _t("To the customer");
    }

    get addressees() {
        return _t("To %s", this.props.text.recipients.join(", "));
    }

    /** The server has sanitised it. */
    get body() {
        return markup(this.props.text.body || "");
    }

    attachmentUrl(attachment) {
        return `/web/content/${attachment.id}?download=true`;
    }

    size({ size }) {
        return size < 1024 * 1024
            ? _t("%s kB", Math.max(1, Math.round(size / 1024)))
            : _t("%s MB", (size / 1024 / 1024).toFixed(1));
    }

    onOpen(ev) {
        // A click with Ctrl or the middle button opens a tab, as with any link.
        if (!(ev.ctrlKey || ev.metaKey || ev.shiftKey)) {
            ev.preventDefault();
            this.props.onOpen(this.props.entry);
        }
    }
}
