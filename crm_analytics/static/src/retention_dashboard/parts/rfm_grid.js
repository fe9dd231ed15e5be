import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { formatFigure, formatShare } from "../figures";
import { useGridKeys } from "../grid_keys";
import { Section } from "./section";

const SCORES = [1, 2, 3, 4, 5];

/** Customers by recency and frequency, five by five. */
export class RfmGrid extends Component {
    static template = "crm_analytics.RetentionRfmGrid";
    static components = { Section };
    static props = { cells: Array, currencyId: Number, open: Function };

    setup() {
        useGridKeys("table");
        this.frequencies = SCORES;
        // The best stand in the corner at the top right, as in a coordinate system.
        this.recencies = [...SCORES].reverse();
    }

    get definition() {
        return _t(
            "Customers in five groups of equal size by how recently they last bought (R), and in five by how often (F); 5 is best. Top right are those who buy often and lately; bottom right bought often once and stay away: win them back."
        );
    }

    cell(r, f) {
        return (
            this.props.cells.find((cell) => cell.r === r && cell.f === f) || {
                r,
                f,
                customers: 0,
                revenue: 0,
            }
        );
    }

    get all() {
        return this.props.cells.reduce((sum, cell) => sum + cell.customers, 0);
    }

    heat(cell) {
        return cell.customers / Math.max(1, ...this.props.cells.map((one) => one.customers));
    }

    count(cell) {
        return formatFigure(cell.customers, "count");
    }

    share(cell) {
        return formatShare(this.all ? cell.customers / this.all : 0);
    }

    describe(cell) {
        return _t(
            "Recency %(r)s, frequency %(f)s: %(customers)s customers (%(share)s), revenue %(revenue)s",
            {
                r: cell.r,
                f: cell.f,
                customers: this.count(cell),
                share: this.share(cell),
                revenue: formatFigure(cell.revenue, "money", this.props.currencyId),
            }
        );
    }
}
