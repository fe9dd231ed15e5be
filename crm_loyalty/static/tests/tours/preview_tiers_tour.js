import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_loyalty_preview_tiers", {
    steps: () => [
        {
            content: "Ask for other thresholds",
            trigger: ".o_form_view button[name=action_preview_tiers]",
            run: "click",
        },
        {
            content: "The threshold of the middle tier",
            trigger: ".modal .o_field_widget[name=line_ids] .o_data_row:contains(Silver) td[name=threshold]",
            run: "click",
        },
        {
            trigger: ".modal .o_selected_row td[name=threshold] input",
            run: "edit 500",
        },
        {
            content: "Who would move?",
            trigger: ".modal button[name=action_preview]",
            run: "click",
        },
        {
            content: "One member goes up at once",
            trigger:
                ".modal .o_field_widget[name=move_ids] .o_data_row:contains(Green):contains(Silver):contains(At once):contains(1)",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit easier to reach",
        },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "The club has the new threshold",
            trigger: ".o_form_view .o_field_widget[name=tier_ids] .o_data_row:contains(Silver):contains(500)",
        },
    ],
});
