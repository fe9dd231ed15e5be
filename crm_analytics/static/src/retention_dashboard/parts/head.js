import { Component } from "@odoo/owl";
import { getCurrency } from "@web/core/currency";
import { deserializeDate, deserializeDateTime, formatDate, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

import { formatFigure, formatShare, isFigure } from "../figures";

/** What the figures are about, and how fresh they are. */
export class Head extends Component {
    static template = "crm_analytics.RetentionHead";
    static props = {
        data: Object,
        refreshing: Boolean,
        refresh: Function,
        reload: Function,
    };

    /** Period, companies and currency. */
    get aboutText() {
        const { period, companies, currency_id } = this.props.data;
        return [period?.label, (companies || []).join(", "), getCurrency(currency_id)?.name]
            .filter(Boolean)
            .join(" · ");
    }

    get comparedText() {
        const { previous } = this.props.data;
        return previous ? _t("compared with %s", previous.label) : "";
    }

    get isRunning() {
        return this.props.data.period?.incomplete;
    }

    get isBuilding() {
        return isFigure(this.props.data.building);
    }

    get buildingText() {
        return _t("The figures are being made: %s done. Until then they are incomplete.", this.buildingShare);
    }

    get buildingShare() {
        return formatShare(this.props.data.building, 0);
    }

    get notes() {
        const { metrics_as_of, rates } = this.props.data;
        const notes = [];
        if (metrics_as_of) {
            const day = formatDate(deserializeDate(metrics_as_of));
            notes.push(_t("Segments, stages, risk and value: as of %s", day));
        }
        if (rates?.length) {
            const names = rates.map(({ currency }) => currency).join(", ");
            notes.push(_t("Amounts in %s are converted at today's rate", names));
        }
        return notes.join(" · ");
    }

    /** As of when the figures hold: until the oldest change that is not counted yet. */
    get freshnessText() {
        const { as_of, queued } = this.props.data;
        const time = as_of ? formatDateTime(deserializeDateTime(as_of)) : "";
        return queued
            ? _t("As of %(time)s. Changes that wait to be counted: %(number)s", {
                  time,
                  number: formatFigure(queued, "count"),
              })
            : _t("All purchases counted, %s", time);
    }
}
