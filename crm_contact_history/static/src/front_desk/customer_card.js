import { Component } from "@odoo/owl";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";

/**
 * Who the customer is, how to reach him, what is open, and what can be done for him.
 */
export class CustomerCard extends Component {
    static template = "crm_contact_history.CustomerCard";
    static props = { card: Object, onChoose: Function };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get phoneLink() {
        return `tel:${this.props.card.phone.replace(/[^\d+]/g, "")}`;
    }

    /** "21/11/2026 · Ceramic mug" */
    details(row) {
        const date = row.date && formatDate(deserializeDateTime(row.date));
        return [date, row.text].filter(Boolean).join(" · ");
    }

    async onButton(button) {
        const action = await this.orm.call("res.partner", button.method, [[this.props.card.id]]);
        if (action) {
            return this.action.doAction(action);
        }
    }

    onBadge(badge) {
        return this.action.doAction(badge.action);
    }

    onOpenRow(ev, row) {
        if (ev.ctrlKey || ev.metaKey || ev.shiftKey) {
            return;
        }
        ev.preventDefault();
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: row.model,
            res_id: row.id,
            views: [[false, "form"]],
        });
    }
}
