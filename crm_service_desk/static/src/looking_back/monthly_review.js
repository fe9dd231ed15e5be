import { Component, markup, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const { DateTime } = luxon;

/** The monthly review on the screen: the page that is printed, where each figure opens its records. */
export class MonthlyReview extends Component {
    static template = "crm_service_desk.MonthlyReview";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        // Who goes on before a month is there sees the one asked for last, whichever answer comes last.
        this.keepLast = new KeepLast();
        this.state = useState({ month: "", team: 0, page: null, drills: {}, teams: [], ...this.props.state });
        useSetupAction({
            getLocalState: () => ({ month: this.state.month, team: this.state.team }),
        });
        onWillStart(() => this.load());
    }

    get choices() {
        return { month: this.state.month || false, team_id: this.state.team || false };
    }

    /** The month as the browser's field for months has it. */
    get monthValue() {
        return this.state.month.slice(0, 7);
    }

    async load() {
        const { html, month, drills, teams } = await this.keepLast.add(
            this.orm.call("service.review", "monthly_review", [], this.choices)
        );
        // The server's own template, which escapes what people wrote.
        Object.assign(this.state, { page: markup(html), month, drills, teams });
    }

    step(months) {
        this.state.month = DateTime.fromISO(this.state.month).plus({ months }).toISODate();
        return this.load();
    }

    onMonthChange(ev) {
        // While a year is typed, the browser's field tells the years 2, 20 and 202, too.
        if (/^(19|20|21)\d\d-/.test(ev.target.value)) {
            this.state.month = `${ev.target.value}-01`;
            this.load();
        }
    }

    onTeamChange(ev) {
        this.state.team = Number(ev.target.value);
        this.load();
    }

    async print() {
        this.action.doAction(await this.orm.call("service.review", "print_review", [], this.choices));
    }

    onPageClick(ev) {
        const drill = this.state.drills[ev.target.closest("[data-drill]")?.dataset.drill];
        if (!drill) {
            return;
        }
        ev.preventDefault();
        this.action.doAction({
            type: "ir.actions.act_window",
            name: drill.name,
            res_model: drill.model,
            views: [
                [false, "list"],
                [false, "form"],
            ].slice(0, drill.model === "service.action" ? 2 : 1),
            domain: drill.domain,
        });
    }
}

registry.category("actions").add("crm_service_desk.monthly_review", MonthlyReview);
