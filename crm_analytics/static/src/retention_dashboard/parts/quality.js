import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { formatFigure } from "../figures";
import { Section } from "./section";

/** Bad data: counted and said, never silently dropped. */
export class Quality extends Component {
    static template = "crm_analytics.RetentionQuality";
    static components = { Section };
    static props = { lines: Array, open: Function };

    get definition() {
        return _t(
            "What is wrong in the records that the figures are made from. Open a line to see the records and mend them."
        );
    }

    count(line) {
        return formatFigure(line.count, "count");
    }
}
