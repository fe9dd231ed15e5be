import { onWillStart, useState } from "@odoo/owl";
import { deserializeDate, deserializeDateTime, formatDate, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { ControlPanel } from "@web/search/control_panel/control_panel";

import { formatFigure, formatShare, isFigure } from "../retention_dashboard/figures";

/** A control panel that says as of when the figures below hold. */
export class FiguresControlPanel extends ControlPanel {
    static template = "crm_analytics.FiguresControlPanel";

    setup() {
        super.setup();
        const orm = useService("orm");
        this.freshness = useState({});
        onWillStart(async () => {
            Object.assign(this.freshness, await orm.call("retention.dashboard", "figures_as_of", []));
        });
    }

    get asOfText() {
        const { as_of, queued, building, metrics_as_of } = this.freshness;
        if (isFigure(building)) {
            return _t(
                "The figures are being made: %s done. Until then they are incomplete.",
                formatShare(building, 0)
            );
        }
        const time = formatDateTime(deserializeDateTime(as_of));
        const purchases = queued
            ? _t("Purchases as of %(time)s; changes that wait to be counted: %(number)s", {
                  time,
                  number: formatFigure(queued, "count"),
              })
            : _t("All purchases counted, %s", time);
        if (this.env.searchModel.resModel !== "customer.metric" || !metrics_as_of) {
            return purchases;
        }
        return _t("Figures of customers as of %(day)s. %(purchases)s", {
            day: formatDate(deserializeDate(metrics_as_of)),
            purchases,
        });
    }
}
