import { registry } from "@web/core/registry";
import { graphView } from "@web/views/graph/graph_view";
import { pivotView } from "@web/views/pivot/pivot_view";

import { FiguresControlPanel } from "../figures_control_panel";

// Odoo loads pivots and graphs when the first of them is opened.
for (const view of [pivotView, graphView]) {
    registry.category("views").add(`crm_analytics_figures_${view.type}`, {
        ...view,
        ControlPanel: FiguresControlPanel,
    });
}
