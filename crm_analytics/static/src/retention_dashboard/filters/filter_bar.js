import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { monthName } from "../month_name";
import { ChoiceMenu } from "./choice_menu";
import { countNarrowing, noChoices } from "./choices";
import { inBounds, OWN, presets } from "./periods";

/** What the figures are about: period, grain, comparison, and whose purchases count. */
export class FilterBar extends Component {
    static template = "crm_analytics.FilterBar";
    static components = { ChoiceMenu };
    static props = {
        choices: Object,
        // What there is to choose from, and the period shown: null until the first answer is there.
        options: { type: [Object, { value: null }] },
        period: { type: [Object, { value: null }] },
        onChange: Function,
    };

    setup() {
        // On a phone the bar is folded; months of one's own are asked for before one of them is chosen.
        this.state = useState({ unfolded: false, own: false });
        this.own = OWN;
    }

    get shownTo() {
        return this.props.period?.date_to ? this.props.period.date_to.slice(0, 7) : "";
    }

    get periods() {
        return presets(this.shownTo);
    }

    /** Which of the periods is chosen. */
    get period() {
        const { from, to } = this.props.choices;
        const found = this.periods.find((period) => period.from === from && period.to === to);
        return found && !this.state.own ? found.key : OWN;
    }

    /** The months of one's own period: those chosen, or those shown. */
    get months() {
        const { from, to } = this.props.choices;
        return {
            from: from || (this.props.period?.date_from || "").slice(0, 7),
            to: to || this.shownTo,
        };
    }

    get grains() {
        return [
            ["month", _t("By month")],
            ["quarter", _t("By quarter")],
            ["year", _t("By year")],
        ];
    }

    get comparisons() {
        return [
            ["previous", _t("Compared with the period before")],
            ["year", _t("Compared with a year before")],
            ["none", _t("Compared with nothing")],
        ];
    }

    /** The lists to tick, as far as there is something to choose between. */
    get menus() {
        const options = this.props.options || {};
        const menus = [
            { name: "companies", label: _t("Company"), options: options.companies, least: 2 },
            { name: "teams", label: _t("Sales team"), options: options.teams },
            { name: "tiers", label: _t("Tier"), options: options.grades },
            { name: "segments", label: _t("Segment"), options: options.segments },
            { name: "countries", label: _t("Country"), options: options.countries },
            { name: "categories", label: _t("Product category"), options: options.categories },
        ];
        return menus
            .map((menu) => ({ ...menu, options: menu.options || [], chosen: this.props.choices[menu.name] }))
            .filter((menu) => menu.options.length >= (menu.least || 1) || menu.chosen.length);
    }

    get narrowing() {
        return countNarrowing(this.props.choices);
    }

    /** What is chosen, each with a button that takes it back. */
    get chips() {
        const nothing = noChoices();
        const { from, to, compare } = this.props.choices;
        const chips = [];
        if (from || to) {
            const name = (month) => (/^\d{4}-\d{2}$/.test(month) ? monthName(`${month}-01`) : month || "…");
            chips.push({
                key: "period",
                label: `${name(from)} – ${name(to)}`,
                clear: { from: "", to: "" },
            });
        }
        for (const menu of this.menus) {
            for (const id of menu.chosen) {
                const name = menu.options.find((option) => option.id === id)?.name ?? String(id);
                chips.push({
                    key: `${menu.name}-${id}`,
                    label: `${menu.label}: ${name}`,
                    clear: { [menu.name]: menu.chosen.filter((other) => other !== id) },
                });
            }
        }
        if (compare !== nothing.compare) {
            const label = this.comparisons.find(([key]) => key === compare)?.[1] ?? compare;
            chips.push({ key: "compare", label, clear: { compare: nothing.compare } });
        }
        return chips;
    }

    clearLabel(chip) {
        return _t("Take away: %s", chip.label);
    }

    onPeriod(key) {
        this.state.own = key === OWN;
        const { from, to } = key === OWN ? this.months : this.periods.find((period) => period.key === key);
        this.props.onChange({ from, to });
    }

    onMonth(which, month) {
        if (month) {
            this.props.onChange(
                inBounds({ ...this.months, [which]: month }, which, this.props.choices.grain)
            );
        }
    }

    onToggle(name, id) {
        const chosen = this.props.choices[name];
        this.props.onChange({
            [name]: chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id],
        });
    }

    onClear(chip) {
        this.state.own = false;
        this.props.onChange(chip.clear);
    }

    /** All chips go; what the triangle shows is no filter and stays. */
    onClearAll() {
        this.state.own = false;
        const { grain, show, kind } = this.props.choices;
        this.props.onChange({ ...noChoices(), grain, show, kind });
    }
}
