import { Component, useState } from "@odoo/owl";

const { DateTime, Info } = luxon;

/** The twelve months of a year, and buttons to other years. Months ahead cannot be chosen. */
export class MonthPicker extends Component {
    static template = "crm_contact_history.MonthPicker";
    static props = {
        // First day of the chosen month, as ISO text, or false.
        month: { type: [String, Boolean], optional: true },
        onChoose: Function,
    };

    setup() {
        const shown = this.props.month ? DateTime.fromISO(this.props.month) : DateTime.local();
        this.state = useState({ year: shown.year });
    }

    get isThisYear() {
        return this.state.year >= DateTime.local().year;
    }

    get months() {
        return Info.months("short").map((label, index) => {
            const month = DateTime.local(this.state.year, index + 1, 1);
            return {
                label,
                value: month.toISODate(),
                title: month.toLocaleString({ month: "long", year: "numeric" }),
                isAhead: month > DateTime.local(),
            };
        });
    }
}
