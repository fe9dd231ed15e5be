import { Component } from "@odoo/owl";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";

import { formatFigure, formatShare, isFigure } from "../figures";
import { BLUE, ORANGE } from "../palette";
import { Chart } from "./chart";

/** How sure the estimates are: what the model foretold for months it had not seen, beside what happened. */
export class ModelBox extends Component {
    static template = "crm_analytics.RetentionModelBox";
    static components = { Chart };
    static props = { model: Object, open: Function };

    get holdout() {
        return this.props.model.holdout;
    }

    get deciles() {
        return this.holdout?.deciles || [];
    }

    get isUnsure() {
        return this.props.model.state !== "fitted";
    }

    /** What the server says; or what the state means, where it says nothing. */
    get message() {
        const { message, state } = this.props.model;
        if (message) {
            return message;
        }
        switch (state) {
            case "too_little":
                return _t("There are too few purchases for an estimate yet.");
            case "failed":
                return _t("The last fit failed; the estimates are those of the fit before.");
            case "none":
                return _t("No model is fitted yet: the scheduled action does that.");
            default:
                return "";
        }
    }

    get about() {
        const { name, customers, fitted_on, horizon_months, discount } = this.props.model;
        const parts = [];
        if (!fitted_on) {
            return "";
        }
        if (name) {
            parts.push(name);
        }
        parts.push(_t("fitted on %s", formatDate(deserializeDateTime(fitted_on))));
        if (isFigure(customers)) {
            parts.push(_t("%s customers", formatFigure(customers, "count")));
        }
        if (isFigure(horizon_months)) {
            parts.push(_t("looks %s months ahead", horizon_months));
        }
        if (isFigure(discount)) {
            parts.push(_t("discounted at %s a year", formatShare(discount)));
        }
        return parts.join(" · ");
    }

    number(value, decimals = 0) {
        return isFigure(value) ? formatFloat(value, { digits: [16, decimals] }) : "–";
    }

    /** How far a total is off, with its sign. */
    off(total) {
        const { actual } = this.holdout;
        if (!actual || !isFigure(total)) {
            return "–";
        }
        const share = (total - actual) / actual;
        return `${share < 0 ? "−" : "+"}${formatShare(Math.abs(share))}`;
    }

    get verdict() {
        const { mae, naive_mae } = this.holdout;
        if (!isFigure(mae) || !isFigure(naive_mae) || !naive_mae) {
            return "";
        }
        const share = formatShare(Math.abs(1 - mae / naive_mae), 0);
        return mae < naive_mae
            ? _t("Customer by customer, the model errs %s less than the naive rate.", share)
            : _t(
                  "Customer by customer, the model errs %s more than the naive rate: trust the order of the customers, not the amounts.",
                  share
              );
    }

    /** @returns {Object} configuration of the deciles for Chart.js */
    configure({ deciles }, { ink, lines }) {
        const bars = (label, key, color) => ({
            label,
            data: deciles.map((row) => row[key]),
            backgroundColor: color,
        });
        return {
            type: "bar",
            data: {
                labels: deciles.map((row) => row.decile),
                datasets: [bars(_t("Happened"), "actual", BLUE), bars(_t("Foretold"), "predicted", ORANGE)],
            },
            options: {
                plugins: { legend: { labels: { color: ink } } },
                scales: {
                    x: {
                        ticks: { color: ink },
                        grid: { display: false },
                        title: {
                            display: true,
                            color: ink,
                            text: _t("Tenth of the customers, by what was foretold"),
                        },
                    },
                    y: {
                        beginAtZero: true,
                        ticks: { color: ink, callback: (value) => this.number(value, 2) },
                        grid: { color: lines },
                        title: { display: true, color: ink, text: _t("Purchases per customer") },
                    },
                },
            },
        };
    }
}
