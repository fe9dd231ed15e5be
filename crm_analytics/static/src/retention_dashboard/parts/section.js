import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** A part of the dashboard: a heading, its definition one click away, and what it shows. */
export class Section extends Component {
    static template = "crm_analytics.RetentionSection";
    static props = {
        name: String,
        title: String,
        definition: { type: String, optional: true },
        slots: Object,
    };

    setup() {
        this.state = useState({ explained: false });
    }

    get explainLabel() {
        return _t("What is meant by: %s", this.props.title);
    }
}
