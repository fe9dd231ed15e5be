import { Component, onMounted, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { router } from "@web/core/browser/router";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { KeepLast } from "@web/core/utils/concurrency";
import { url } from "@web/core/utils/urls";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { choicesFromUrl, choicesToUrl, noChoices, sameFigures, serverFilters } from "./filters/choices";
import { FilterBar } from "./filters/filter_bar";
import { BarTable } from "./parts/bar_table";
import { Clubs } from "./parts/clubs";
import { Cohorts } from "./parts/cohorts";
import { Head } from "./parts/head";
import { Migration } from "./parts/migration";
import { Quality } from "./parts/quality";
import { RfmGrid } from "./parts/rfm_grid";
import { RiskList } from "./parts/risk_list";
import { Satisfaction } from "./parts/satisfaction";
import { Section } from "./parts/section";
import { Tile } from "./parts/tile";
import { Value } from "./parts/value";

const MODEL = "retention.dashboard";
/** What this tab keeps: the words of the dashboard's URL, while the reader looks at what a figure opened. */
const KEPT = "crm_analytics.retention.words";

/**
 * How many customers come back, who they are, and what they are worth.
 *
 * One call (`retention.dashboard.load`) brings all that is shown; each figure opens its records by another
 * (`open_records`). What the reader chose stands in the URL.
 */
export class RetentionDashboard extends Component {
    static template = "crm_analytics.RetentionDashboard";
    static path = "retention";
    static displayName = _t("Retention");
    static components = {
        Layout,
        FilterBar,
        Head,
        Section,
        Tile,
        BarTable,
        Cohorts,
        RfmGrid,
        Migration,
        Value,
        RiskList,
        Satisfaction,
        Clubs,
        Quality,
    };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        // The figures asked for last, whichever answer comes last.
        this.keepLast = new KeepLast();
        this.state = useState({
            choices: this.props.state?.choices || choicesFromUrl(this.ownWords),
            data: null,
            loading: true,
            problem: "",
            refreshing: false,
        });
        // Comes with the entry of the browser's history that is made when the dashboard is there.
        this.tellUrl();
        useSetupAction({ getLocalState: () => ({ choices: { ...this.state.choices } }) });
        onWillStart(async () => {
            this.mayMail = await user.hasGroup("mass_mailing.group_mass_mailing_user");
        });
        onMounted(() => this.load());
        onWillUnmount(() => {
            this.isGone = true;
        });
    }

    /**
     * The words of the URL, where it is that of this page: opened from a menu it is still the former page's. Come back to
     * from a list that was reloaded, this page has neither its URL nor its state any more, but what this tab kept.
     */
    get ownWords() {
        const { id, path, xml_id, tag, params } = this.props.action;
        const { action } = router.current;
        if (action && [id, path, xml_id, tag].includes(action)) {
            return router.current;
        }
        const isComeBackTo = params?.actionStack;
        return isComeBackTo ? JSON.parse(browser.sessionStorage.getItem(KEPT) || "{}") : {};
    }

    tellUrl() {
        const words = choicesToUrl(this.state.choices);
        browser.sessionStorage.setItem(KEPT, JSON.stringify(words));
        this.props.updateActionState?.(words);
    }

    /** Load what the present choices ask for; until it is there the old figures stay, dimmed. */
    async load() {
        this.state.loading = true;
        const asked = this.orm.silent.call(MODEL, "load", [serverFilters(this.state.choices)]);
        try {
            this.state.data = await this.keepLast.add(asked);
            this.state.problem = "";
        } catch (error) {
            this.state.problem = this.problemText(error);
        } finally {
            this.state.loading = false;
        }
    }

    /** What is said of a failure: the server's own sentence, where it has one. Ours alone are no failures to be said. */
    problemText(error) {
        if (error instanceof ConnectionLostError) {
            return _t("The server cannot be reached.");
        }
        if (error instanceof RPCError) {
            return error.data?.message || error.message;
        }
        throw error;
    }

    onChange(choices) {
        const before = { ...this.state.choices };
        Object.assign(this.state.choices, choices);
        this.tellUrl();
        if (this.state.problem || !sameFigures(before, this.state.choices)) {
            this.load();
        }
    }

    onClear() {
        this.onChange(noChoices());
    }

    /** Open what a figure counts: with the filters of the figures shown, which a change may have overtaken. */
    async open(kind, args) {
        const action = await this.orm.call(MODEL, "open_records", [kind, args, this.state.data.filters]);
        await this.action.doAction(action);
    }

    openCustomer(partnerId) {
        return this.action.doAction("crm_contact_history.action_front_desk", { props: { resId: partnerId } });
    }

    /**
     * Do something for many customers at risk.
     *
     * @param {"action_plan_calls" | "action_send_offer"} method of `customer.metric`
     * @param {number[]} ids of their figures
     */
    async actOnRisk(method, ids) {
        await this.action.doAction(await this.orm.call("customer.metric", method, [ids]));
    }

    /** Have changed purchases counted, call by call, until none is left. */
    async onRefresh() {
        this.state.refreshing = true;
        try {
            let left = Infinity;
            while (!this.isGone) {
                const { as_of, queued } = await this.orm.call(
                    "customer.purchase.month",
                    "refresh_figures",
                    []
                );
                Object.assign(this.state.data, { as_of, queued });
                if (!queued || queued >= left) {
                    break;
                }
                left = queued;
            }
            if (!this.isGone) {
                await this.load();
            }
        } finally {
            this.state.refreshing = false;
        }
    }

    // -- what is shown ---------------------------------------------------------------------------------------------------

    get previousLabel() {
        return this.state.data.previous?.label || "";
    }

    /** When the estimates were made: they stand until the next fit. */
    get fittedOn() {
        return this.state.data.value?.model?.fitted_on || undefined;
    }

    get segments() {
        return this.state.data.choices?.segments || [];
    }

    get headings() {
        return { lifecycle: _t("Stage"), segment: _t("Segment") };
    }

    get definitions() {
        return {
            lifecycle: _t(
                "Where customers are on their way with us today, and what those of each stage bought for in the period. The change is that since the end of the period compared with."
            ),
            segments: _t(
                "Customers by how recently, how often and for how much they buy, in eleven groups with names: who they are today, and what they bought for in the period."
            ),
        };
    }

    /** What to do next where there is nothing to show: title and sentence. */
    get emptyTexts() {
        const { empty, queued, building } = this.state.data;
        if (empty === "no_match") {
            return [
                _t("Nobody bought anything here"),
                _t("No purchase matches the filters. Choose a longer period, or take filters away."),
            ];
        }
        if (typeof building === "number") {
            return [_t("The figures are being made"), _t("Come back in a few minutes.")];
        }
        if (queued) {
            return [_t("Purchases wait to be counted"), _t("Press Refresh, or come back in a few minutes.")];
        }
        return [
            _t("No purchases yet"),
            _t(
                "Confirm a sales order: within a few minutes its customer appears here, the first of a cohort."
            ),
        ];
    }

    get exportUrl() {
        return url("/crm_analytics/retention.xlsx", {
            filters: JSON.stringify(this.state.data.filters),
        });
    }

    print() {
        window.print();
    }
}

registry.category("actions").add("crm_analytics.retention_dashboard", RetentionDashboard);
