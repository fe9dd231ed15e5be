import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

import { formatFigure, isFigure } from "../figures";
import { Section } from "./section";

/** Customers at risk of leaving, why, and what to do: open one, plan calls with many. */
export class RiskList extends Component {
    static template = "crm_analytics.RetentionRiskList";
    static components = { Section };
    static props = {
        // Those shown; how many there are.
        rows: Array,
        all: Number,
        currencyId: Number,
        open: Function,
        openCustomer: Function,
        act: Function,
        mayMail: Boolean,
    };

    setup() {
        // On a phone a card each, instead of a row that is wider than the screen.
        this.ui = useService("ui");
        this.state = useState({ chosen: {} });
    }

    get definition() {
        return _t(
            "Customers at medium or high risk of leaving, worth most first; who has left already is lost, and not among them. It is the list “Customers at Risk”, as far as the filters go. Each has his reasons: how long he has been away, beside how often he usually buys, complaints that are open, and his chance to buy again."
        );
    }

    /** Who is chosen, of those shown: after a change of the filters some may be gone. */
    get chosen() {
        return this.props.rows.map((row) => row.id).filter((id) => this.state.chosen[id]);
    }

    get areAllChosen() {
        return this.chosen.length === this.props.rows.length;
    }

    get allLabel() {
        return _t("All %s of them", formatFigure(this.props.all, "count"));
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
        this.state.chosen[row.id] = !this.state.chosen[row.id];
    }

    toggleAll() {
        const chosen = !this.areAllChosen;
        this.state.chosen = Object.fromEntries(this.props.rows.map((row) => [row.id, chosen]));
    }

    money(value) {
        return isFigure(value) ? formatFigure(value, "money", this.props.currencyId) : "–";
    }

    days(value) {
        if (!isFigure(value)) {
            return "–";
        }
        return value ? _t("%s days ago", formatFigure(value, "count")) : _t("today");
    }
}
