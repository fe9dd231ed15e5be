import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { formatFigure, formatShare, isFigure } from "../figures";
import { Section } from "./section";

/** What customers say, beside whether they stay. */
export class Satisfaction extends Component {
    static template = "crm_analytics.RetentionSatisfaction";
    static components = { Section };
    static props = { satisfaction: Object, open: Function };

    get definition() {
        return _t(
            "Satisfaction (CSAT) is the share of answers with 4 or 5 of 5; effort (CES) is how easy it was, as customers say. Complaints are those received in the period. Who bought again is set beside who was lost, by what they said in this period and the one before: a difference hints at a reason, it does not prove one."
        );
    }

    get groups() {
        return this.props.satisfaction.groups || [];
    }

    share(value) {
        return isFigure(value) ? formatShare(value, 0) : "–";
    }

    score(value) {
        return formatFigure(value, "score");
    }

    count(value) {
        return formatFigure(value, "count");
    }

    /** What is told of a group of customers, and what it opens: a column each. */
    measures(group) {
        return [
            { label: _t("Satisfied"), value: this.share(group.csat), opens: "csat" },
            { label: _t("Answers"), value: this.count(group.csat_n), opens: "csat" },
            {
                label: _t("Complaints for 100 customers"),
                value: this.score(group.complaints_per_100),
                opens: "complaints",
            },
        ];
    }

    /** The figures of all customers: [key, label, value, note]. */
    get figures() {
        const { csat, csat_n, csat_low, csat_high, ces, ces_n, complaints, complaints_per_100_customers } =
            this.props.satisfaction;
        const answers = (number) => _t("%s answers", this.count(number || 0));
        const interval =
            isFigure(csat_low) && isFigure(csat_high)
                ? _t("probably between %(low)s and %(high)s", {
                      low: this.share(csat_low),
                      high: this.share(csat_high),
                  })
                : "";
        return [
            {
                key: "csat",
                label: _t("Satisfied (CSAT)"),
                value: this.share(csat),
                note: [answers(csat_n), interval].filter(Boolean).join(", "),
                known: isFigure(csat),
            },
            {
                key: "ces",
                label: _t("Effort (CES)"),
                value: this.score(ces),
                note: answers(ces_n),
                known: isFigure(ces),
            },
            {
                key: "complaints",
                label: _t("Complaints"),
                value: this.count(complaints),
                note: isFigure(complaints_per_100_customers)
                    ? _t("%s for 100 customers", this.score(complaints_per_100_customers))
                    : "",
                known: isFigure(complaints),
            },
        ];
    }
}
