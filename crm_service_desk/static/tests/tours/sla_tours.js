import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_service_desk.clock_runs_pauses_is_kept", {
    url: "/odoo/tickets",
    steps: () => [
        {
            content: "The list counts down to the first answer",
            trigger:
                ".o_data_row:contains('Cold coffee') .o_sla_countdown[data-state='running']:contains(/[0-9] (h|min)/)",
        },
        {
            trigger: ".o_data_row:contains('Cold coffee') td[name='name']",
            run: "click",
        },
        {
            content: "The form says what is promised",
            trigger:
                ".o_form_view .o_sla_countdown[data-state='running'] .o_sla_promise:contains('First answer')",
        },
        {
            content: "Wait for the customer",
            trigger: ".o_statusbar_status button:contains('Waiting for Customer')",
            run: "click",
        },
        {
            content: "The clock stands still",
            trigger: ".o_form_view .o_sla_countdown[data-state='paused']:contains('paused')",
        },
        {
            content: "Go on",
            trigger: ".o_statusbar_status button:contains('In Progress')",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_sla_countdown[data-state='running']",
        },
        {
            content: "Done",
            trigger: ".o_statusbar_status button:contains('Resolved')",
            run: "click",
        },
        {
            content: "The promise is kept",
            trigger: ".o_form_view .o_sla_countdown[data-state='kept']:contains('kept')",
        },
        {
            content: "What happened to the clocks",
            trigger: ".o_notebook .nav-link[name='sla']",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name='clock_ids'] .o_data_row:contains('Resolution') .badge:contains('Kept')",
        },
    ],
});
