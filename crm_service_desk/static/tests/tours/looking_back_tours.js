import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_service_desk.complaint_register", {
    url: "/odoo/complaint-register",
    steps: () => [
        {
            content: "The period is a month; take it away to see all",
            trigger: ".o_facet_remove",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Cold coffee again'):contains('Seal worn out')",
        },
        {
            content: "Ask for paper",
            trigger: "button:contains('Print the Register')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='date_from']",
        },
        {
            content: "The same complaints as a list",
            trigger: ".modal button[name='action_show']",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_data_row:contains('Wrong bill')",
        },
        {
            content: "A line opens its ticket",
            trigger: ".o_data_row:contains('Wrong bill') td[name='name']",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='name'] textarea:value('Wrong bill')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_service_desk.monthly_review", {
    url: "/odoo/monthly-review",
    steps: () => [
        {
            trigger: ".o_monthly_review .o_review_decide",
        },
        {
            content: "The month before that, and back",
            trigger: ".o_review_before",
            run: "click",
        },
        {
            // the first figure: the second one is 0 before the click already
            trigger: ".o_monthly_review tr:has(a:contains('Received')) td:nth-child(2):contains('0')",
        },
        {
            trigger: ".o_review_next",
            run: "click",
        },
        {
            trigger: ".o_monthly_review tr:has(a:contains('Received')) td:nth-child(2):contains('2')",
        },
        {
            trigger: ".o_monthly_review tr:contains('Seal worn out') td:contains('100')",
        },
        {
            content: "A figure opens its records",
            trigger: ".o_monthly_review a[data-drill]:contains('Received')",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Cold coffee again')",
        },
        {
            content: "Back on the review, of the same month",
            trigger: ".o_breadcrumb a, .o_back_button",
            run: "click",
        },
        {
            trigger: ".o_monthly_review tr:contains('Seal worn out')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_service_desk.pareto", {
    url: "/odoo/complaints-pareto",
    steps: () => [
        {
            trigger: ".o_pareto_canvas canvas",
        },
        {
            trigger: ".o_pareto_vital:contains('1 of 1 make 100.0')",
        },
        {
            content: "By another dimension",
            trigger: ".o_pareto_dimension",
            run: "select severity",
        },
        {
            trigger: ".o_pareto_bar:contains('Medium')",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Wrong bill')",
        },
        {
            content: "What customers say of it",
            trigger: ".o_list_view",
            run: () => window.location.assign("/odoo/service-satisfaction"),
            expectUnloadPage: true,
        },
        {
            trigger: ".o_satisfaction_by",
            run: "select agent",
        },
        {
            content: "A share stands with its number and its interval",
            trigger:
                ".o_satisfaction_table tr:contains('Agus Pratama') button:contains('75'):contains('n = 4'):contains('too few')",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:nth-child(4)",
        },
    ],
});
