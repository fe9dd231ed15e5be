import { Component } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

/** A short list of documents that can be opened. */
export class CardRows extends Component {
    static template = "crm_contact_history.CardRows";
    static props = { rows: Array };

    setup() {
        this.action = useService("action");
    }

    /** "21/11/2026 · Ceramic mug" */
    details(row) {
        return [row.date, row.user, row.document, row.text].filter(Boolean).join(" · ");
    }

    onOpen(ev, row) {
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
