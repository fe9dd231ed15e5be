import { onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { getCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat, formatInteger, formatMonetary } from "@web/views/fields/formatters";
import { PeriodFigures } from "./period_figures";

/** Bars beyond this are too thin to read: they stand in the table only. */
const MOST_BARS = 20;

/** The Pareto chart: which few causes make most of the complaints, and what they cost. */
export class ParetoChart extends PeriodFigures {
    static template = "crm_service_desk.ParetoChart";
    static source = ["service.ticket.report", "pareto_chart"];
    static choices = { dimension: "root_cause_id", measure: "tickets" };

    setup() {
        super.setup();
        this.canvas = useRef("canvas");
        this.chart = null;
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.draw(),
            () => [this.state.data, this.canvas.el]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    get parameters() {
        const { dimension, measure } = this.state;
        return { ...super.parameters, dimension, measure };
    }

    get dimensions() {
        return [
            ["root_cause_id", _t("Root cause")],
            ["category_id", _t("Category")],
            ["product_id", _t("Product")],
            ["branch_id", _t("Branch")],
            ["team_id", _t("Team")],
            ["channel", _t("Received by")],
            ["severity", _t("Severity")],
        ];
    }

    get measures() {
        return [
            ["tickets", _t("Number of complaints")],
            ["cost", _t("Cost of remedies")],
        ];
    }

    format(value) {
        return this.state.measure === "cost"
            ? formatMonetary(value, { currencyId: this.state.data.currency_id })
            : formatInteger(value);
    }

    percent(share) {
        return `${formatFloat(100 * share, { digits: [16, 1] })}\u00a0%`;
    }

    get headText() {
        const { number, currency_id } = this.state.data;
        const parts = [
            _t("%(number)s complaints received from %(from)s to %(to)s", {
                number: formatInteger(number),
                ...this.periodText,
            }),
        ];
        if (this.state.measure === "cost") {
            parts.push(_t("remedies carried out, in %s, without tax", getCurrency(currency_id)?.name));
        }
        return parts.join(" · ");
    }

    get vitalText() {
        const vital = this.state.data.bars.filter((bar) => bar.is_vital);
        return _t("%(few)s of %(all)s make %(share)s of it: begin with these.", {
            few: formatInteger(vital.length),
            all: formatInteger(this.state.data.bars.length),
            share: this.percent(vital[vital.length - 1].cumulative),
        });
    }

    open(name, domain) {
        this.openRecords(name, "service.ticket.report", ["list", "pivot", "graph"], domain);
    }

    openBar(bar) {
        this.open(bar.label, bar.domain);
    }

    openUnknown() {
        this.open(_t("Without"), this.state.data.unknown_domain);
    }

    /** Colours are read from the page, so that the chart fits light and dark. */
    draw() {
        this.chart?.destroy();
        this.chart = null;
        if (!this.canvas.el) {
            return;
        }
        const bars = this.state.data.bars.slice(0, MOST_BARS);
        const style = getComputedStyle(this.canvas.el);
        const [ink, lines, strong, weak] = ["--body-color", "--border-color", "--primary", "--secondary"].map(
            (name) => style.getPropertyValue(name).trim() || style.color
        );
        this.chart = new window.Chart(this.canvas.el, {
            data: {
                labels: bars.map((bar) => bar.label),
                datasets: [
                    {
                        type: "line",
                        label: _t("Cumulative"),
                        data: bars.map((bar) => 100 * bar.cumulative),
                        yAxisID: "share",
                        borderColor: ink,
                        backgroundColor: ink,
                        pointRadius: 3,
                    },
                    {
                        type: "bar",
                        label: this.label(this.measures, this.state.measure),
                        data: bars.map((bar) => bar.value),
                        backgroundColor: bars.map((bar) => (bar.is_vital ? strong : weak)),
                        yAxisID: "value",
                    },
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                onClick: (_ev, elements) => elements.length && this.openBar(bars[elements[0].index]),
                plugins: { legend: { labels: { color: ink } } },
                scales: {
                    x: { ticks: { color: ink, autoSkip: false, maxRotation: 60 }, grid: { display: false } },
                    value: {
                        position: "left",
                        beginAtZero: true,
                        ticks: { color: ink, precision: 0 },
                        grid: { color: lines },
                    },
                    share: {
                        position: "right",
                        min: 0,
                        max: 100,
                        ticks: { color: ink, callback: (value) => `${value} %` },
                        grid: { display: false },
                    },
                },
            },
        });
    }
}

registry.category("actions").add("crm_service_desk.pareto", ParetoChart);
