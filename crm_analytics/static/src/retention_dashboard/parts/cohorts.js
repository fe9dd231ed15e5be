import { Component } from "@odoo/owl";
import { getCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";

import { formatShare } from "../figures";
import { periodName } from "../month_name";
import { lineStyle } from "../palette";
import { Chart } from "./chart";
import { CohortTable } from "./cohort_table";
import { Section } from "./section";

/** More lines than that nobody tells apart: the newest cohorts are drawn, all stand in the table. */
const MOST_LINES = 6;

/** Who comes back: the triangle of cohorts, and its rows as curves. */
export class Cohorts extends Component {
    static template = "crm_analytics.RetentionCohorts";
    static components = { Section, Chart, CohortTable };
    static props = {
        data: Object,
        // What the reader asked for, which may be ahead of what is shown.
        show: String,
        kind: String,
        onChange: Function,
        open: Function,
    };

    get filters() {
        return this.props.data.filters;
    }

    /** What can be shown already: revenue only once it is there. */
    get shown() {
        const { show } = this.props;
        return show === "revenue" && this.filters.cohort_metric !== "revenue" ? "retention" : show;
    }

    get shownChoices() {
        return [
            { value: "retention", label: _t("Retention %") },
            { value: "customers", label: _t("Customers") },
            { value: "revenue", label: _t("Revenue") },
        ];
    }

    get kinds() {
        return [
            {
                value: "exact",
                label: _t("In the month"),
                title: _t("Who bought in that month, quarter or year"),
            },
            {
                value: "unbounded",
                label: _t("Or later"),
                title: _t("Who bought in that month, quarter or year, or in any later one"),
            },
        ];
    }

    get definition() {
        return [
            _t(
                "A cohort is all customers whose first purchase was in the same month, quarter or year. Retention is the share of them who bought in a later one."
            ),
            _t(
                "“Or later” counts who bought then or at any time after, so that a customer who skips a month is not lost: it never rises from left to right."
            ),
        ].join(" ");
    }

    get notes() {
        const { cohorts, companies, currency_id } = this.props.data;
        const notes = [_t("Columns: time since the first purchase. Select a cell to see its customers.")];
        if (cohorts.some((cohort) => cohort.cells.some((cell) => cell.incomplete ?? cell.running))) {
            notes.push(
                _t("* Hatched: still running, so it may yet grow. It is left out of the row “All cohorts”.")
            );
        }
        if (this.shown === "revenue") {
            notes.push(_t("Revenue is without taxes, in %s.", getCurrency(currency_id)?.name));
        }
        if (companies?.length > 1) {
            notes.push(
                _t("With several companies, a customer's first purchase is the first from any of them.")
            );
        }
        return notes;
    }

    /** Whether there is a curve to draw: a point alone is none. */
    get hasCurves() {
        return this.curves.length > 0;
    }

    /** Complete cells only: half a month would look like a fall. */
    get curves() {
        const complete = (cells) => cells.filter((cell) => !(cell.incomplete ?? cell.running));
        const { cohorts, all_cohorts } = this.props.data;
        const lines = cohorts
            .map((cohort) => ({
                label: periodName(cohort.month, this.filters.grain),
                cells: complete(cohort.cells),
            }))
            .filter((line) => line.cells.length > 1);
        if (cohorts.length > 1 && all_cohorts?.length > 1) {
            lines.push({ label: _t("All cohorts"), cells: all_cohorts, isAll: true });
        }
        return lines;
    }

    get drawnText() {
        return this.curves.length - 1 > MOST_LINES
            ? _t("Drawn: the newest %s cohorts and all together. The table has the others.", MOST_LINES)
            : "";
    }

    share(cell) {
        return cell ? formatShare(cell.retention) : "";
    }

    get ages() {
        const longest = Math.max(0, ...this.curves.map((line) => line.cells.length));
        return Array.from({ length: longest }, (_, age) => age);
    }

    /** @returns {Object} configuration of the curves for Chart.js */
    configure(_data, { ink, lines }) {
        const curves = this.curves;
        const single = curves.filter((line) => !line.isAll).slice(-MOST_LINES);
        const all = curves.filter((line) => line.isAll);
        // From the first month after: the month in which all first bought would press the others flat.
        const points = (line) =>
            line.cells.slice(1).map((cell) => ({ x: cell.age, y: 100 * cell.retention }));
        const datasets = [
            ...single.map((line, index) => ({
                label: line.label,
                data: points(line),
                ...lineStyle(index, single.length),
            })),
            ...all.map((line) => ({
                label: line.label,
                data: points(line),
                borderColor: ink,
                backgroundColor: ink,
                borderWidth: 4,
                pointRadius: 2,
            })),
        ];
        const percent = (value) => formatShare(value / 100, Number.isInteger(value) ? 0 : 1);
        return {
            type: "line",
            data: { datasets },
            options: {
                interaction: { mode: "nearest", intersect: false },
                plugins: {
                    legend: { labels: { color: ink, usePointStyle: true } },
                    tooltip: {
                        callbacks: {
                            title: ([item]) => _t("%s after the first purchase", item.parsed.x),
                            label: (item) => `${item.dataset.label}: ${formatShare(item.parsed.y / 100)}`,
                        },
                    },
                },
                scales: {
                    x: {
                        type: "linear",
                        min: 1,
                        max: Math.max(2, ...curves.map((line) => line.cells.length - 1)),
                        ticks: { color: ink, precision: 0 },
                        grid: { display: false },
                        title: { display: true, color: ink, text: this.axisText },
                    },
                    y: {
                        beginAtZero: true,
                        ticks: { color: ink, callback: percent },
                        grid: { color: lines },
                    },
                },
            },
        };
    }

    get axisText() {
        switch (this.filters.grain) {
            case "quarter":
                return _t("Quarters since the first purchase");
            case "year":
                return _t("Years since the first purchase");
            default:
                return _t("Months since the first purchase");
        }
    }
}
