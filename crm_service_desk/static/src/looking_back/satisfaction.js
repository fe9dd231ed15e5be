import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** The ends of the scale of each figure. */
const SCALES = { csat: [0, 1], csat_handling: [0, 1], ces: [1, 7] };

/** CSAT and CES side by side, each with its number of answers and its interval. */
export class Satisfaction extends Component {
    static template = "crm_service_desk.Satisfaction";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        // The figures asked for last, whichever answer comes last.
        this.keepLast = new KeepLast();
        this.state = useState({
            by: "month",
            from: "",
            to: "",
            team: 0,
            type: "",
            data: null,
            ...this.props.state,
        });
        useSetupAction({ getLocalState: () => this.choices });
        onWillStart(() => this.load());
    }

    get choices() {
        const { by, from, to, team, type } = this.state;
        return { by, from, to, team, type };
    }

    get groups() {
        return [
            ["month", _t("Month")],
            ["team", _t("Team")],
            ["category", _t("Category")],
            ["agent", _t("Agent")],
        ];
    }

    get groupLabel() {
        return this.groups.find((group) => group[0] === this.state.by)[1];
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
                from: formatDate(deserializeDate(this.state.from)),
                to: formatDate(deserializeDate(this.state.to)),
                asked: formatInteger(asked),
            }
        );
    }

    async load() {
        const { by, from, to, team, type } = this.state;
        this.state.data = await this.keepLast.add(
            this.orm.call("service.feedback", "satisfaction", [], {
                by,
                date_from: from || false,
                date_to: to || false,
                team_id: team || false,
                ticket_type: type || false,
            })
        );
        this.state.from = this.state.data.date_from;
        this.state.to = this.state.data.date_to;
    }

    onChange(name, ev) {
        this.state[name] = name === "team" ? Number(ev.target.value) : ev.target.value;
        if (this.state.from && this.state.to && this.state.from <= this.state.to) {
            this.load();
        }
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
        this.action.doAction({
            type: "ir.actions.act_window",
            name: row.label,
            res_model: "service.feedback",
            views: [
                [false, "list"],
                [false, "form"],
                [false, "pivot"],
            ],
            domain,
        });
    }
}

registry.category("actions").add("crm_service_desk.satisfaction", Satisfaction);
