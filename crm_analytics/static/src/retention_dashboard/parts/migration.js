import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { formatFigure } from "../figures";
import { useGridKeys } from "../grid_keys";
import { Section } from "./section";

/** Between two months: which customers moved from which segment to which. */
export class Migration extends Component {
    static template = "crm_analytics.RetentionMigration";
    static components = { Section };
    static props = {
        migration: Object,
        // Segments in their order: {id, name}.
        segments: Array,
        open: Function,
    };

    setup() {
        useGridKeys("table");
    }

    get definition() {
        return _t(
            "Each row is a segment at the beginning, each column one at the end; a cell counts the customers who went from one to the other. On the diagonal (framed) are those who stayed."
        );
    }

    get rows() {
        return this.found("from");
    }

    get columns() {
        return this.found("to");
    }

    /** Segments that anybody left or came to, in their order; last who was no customer yet. */
    found(end) {
        const keys = new Set(this.props.migration.cells.map((cell) => cell[end]));
        const segments = this.props.segments.filter(({ id }) => keys.has(id));
        return keys.has(null) ? [...segments, { id: null, name: _t("No customer yet") }] : segments;
    }

    get counts() {
        return Object.fromEntries(
            this.props.migration.cells.map((cell) => [`${cell.from}>${cell.to}`, cell.customers])
        );
    }

    get most() {
        const moved = this.props.migration.cells.filter((cell) => cell.from !== cell.to);
        return Math.max(1, ...moved.map((cell) => cell.customers));
    }

    count(number) {
        return formatFigure(number, "count");
    }

    describe(from, to, number) {
        const words = { number: this.count(number), from: from.name, to: to.name };
        return from.id === to.id
            ? _t("%(number)s customers stayed “%(from)s”", words)
            : _t("%(number)s customers went from “%(from)s” to “%(to)s”", words);
    }
}
