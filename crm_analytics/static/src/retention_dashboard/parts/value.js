import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { formatFigure, formatMoney, formatShare, isFigure } from "../figures";
import { BLUE } from "../palette";
import { Chart } from "./chart";
import { ModelBox } from "./model_box";
import { Section } from "./section";

/** What customers are expected to be worth: how it is spread, who is worth most, and how sure that is. */
export class Value extends Component {
    static template = "crm_analytics.RetentionValue";
    static components = { Section, Chart, ModelBox };
    static props = { value: Object, currencyId: Number, open: Function, openCustomer: Function };

    get definition() {
        return _t(
            "Lifetime value is what a customer is expected to buy for from today within the horizon of the model, discounted to today. It is an estimate from when and for how much he bought until now."
        );
    }

    get histogram() {
        return this.props.value.histogram || [];
    }

    get top() {
        return this.props.value.top || [];
    }

    money(value) {
        return formatFigure(value, "money", this.props.currencyId);
    }

    count(value) {
        return formatFigure(value, "count");
    }

    share(value) {
        return isFigure(value) ? formatShare(value, 0) : "–";
    }

    range({ low, high }) {
        if (!isFigure(low)) {
            return _t("below %s", this.money(high));
        }
        return isFigure(high)
            ? _t("%(low)s to %(high)s", { low: this.money(low), high: this.money(high) })
            : _t("%s and more", this.money(low));
    }

    interval(customer) {
        return isFigure(customer.low) && isFigure(customer.high)
            ? `${this.money(customer.low)} – ${this.money(customer.high)}`
            : "–";
    }

    openRange({ low, high }) {
        this.props.open("value", { low, high });
    }

    /** @returns {Object} configuration of the histogram for Chart.js */
    configure({ histogram }, { ink, lines }) {
        const short = (value) =>
            formatMoney(value, this.props.currencyId, {
                humanReadable: true,
                noSymbol: true,
                digits: [16, 0],
            });
        return {
            type: "bar",
            data: {
                labels: histogram.map((bar) => (isFigure(bar.low) ? short(bar.low) : `< ${short(bar.high)}`)),
                datasets: [
                    {
                        label: _t("Customers"),
                        data: histogram.map((bar) => bar.customers),
                        backgroundColor: BLUE,
                        categoryPercentage: 1,
                        barPercentage: 0.95,
                    },
                ],
            },
            options: {
                onClick: (_ev, elements) => elements.length && this.openRange(histogram[elements[0].index]),
                plugins: {
                    legend: { display: false },
                    tooltip: {
                        callbacks: { title: ([item]) => this.range(histogram[item.dataIndex]) },
                    },
                },
                scales: {
                    x: {
                        ticks: { color: ink },
                        grid: { display: false },
                        title: { display: true, color: ink, text: _t("Lifetime value, from …") },
                    },
                    y: {
                        beginAtZero: true,
                        ticks: { color: ink, precision: 0, callback: (value) => this.count(value) },
                        grid: { color: lines },
                        title: { display: true, color: ink, text: _t("Customers") },
                    },
                },
            },
        };
    }
}
