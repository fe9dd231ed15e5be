import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { PeriodFigures } from "./period_figures";

/** The ends of the scale of each figure. */
const SCALES = { csat: [0, 1], csat_handling: [0, 1], ces: [1, 7] };

/** CSAT and CES side by side, each with its number of answers and its interval. */
export class Satisfaction extends PeriodFigures {
    static template = "crm_service_desk.Satisfaction";
    static source = ["service.feedback", "satisfaction"];
    static choices = { by: "month", type: "" };

    get parameters() {
        const { by, type } = this.state;
        return { ...super.parameters, by, ticket_type: type || false };
    }

    get groups() {
        return [
            ["month", _t("Month")],
            ["team", _t("Team")],
            ["category", _t("Category")],
            ["agent", _t("Agent")],
        ];
    }

    get questions() {
        return [
            ["csat", _t("Satisfied with the answer (CSAT)")],
            ["csat_handling", _t("Satisfied with the handling")],
            ["ces", _t("How easy it was (CES, 1 to 7)")],
        ];
    }

    get rows() {
        return [...this.state.data.rows, { ...this.state.data.total, isTotal: true }];
    }

    get headText() {
        const { total, asked } = this.state.data;
        return _t(
            "%(number)s answers from %(from)s to %(to)s, by the day of the answer; %(asked)s surveys were sent in this time",
            {
                number: formatInteger(total.number),
                asked: formatInteger(asked),
                ...this.periodText,
            }
        );
    }

    figure(row, question) {
        const one = row[question];
        if (!one.number) {
            return "–";
        }
        return question === "ces" ? formatFloat(one.mean, { digits: [16, 1] }) : this.percent(one.share);
    }

    percent(share) {
        return `${formatInteger(Math.round(100 * share))}\u00a0%`;
    }

    interval(row, question) {
        const one = row[question];
        if (one.low === null) {
            return "";
        }
        const [low, high] =
            question === "ces"
                ? [one.low, one.high].map((value) => formatFloat(value, { digits: [16, 1] }))
                : [formatInteger(Math.round(100 * one.low)), this.percent(one.high)];
        return _t("%(low)s to %(high)s", { low, high });
    }

    /** Where on its scale a figure and its interval lie, in per cent of the scale. */
    place(row, question) {
        const one = row[question];
        const [least, most] = SCALES[question];
        const at = (value) => (100 * (value - least)) / (most - least);
        const middle = at(question === "ces" ? one.mean : one.share);
        const low = one.low === null ? middle : at(one.low);
        const high = one.high === null ? middle : at(one.high);
        return { line: `left: ${low}%; width: ${high - low}%`, dot: `left: ${middle}%` };
    }

    open(row, question) {
        const domain = question ? [...row.domain, [question, ">", 0]] : row.domain;
        this.openRecords(row.label, "service.feedback", ["list", "form", "pivot"], domain);
    }
}

registry.category("actions").add("crm_service_desk.satisfaction", Satisfaction);
