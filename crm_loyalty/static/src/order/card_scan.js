import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, useRef, useState } from "@odoo/owl";

/**
 * A place to type or scan the number of a member card: Enter, which scanners send by themselves, asks the server whose it
 * is. A good card puts its member on an order without customer; a bad one changes nothing and says why.
 */
export class CardScanField extends Component {
    static template = "crm_loyalty.CardScanField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.input = useRef("input");
        this.state = useState({ text: "", error: "", busy: false });
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation(); // the form would take it as "next field"
            this.identify();
        }
    }

    async identify() {
        const number = this.input.el.value.trim();
        if (!number || this.state.busy) {
            return;
        }
        Object.assign(this.state, { text: "", error: "", busy: true });
        const { record } = this.props;
        try {
            const answer = await this.orm.call("sale.order", "identify_by_card", [
                number,
                record.data.partner_id?.id || false,
                record.data.company_id?.id || false,
            ]);
            if (answer.error) {
                this.state.error = answer.error;
                this.input.el.select(); // typing or scanning again replaces it
                return;
            }
            if (answer.their_number) {
                await this.applyPartnerNumber(number);
                return;
            }
            if (!record.data.partner_id) {
                await record.update({ partner_id: answer.partner });
            }
            this.state.text = answer.text;
            this.input.el.value = "";
        } finally {
            this.state.busy = false;
        }
    }

    /** The card of a partner's customer: what was agreed is given on the saved order. */
    async applyPartnerNumber(number) {
        const { record } = this.props;
        if (!(await record.save())) {
            return; // the form says what is missing
        }
        const answer = await this.orm.call("sale.order", "apply_partner_number", [[record.resId], number]);
        await record.load();
        Object.assign(this.state, { text: answer.text || "", error: answer.error || "" });
        if (this.input.el) {
            this.input.el.value = answer.error ? number : "";
        }
    }
}

export const cardScanField = {
    component: CardScanField,
    displayName: _t("Card Number"),
    supportedTypes: ["char"],
};

registry.category("fields").add("club_card_scan", cardScanField);
