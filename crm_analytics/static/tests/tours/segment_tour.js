import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_analytics.segment", {
    url: "/odoo/customers-at-risk",
    steps: () => [
        {
            content: "A customer is at risk; make a segment of those",
            trigger: ".o_list_view:has(.o_data_row:contains('Siti')):not(:has(.o_data_row:contains('Budi')))",
        },
        {
            trigger: ".o_control_panel button:contains('Make a Segment')",
            run: "click",
        },
        {
            content: "Name it and save",
            trigger: ".o_field_widget[name='name'] input",
            run: "edit Win them back",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The button counts its members",
            trigger: "button[name='action_open_members']:contains('1')",
            run: "click",
        },
        {
            content: "It opens them",
            trigger: ".o_list_view .o_data_row:contains('Siti') .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Plan a call with those chosen",
            trigger: ".o_control_panel button[name='action_plan_calls']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='summary'] input",
            run: "edit Ask why he stays away",
        },
        {
            trigger: ".modal button[name='action_plan']",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('1 activities planned')",
        },
    ],
});
