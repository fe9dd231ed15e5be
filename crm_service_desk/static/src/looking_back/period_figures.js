import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * A page of figures of a period and, if wanted, of one team. Whoever opens records from it and comes back finds his choice
 * again. A page says where its figures come from (`source`), what else can be chosen (`choices`) and how that is asked
 * (`parameters`); they are then in `state.data`.
 */
export class PeriodFigures extends Component {
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    /** Model and method that give the figures. */
    static source = ["", ""];
    /** What can be chosen besides period and team: {name: at first}. */
    static choices = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        // The figures asked for last, whichever answer comes last.
        this.keepLast = new KeepLast();
        const atFirst = { ...this.constructor.choices, from: "", to: "", team: 0 };
        this.state = useState({ ...atFirst, data: null, ...this.props.state });
        useSetupAction({
            getLocalState: () =>
                Object.fromEntries(Object.keys(atFirst).map((name) => [name, this.state[name]])),
        });
        onWillStart(() => this.load());
    }

    /** The arguments of the server's method; without a period the server chooses one. */
    get parameters() {
        const { from, to, team } = this.state;
        return { date_from: from || false, date_to: to || false, team_id: team || false };
    }

    async load() {
        const [model, method] = this.constructor.source;
        const data = await this.keepLast.add(this.orm.call(model, method, [], this.parameters));
        Object.assign(this.state, { data, from: data.date_from, to: data.date_to });
    }

    onChange(name, ev) {
        this.state[name] = name === "team" ? Number(ev.target.value) : ev.target.value;
        if (this.state.from && this.state.to && this.state.from <= this.state.to) {
            this.load();
        }
    }

    /** The period as the reader writes dates. */
    get periodText() {
        const [from, to] = [this.state.from, this.state.to].map((day) => formatDate(deserializeDate(day)));
        return { from, to };
    }

    /** The name of a choice. */
    label(choices, value) {
        return choices.find((choice) => choice[0] === value)[1];
    }

    openRecords(name, model, kinds, domain) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: model,
            views: kinds.map((kind) => [false, kind]),
            domain,
        });
    }
}
