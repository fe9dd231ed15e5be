import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { formatFigure, isFigure } from "../figures";
import { Section } from "./section";

/** Customers who are about to be lost, why, and what to do: open one, plan calls with many. */
export class RiskList extends Component {
    static template = "crm_analytics.RetentionRiskList";
    static components = { Section };
    static props = {
        rows: Array,
        currencyId: Number,
        open: Function,
        openCustomer: Function,
        act: Function,
        mayMail: Boolean,
    };

    setup() {
        this.state = useState({ chosen: {} });
    }

    get definition() {
        return _t(
            "Customers who are probably being lost, worth most first. Each has its reasons: how long he has been away, beside how often he usually buys, and complaints that are open."
        );
    }

    /** Who is chosen, of those shown: after a change of the filters some may be gone. */
    get chosen() {
        return this.props.rows.map((row) => row.partner_id).filter((id) => this.state.chosen[id]);
    }

    get areAllChosen() {
        return this.chosen.length === this.props.rows.length;
    }

    get offerLabel() {
        return _t("Send an offer (%s)", this.chosen.length);
    }

    get planLabel() {
        return _t("Plan calls (%s)", this.chosen.length);
    }

    selectLabel(row) {
        return _t("Choose %s", row.name);
    }

    callLabel(row) {
        return _t("Plan a call with %s", row.name);
    }

    toggle(row) {
        this.state.chosen[row.partner_id] = !this.state.chosen[row.partner_id];
    }

    toggleAll() {
        const chosen = !this.areAllChosen;
        this.state.chosen = Object.fromEntries(this.props.rows.map((row) => [row.partner_id, chosen]));
    }

    money(value) {
        return isFigure(value) ? formatFigure(value, "money", this.props.currencyId) : "–";
    }

    days(value) {
        return isFigure(value) ? _t("%s days ago", formatFigure(value, "count")) : "–";
    }
}
