import { Component, useState } from "@odoo/owl";
import { CheckboxItem } from "@web/core/dropdown/checkbox_item";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { fuzzyTest } from "@web/core/utils/search";

const MANY = 12;

/** A button that opens a list of boxes to tick; a long list can be searched. */
export class ChoiceMenu extends Component {
    static template = "crm_analytics.ChoiceMenu";
    static components = { Dropdown, CheckboxItem };
    static props = {
        name: String,
        label: String,
        options: Array,
        chosen: Array,
        onToggle: Function,
    };

    setup() {
        this.state = useState({ text: "" });
    }

    get isLong() {
        return this.props.options.length > MANY;
    }

    get options() {
        const text = this.state.text.trim();
        return text ? this.props.options.filter(({ name }) => fuzzyTest(text, name)) : this.props.options;
    }

    isChosen(option) {
        return this.props.chosen.includes(option.id);
    }
}
