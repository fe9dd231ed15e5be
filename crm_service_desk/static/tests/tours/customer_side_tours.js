import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_service_desk.agent_gives_a_coupon", {
    url: "/odoo/tickets",
    steps: () => [
        {
            trigger: ".o_data_row:contains('Cold coffee') td[name='name']",
            run: "click",
        },
        {
            content: "What did we find out?",
            trigger: ".o_form_view a[role=tab]:contains('Investigation')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='root_cause_id'] input",
            run: "edit Seal",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Machine / Seal')",
            run: "click",
        },
        {
            content: "And what do we do about it?",
            trigger: ".o_field_widget[name='action_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='action_ids'] .o_data_row [name='text'] input",
            run: "edit Change the seal",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
        {
            content: "Now the remedy",
            trigger: ".o_form_view a[role=tab]:contains('Remedy')",
            run: "click",
        },
        {
            trigger: "div[name='remedy_buttons'] button:contains('Coupon')",
            run: "click",
        },
        {
            content: "The only program of the team is chosen already, and it costs 25",
            trigger: ".modal .o_field_widget[name='cost']:contains('25')",
        },
        {
            trigger: ".modal .o_field_widget[name='text'] textarea",
            run: "edit The next latte is on us.",
        },
        {
            trigger: ".modal button[name='action_offer']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='remedy_ids'] .o_data_row:contains('Proposed')",
        },
        {
            content: "The customer has been told",
            trigger: ".o-mail-Message:contains('The next latte is on us')",
        },
    ],
});

const openTicket = [
    {
        trigger: ".o_portal_my_doc_table a:contains('Cold coffee')",
        run: "click",
        expectUnloadPage: true,
    },
];

registry.category("web_tour.tours").add("crm_service_desk.customer_rejects_an_offer", {
    url: "/my/tickets",
    steps: () => [
        ...openTicket,
        {
            trigger: ".o_ticket_offer:contains('Coupon')",
        },
        {
            trigger: ".o_ticket_reject summary",
            run: "click",
        },
        {
            trigger: ".o_ticket_reject[open] textarea",
            run: "edit I do not drink coffee any more",
        },
        {
            trigger: ".o_ticket_reject button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_ticket_done:contains('Your case is open again')",
        },
        {
            content: "He reads where else he can turn to",
            trigger: ".o_ticket_external_route:contains('BPSK')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_service_desk.customer_accepts_closes_rates", {
    url: "/my/tickets",
    steps: () => [
        ...openTicket,
        {
            trigger: ".o_ticket_offer:contains('Explanation') button:contains('I accept')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_ticket_done:contains('You have accepted our offer')",
        },
        {
            trigger: ".o_ticket_close button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_ticket_done:contains('This is closed')",
        },
        {
            trigger: "label[for='csat_5']",
            run: "click",
        },
        {
            trigger: "label[for='csat_handling_4']",
            run: "click",
        },
        {
            trigger: "label[for='ces_7']",
            run: "click",
        },
        {
            trigger: "#feedback_comment",
            run: "edit Quick and friendly",
        },
        {
            trigger: ".o_ticket_rate button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_ticket_done:contains('Thank you for your marks')",
        },
    ],
});
