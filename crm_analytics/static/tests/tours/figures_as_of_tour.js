import { registry } from "@web/core/registry";

const AS_OF = ".o_figures_as_of:contains('12/31/2001')";

registry.category("web_tour.tours").add("crm_analytics.figures_as_of", {
    steps: () => [
        { content: "The list says as of when", trigger: `body:has(.o_list_view) ${AS_OF}` },
        { trigger: ".o_switch_view.o_pivot", run: "click" },
        { content: "So does the pivot", trigger: `body:has(.o_pivot_view) ${AS_OF}` },
        { trigger: ".o_switch_view.o_graph", run: "click" },
        { content: "And the graph", trigger: `body:has(.o_graph_view) ${AS_OF}` },
    ],
});
