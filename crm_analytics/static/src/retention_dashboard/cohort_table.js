import { Component, useRef } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatInteger, formatMonetary, formatPercentage } from "@web/views/fields/formatters";

import { monthName } from "./month_name";

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** The triangle: a row per cohort, a column per month since the first purchase, a button per cell. */
export class CohortTable extends Component {
    static template = "crm_analytics.CohortTable";
    static props = {
        cohorts: Array,
        allCohorts: Array,
        currencyId: Number,
        shown: { validate: (shown) => ["retention", "customers", "amount"].includes(shown) },
        openCell: Function,
    };

    setup() {
        this.table = useRef("table");
        this.monthName = monthName;
        this.formatInteger = formatInteger;
    }

    get ages() {
        const longest = Math.max(0, ...this.props.cohorts.map((cohort) => cohort.cells.length));
        return Array.from({ length: longest }, (_, age) => age);
    }

    ageName(age) {
        return _t("Months since the first purchase: %s", age);
    }

    get customersInAll() {
        return this.props.cohorts.reduce((sum, cohort) => sum + cohort.size, 0);
    }

    format(cell) {
        if (this.props.shown === "customers") {
            return formatInteger(cell.customers);
        }
        if (this.props.shown === "amount") {
            return formatMonetary(cell.amount || 0, {
                currencyId: this.props.currencyId,
                noSymbol: true,
                digits: [16, 0],
            });
        }
        return this.percent(cell);
    }

    percent(cell) {
        return formatPercentage(cell.retention, { digits: [16, 2], trailingZeros: true });
    }

    /**
     * How dark a cell is, from 0 to 1: compared with the best later month of all. The first month, in which everybody
     * bought, would make all others pale; customers and revenue are shaded by retention, too, or big cohorts would win.
     */
    heat(cell) {
        return cell.age === 0 ? 0 : Math.min(1, cell.retention / this.bestRetention);
    }

    get bestRetention() {
        const later = this.props.cohorts.flatMap((cohort) => cohort.cells.filter((cell) => cell.age > 0));
        return Math.max(0.0001, ...later.map((cell) => cell.retention));
    }

    describe(cohort, cell) {
        const words = {
            customers: formatInteger(cell.customers),
            size: formatInteger(cohort.size),
            share: this.percent(cell),
            first: monthName(cohort.month, "long"),
            month: monthName(cell.month, "long"),
        };
        const text = _t(
            "%(customers)s of the %(size)s customers who first bought in %(first)s bought in %(month)s (%(share)s)",
            words
        );
        return cell.running ? _t("%s; this month is still running", text) : text;
    }

    /** Arrow keys walk from cell to cell; the tab key works, too. */
    onKeydown(ev) {
        const step = ARROWS[ev.key];
        const from = ev.target.closest("button[data-row]");
        if (!step || !from) {
            return;
        }
        const row = Number(from.dataset.row) + step[0];
        const column = Number(from.dataset.column) + step[1];
        const to = this.table.el.querySelector(`button[data-row="${row}"][data-column="${column}"]`);
        if (to) {
            ev.preventDefault();
            to.focus();
        }
    }
}
