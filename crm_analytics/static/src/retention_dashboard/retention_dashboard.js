import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { getCurrency } from "@web/core/currency";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { CohortTable } from "./cohort_table";
import { monthName } from "./month_name";

const PERIODS = [12, 24, 36, 60];
const OWN_PERIOD = "own";
const { DateTime } = luxon;

/** Retention by cohort: which share of the customers won in a month came back in each later month. */
export class RetentionDashboard extends Component {
    static template = "crm_analytics.RetentionDashboard";
    static components = { Layout, CohortTable };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.ownPeriod = OWN_PERIOD;
        this.state = useState({
            shown: "retention",
            period: 24,
            from: "",
            to: "",
            data: null,
            problem: "",
            loading: false,
            refreshing: false,
            ...this.props.state,
        });
        useSetupAction({ getLocalState: () => this.choices });
        onWillStart(() => this.load());
    }

    /** What the reader chose: kept when he comes back from the customers of a cell. */
    get choices() {
        const { shown, period, from, to } = this.state;
        return { shown, period, from, to };
    }

    get periods() {
        return PERIODS.map((months) => ({ value: months, label: _t("Last %s months", months) }));
    }

    get shownChoices() {
        return [
            { value: "retention", label: _t("Retention %") },
            { value: "customers", label: _t("Customers") },
            { value: "amount", label: _t("Revenue") },
        ];
    }

    get periodText() {
        const { date_from, date_to } = this.state.data.period;
        return `${monthName(date_from, "long")} – ${monthName(date_to, "long")}`;
    }

    get headText() {
        const { companies, currency_id } = this.state.data;
        return [this.periodText, companies.join(", "), getCurrency(currency_id)?.name].join(" · ");
    }

    get definition() {
        return _t(
            "A cohort is all customers whose first purchase was in the same month. Retention is the share of them who bought in a later month."
        );
    }

    /** As of when the figures hold: until the oldest change that is not counted yet. */
    get freshnessText() {
        const { as_of, queued } = this.state.data.freshness;
        const time = formatDateTime(deserializeDateTime(as_of));
        return queued
            ? _t("As of %(time)s. Changes that wait to be counted: %(number)s", { time, number: queued })
            : _t("All purchases counted, %s", time);
    }

    get notes() {
        const { cohorts, companies, converted, currency_id } = this.state.data;
        const notes = [_t("Columns: months since the first purchase. Select a cell to see its customers.")];
        if (cohorts.some((cohort) => cohort.cells.some((cell) => cell.running))) {
            notes.push(_t("* This month is still running; it is left out of the last row."));
        }
        if (this.state.shown === "amount") {
            notes.push(_t("Revenue is without taxes, in %s.", getCurrency(currency_id)?.name));
        }
        if (this.state.shown === "amount" && converted) {
            notes.push(_t("Other currencies are converted at today's rate."));
        }
        if (companies.length > 1) {
            notes.push(_t("With several companies, a customer's first purchase is that from each of them."));
        }
        return notes;
    }

    /** What to do next where there is nothing to show: title and sentence. */
    get emptyTexts() {
        const { period, freshness } = this.state.data;
        if (period.date_to) {
            return [_t("Nobody first bought in this period"), _t("Choose another period above.")];
        }
        if (freshness.queued) {
            return [_t("Purchases wait to be counted"), _t("Press Refresh, or come back in a few minutes.")];
        }
        return [
            _t("No purchases yet"),
            _t(
                "Confirm a sales order: within a few minutes its customer appears here, the first of a cohort."
            ),
        ];
    }

    async load() {
        const own = this.state.period === OWN_PERIOD;
        if (own && !(this.state.from && this.state.to)) {
            return;
        }
        this.state.loading = true;
        this.state.problem = "";
        try {
            this.state.data = await this.orm.call("customer.purchase.month", "retention_dashboard", [], {
                metric: this.state.shown === "amount" ? "revenue" : "customers",
                ...(own
                    ? { date_from: `${this.state.from}-01`, date_to: `${this.state.to}-01` }
                    : { months: this.state.period }),
            });
        } catch (error) {
            if (!own || !(error instanceof RPCError) || error.exceptionName !== "odoo.exceptions.UserError") {
                throw error;
            }
            // Said beside the period and not in a dialog: of two months one is always changed first.
            this.state.problem = error.data.message;
        } finally {
            this.state.loading = false;
        }
    }

    async onShownChange(value) {
        const load = value === "amount" && this.state.shown !== "amount";
        if (load) {
            this.state.shown = value;
            await this.load();
        }
        this.state.shown = value;
    }

    async onPeriodChange(ev) {
        const value = ev.target.value;
        if (value === OWN_PERIOD) {
            this.state.from = this.state.data.period.date_from
                ? this.state.data.period.date_from.slice(0, 7)
                : "";
            this.state.to = this.state.data.period.date_to ? this.state.data.period.date_to.slice(0, 7) : "";
            this.state.period = OWN_PERIOD;
        } else {
            this.state.period = Number(value);
            await this.load();
        }
    }

    async onMonthChange(which, ev) {
        this.state[which] = ev.target.value;
        this.keepPeriodInBounds(which);
        await this.load();
    }

    /** Move the other end along, where the month just chosen lies behind it or too far away from it. */
    keepPeriodInBounds(chosen) {
        const { from, to } = this.state;
        if (!from || !to) {
            return;
        }
        const longest = Math.max(...PERIODS) - 1;
        const month = (text, shift) =>
            DateTime.fromISO(`${text}-01`).plus({ months: shift }).toFormat("yyyy-MM");
        if (chosen === "from") {
            const latest = month(from, longest);
            this.state.to = to < from ? from : to > latest ? latest : to;
        } else {
            const earliest = month(to, -longest);
            this.state.from = from > to ? to : from < earliest ? earliest : from;
        }
    }

    /** Have changed purchases counted, call by call, until none is left. */
    async onRefresh() {
        this.state.refreshing = true;
        try {
            let left = Infinity;
            for (;;) {
                const freshness = await this.orm.call("customer.purchase.month", "refresh_figures", []);
                this.state.data.freshness = freshness;
                if (!freshness.queued || freshness.queued >= left) {
                    break;
                }
                left = freshness.queued;
            }
            await this.load();
        } finally {
            this.state.refreshing = false;
        }
    }

    async onOpenCell(cohortMonth, month) {
        const action = await this.orm.call("customer.purchase.month", "action_open_cell", [
            cohortMonth,
            month,
        ]);
        await this.action.doAction(action);
    }
}

registry.category("actions").add("crm_analytics.retention_dashboard", RetentionDashboard);
