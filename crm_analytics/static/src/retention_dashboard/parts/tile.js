import { Component, useState } from "@odoo/owl";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

import { changeOf, formatFigure, isFigure } from "../figures";

const ICONS = { up: "fa-arrow-up", down: "fa-arrow-down", same: "fa-arrow-right" };

/** One figure: what it is, how it has changed, how sure it is, what it means; a click opens its records. */
export class Tile extends Component {
    static template = "crm_analytics.RetentionTile";
    static props = {
        tile: Object,
        currencyId: Number,
        previousLabel: String,
        // Day of the fit that estimates come from, as the server writes it; empty where there is none.
        fittedOn: { type: String, optional: true },
        open: Function,
    };

    setup() {
        this.state = useState({ explained: false });
    }

    format(value) {
        return formatFigure(value, this.props.tile.unit, this.props.currencyId);
    }

    get isKnown() {
        return isFigure(this.props.tile.value);
    }

    get change() {
        const change = changeOf(this.props.tile, this.props.currencyId);
        if (!change) {
            return null;
        }
        const verdict = change.good === null ? undefined : change.good ? "good" : "bad";
        return { ...change, verdict, icon: ICONS[change.direction] };
    }

    get previousText() {
        return _t("%(period)s: %(value)s", {
            period: this.props.previousLabel,
            value: this.format(this.props.tile.previous),
        });
    }

    /** An estimate stands until the next fit: so it says of which day it is. */
    get estimateText() {
        const { fittedOn } = this.props;
        return fittedOn ? _t("Estimate of %s", formatDate(deserializeDateTime(fittedOn))) : _t("Estimate");
    }

    get interval() {
        const { low, high } = this.props.tile;
        return isFigure(low) && isFigure(high)
            ? _t("probably between %(low)s and %(high)s", { low: this.format(low), high: this.format(high) })
            : "";
    }

    get numberText() {
        const { n, value } = this.props.tile;
        return isFigure(n) && this.isKnown && n !== value ? _t("n = %s", formatFigure(n, "count")) : "";
    }

    get openLabel() {
        return _t("%(label)s: %(value)s. Show the records.", {
            label: this.props.tile.label,
            value: this.format(this.props.tile.value),
        });
    }

    get explainLabel() {
        return _t("What is meant by: %s", this.props.tile.label);
    }
}
