import { registry } from "@web/core/registry";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

import { FiguresControlPanel } from "./figures_control_panel";

registry.category("views").add("crm_analytics_figures_list", {
    ...listView,
    ControlPanel: FiguresControlPanel,
});

registry.category("views").add("crm_analytics_figures_kanban", {
    ...kanbanView,
    ControlPanel: FiguresControlPanel,
});
