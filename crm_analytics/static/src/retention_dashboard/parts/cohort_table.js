import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { formatFigure, formatMoney, formatShare } from "../figures";
import { useGridKeys } from "../grid_keys";
import { periodName } from "../month_name";

/**
 * The triangle: a row per cohort, a column per month (quarter, year) since the first purchase, a button per cell. The size of
 * a cohort opens what its first cell opens, to which the keyboard goes.
 */
export class CohortTable extends Component {
    static template = "crm_analytics.CohortTable";
    static props = {
        cohorts: Array,
        allCohorts: Array,
        currencyId: Number,
        shown: { validate: (shown) => ["retention", "customers", "revenue"].includes(shown) },
        grain: String,
        kind: String,
        open: Function,
    };

    setup() {
        useGridKeys("table");
    }

    get ages() {
        const longest = Math.max(0, ...this.props.cohorts.map((cohort) => cohort.cells.length));
        return Array.from({ length: longest }, (_, age) => age);
    }

    ageName(age) {
        switch (this.props.grain) {
            case "quarter":
                return _t("Quarters since the first purchase: %s", age);
            case "year":
                return _t("Years since the first purchase: %s", age);
            default:
                return _t("Months since the first purchase: %s", age);
        }
    }

    name(cohort, length) {
        return periodName(cohort.month, this.props.grain, length);
    }

    count(number) {
        return formatFigure(number, "count");
    }

    get customersInAll() {
        return this.props.cohorts.reduce((sum, cohort) => sum + cohort.size, 0);
    }

    format(cell) {
        if (this.props.shown === "customers") {
            return this.count(cell.customers);
        }
        if (this.props.shown === "revenue") {
            return formatMoney(cell.amount || 0, this.props.currencyId, { noSymbol: true, digits: [16, 0] });
        }
        return formatShare(cell.retention);
    }

    isIncomplete(cell) {
        return cell.incomplete ?? cell.running ?? false;
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
            customers: this.count(cell.customers),
            size: this.count(cohort.size),
            share: formatShare(cell.retention),
            first: this.name(cohort, "long"),
            month: periodName(cell.month, this.props.grain, "long"),
        };
        let text =
            this.props.kind === "unbounded"
                ? _t(
                      "%(customers)s of the %(size)s customers who first bought in %(first)s bought in %(month)s or later (%(share)s)",
                      words
                  )
                : _t(
                      "%(customers)s of the %(size)s customers who first bought in %(first)s bought in %(month)s (%(share)s)",
                      words
                  );
        if (this.props.shown === "revenue") {
            text = _t("%(text)s; revenue %(revenue)s", { text, revenue: this.format(cell) });
        }
        return this.isIncomplete(cell) ? _t("%s; incomplete, it is still running", text) : text;
    }

    get allLabel() {
        return _t("All cohorts: %s customers", this.count(this.customersInAll));
    }

    /** Of the cohorts whose cell of this age is over. */
    describeAll(cell) {
        return _t("%(age)s. All cohorts: %(customers)s of %(size)s customers (%(share)s)", {
            age: this.ageName(cell.age),
            customers: this.count(cell.customers),
            size: this.count(cell.size),
            share: formatShare(cell.retention),
        });
    }

    openCell(cohort, month) {
        this.props.open("cohort", { cohort: cohort.month, month });
    }
}
