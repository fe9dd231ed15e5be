import { Component, markup } from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { LogContact } from "../log_contact/log_contact";
import { CardAssets } from "./card_assets";
import { CardNotes } from "./card_notes";
import { CardRows } from "./card_rows";

/**
 * Who the customer is, how to reach him, what is open, and what can be done for him.
 */
export class CustomerCard extends Component {
    static template = "crm_contact_history.CustomerCard";
    static components = { CardAssets, CardNotes, CardRows, LogContact };
    static props = {
        card: Object,
        // Called with {partnerId}.
        onChoose: Function,
        // Something of this customer was changed: read him again.
        onChanged: Function,
    };

    setup() {
        this.action = useService("action");
    }

    get phoneLink() {
        return `tel:${this.props.card.phone.replace(/[^\d+]/g, "")}`;
    }

    /** "22:15 there" in the customer's own time. */
    get localTime() {
        const time = luxon.DateTime.now().setZone(this.props.card.timezone);
        return time.isValid ? _t("%s there now", time.toFormat("HH:mm")) : "";
    }

    /** "3 days ago by Agus" */
    lastContact(contact) {
        const ago = deserializeDateTime(contact.date).toRelative();
        return contact.user ? _t("%(ago)s by %(name)s", { ago, name: contact.user }) : ago;
    }

    onMethod(method) {
        return this.action.doActionButton({
            type: "object",
            resModel: "res.partner",
            resId: this.props.card.id,
            name: method,
            // A dialog was closed: what was done in it shows on the card.
            onClose: () => this.props.onChanged(),
        });
    }

    onBadge({ action }) {
        // As core does with every action that comes from the server: what an empty list says is HTML.
        return this.action.doAction({ ...action, help: action.help && markup(action.help) });
    }
}
