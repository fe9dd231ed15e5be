import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { changeOf, formatFigure, formatShare } from "../figures";

/** Groups of customers as a table, each number of customers with a bar: lifecycle stages, segments. */
export class BarTable extends Component {
    static template = "crm_analytics.RetentionBarTable";
    static props = {
        kind: String,
        // What a row is, as heading of the first column.
        heading: String,
        // Dicts of `key`, `label`, `customers`, `revenue`, `previous_customers`.
        rows: Array,
        currencyId: Number,
        previousLabel: String,
        open: Function,
    };

    get caption() {
        return _t("%s: customers, their share of all, and what they bought for", this.props.heading);
    }

    get most() {
        return Math.max(1, ...this.props.rows.map((row) => row.customers));
    }

    get all() {
        return this.props.rows.reduce((sum, row) => sum + row.customers, 0);
    }

    get isCompared() {
        return this.props.rows.some((row) => changeOf(this.figure(row)));
    }

    figure(row) {
        return { value: row.customers, previous: row.previous_customers, unit: "count", better: null };
    }

    change(row) {
        const change = changeOf(this.figure(row));
        return change ? change.amount || change.word : "";
    }

    count(value) {
        return formatFigure(value, "count");
    }

    money(value) {
        return formatFigure(value, "money", this.props.currencyId);
    }

    share(row) {
        return formatShare(this.all ? row.customers / this.all : 0);
    }
}
