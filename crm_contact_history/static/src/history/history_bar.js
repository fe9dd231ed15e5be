import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { CheckboxItem } from "@web/core/dropdown/checkbox_item";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { chips, facets, isChosen, noFilters, toggled } from "./history_filters";
import { MonthPicker } from "./month_picker";

const WAIT = 350;

/**
 * The filters of the history: a slim bar of menus, on the phone one button, and what is chosen as chips.
 */
export class HistoryBar extends Component {
    static template = "crm_contact_history.HistoryBar";
    static components = { CheckboxItem, Dropdown, MonthPicker };
    static props = {
        filters: Object,
        // Answer of `history_filters`.
        options: Object,
        onChange: Function,
    };

    setup() {
        this.ui = useState(useService("ui"));
        this.monthMenu = useDropdownState();
        this.textRef = useRef("text");
        this.changeTextSoon = useDebounced((text) => this.change({ text }), WAIT);
        // Only taking the filter off writes into the field: it never runs behind what is being typed.
        useEffect(
            (text) => {
                if (!text) {
                    this.textRef.el.value = "";
                }
            },
            () => [this.props.filters.text]
        );
    }

    get facets() {
        return facets(this.props.options);
    }

    get chips() {
        return chips(this.props.filters, this.facets);
    }

    get filtersLabel() {
        const count = this.chips.filter(({ key }) => !["text", "month"].includes(key)).length;
        return count ? _t("Filters (%s)", count) : _t("Filters");
    }

    isChosen(option) {
        return isChosen(this.props.filters, option.key, option.value);
    }

    hasChoice(facet) {
        return facet.options.some((option) => this.isChosen(option));
    }

    change(patch) {
        return this.props.onChange({ ...this.props.filters, ...patch });
    }

    onToggle({ key, value }) {
        return this.props.onChange(toggled(this.props.filters, key, value));
    }

    onText(ev) {
        this.changeTextSoon(ev.target.value);
    }

    onTextKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.changeTextSoon.cancel();
            this.change({ text: ev.target.value });
        }
    }

    onClear() {
        return this.props.onChange(noFilters());
    }

    onMonth(month) {
        this.monthMenu.close();
        return this.change({ month });
    }
}
