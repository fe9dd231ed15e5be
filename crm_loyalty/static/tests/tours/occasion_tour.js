import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_loyalty_occasion", {
    steps: () => [
        {
            content: "Make an occasion",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name] input",
            run: "edit Birthday of the tour",
        },
        {
            content: "For the members of a club",
            trigger: ".o_field_widget[name=club_ids] input",
            run: "edit Club of the tour",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Club of the tour)",
            run: "click",
        },
        {
            content: "The text of birthdays is chosen already",
            trigger: ".o_field_widget[name=template_id] input:value(Greeting: birthday)",
        },
        {
            content: "Who gets it?",
            trigger: "button[name=action_preview]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Siti of the tour)",
        },
        {
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a:contains(Birthday of the tour)",
            run: "click",
        },
        {
            content: "Switch it on",
            trigger: ".o_form_view button[name=action_start]",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_stop]",
        },
    ],
});
