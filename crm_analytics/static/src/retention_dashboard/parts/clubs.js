import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { formatFigure } from "../figures";
import { Section } from "./section";

/** Members of the clubs beside all others. */
export class Clubs extends Component {
    static template = "crm_analytics.RetentionClubs";
    static components = { Section };
    static props = { clubs: Array, currencyId: Number, open: Function };

    get definition() {
        return _t(
            "Customers with a running membership of any club beside those without. Who buys often is likelier to join: a difference is not all the club's doing."
        );
    }

    /** What is compared, and what it opens: a row each, a column per group. */
    get measures() {
        return [
            { key: "customers", label: _t("Customers"), unit: "count", opens: "customers" },
            { key: "revenue", label: _t("Revenue"), unit: "money", opens: "revenue" },
            {
                key: "orders_per_customer",
                label: _t("Orders per customer"),
                unit: "score",
                opens: "revenue",
            },
            { key: "average_order", label: _t("Average order"), unit: "money", opens: "revenue" },
            {
                key: "retention_rate",
                label: _t("Retention rate"),
                unit: "percent",
                opens: "retention_rate",
            },
        ];
    }

    format(club, measure) {
        return formatFigure(club[measure.key], measure.unit, this.props.currencyId);
    }
}
