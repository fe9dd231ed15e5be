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

    /** Segments that anybody left or came to, in their order; what has no name is shown by its key. */
    get shown() {
        const { cells } = this.props.migration;
        const found = new Set(cells.flatMap((cell) => [cell.from, cell.to]));
        const known = this.props.segments.filter(({ id }) => found.has(id));
        const names = new Set(known.map(({ id }) => id));
        const others = [...found].filter((key) => !names.has(key));
        return [...known, ...others.map((key) => ({ id: key, name: key || _t("None") }))];
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
            ? _t("%(number)s customers stayed %(from)s", words)
            : _t("%(number)s customers went from %(from)s to %(to)s", words);
    }
}
