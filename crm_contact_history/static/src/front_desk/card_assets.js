import { Component, useState } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** What the customer brings or owns: who looks after it, and what was done last. */
export class CardAssets extends Component {
    static template = "crm_contact_history.CardAssets";
    static props = { assets: Array };

    setup() {
        this.action = useService("action");
        // Ids of the assets whose earlier services are shown.
        this.state = useState({ opened: {} });
    }

    /** "Car · Avanza · since 1/2/2024" */
    details(asset) {
        const since = asset.since && _t("since %s", formatDate(deserializeDate(asset.since)));
        return [asset.type, asset.product, since].filter(Boolean).join(" · ");
    }

    /** "3/11/2026 · Oil change · 5W-30 · Ujang · 48,210" */
    service(service) {
        const date = service.date && formatDate(deserializeDate(service.date));
        const { work, products, staff, reading, remark } = service;
        return [date, work, products, staff, reading, remark].filter(Boolean).join(" · ");
    }

    earlier(asset) {
        return asset.services.slice(1);
    }

    onToggle(asset) {
        this.state.opened[asset.id] = !this.state.opened[asset.id];
    }

    onOpen(ev, asset) {
        if (ev.ctrlKey || ev.metaKey || ev.shiftKey) {
            return;
        }
        ev.preventDefault();
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "customer.asset",
            res_id: asset.id,
            views: [[false, "form"]],
        });
    }
}
