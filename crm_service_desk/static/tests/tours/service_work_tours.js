import { registry } from "@web/core/registry";

const row = (text) => `.o_data_row:contains('${text}')`;

/** Another ticket from taking it to the next one, and the hand never leaves the keyboard. */
const byKeyboard = [
    {
        content: "Alt+T: it is mine",
        trigger: ".o_statusbar_buttons button[name='action_assign_to_me']",
        run: "press alt+t",
    },
    {
        trigger: ".o_form_view:not(:has(.o_statusbar_buttons button[name='action_assign_to_me']))",
    },
    {
        content: "Alt+M: an answer",
        trigger: ".o-mail-Chatter-sendMessage",
        run: "press alt+m",
    },
    {
        trigger: ".o-mail-Composer-input",
        run: "edit You are right, it was one bottle.",
    },
    {
        content: "Ctrl+Enter: sent",
        trigger: ".o-mail-Composer-send:enabled",
        run: "press Control+Enter",
    },
    {
        trigger: ".o-mail-Message:contains('it was one bottle')",
    },
    {
        trigger: ".o_arrow_button_current:contains('In Progress')",
    },
    {
        content: "Alt+W: the customer's turn",
        trigger: ".o_statusbar_buttons button[name='action_wait_customer']",
        run: "press alt+w",
    },
    {
        trigger: ".o_arrow_button_current:contains('Waiting for Customer')",
    },
    {
        content: "Alt+Shift+W: somebody else's turn",
        trigger: ".o_statusbar_buttons button[name='action_wait_third_party']",
        run: "press alt+shift+w",
    },
    {
        trigger: ".modal .o_field_widget[name='whom'] input",
        run: "edit The bank",
    },
    {
        content: "Alt+Q: the button of a dialog",
        trigger: ".modal footer button[name='action_wait']",
        run: "press alt+q",
    },
    {
        trigger: "body:not(:has(.modal)) .o_arrow_button_current:contains('Waiting for Third Party')",
    },
    {
        content: "Alt+Shift+R: resolved",
        trigger: ".o_statusbar_buttons button[name='action_resolve']",
        run: "press alt+shift+r",
    },
    {
        trigger: ".o_arrow_button_current:contains('Resolved')",
    },
    {
        content: "Alt+Shift+N: the next one; there is none",
        trigger: ".o_statusbar_buttons button[name='action_next']",
        run: "press alt+shift+n",
    },
    {
        trigger: ".o_notification:contains('no other ticket waits for you')",
    },
];

registry.category("web_tour.tours").add("crm_service_desk.day_of_an_agent", {
    url: "/odoo/tickets",
    steps: () => [
        {
            content: "Open the ticket that nobody has",
            trigger: `${row("Cold coffee in Braga street")} td[name='name']`,
            run: "click",
        },
        {
            content: "What the customer wrote is there, and the conversation, and who he is",
            trigger: ".o_ticket_words:contains('it was cold')",
        },
        {
            trigger: ".o_customer_card:contains('Siti Rahmawati')",
        },
        {
            content: "Take it",
            trigger: ".o_statusbar_buttons button[name='action_assign_to_me']",
            run: "click",
        },
        {
            trigger: ".o_form_view:not(:has(.o_statusbar_buttons button[name='action_assign_to_me']))",
        },
        {
            content: "Answer",
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            content: "With a canned answer",
            trigger: ".o-mail-Composer-input",
            run: "edit ::apol",
        },
        {
            trigger: ".o-mail-Composer-suggestion:contains('apology')",
            run: "click",
        },
        {
            content: "The placeholders are filled in before it is sent",
            trigger: ".o-mail-Composer-input:value('Dear Siti Rahmawati, about Cold coffee in Braga street')",
        },
        {
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            trigger: ".o-mail-Message:contains('Dear Siti Rahmawati')",
        },
        {
            content: "It is in progress; now it is the customer's turn",
            trigger: ".o_arrow_button_current:contains('In Progress')",
        },
        {
            trigger: ".o_statusbar_buttons button[name='action_wait_customer']",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('Waiting for Customer')",
        },
        {
            content: "Or that of the roastery",
            trigger: ".o_statusbar_buttons button[name='action_wait_third_party']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='whom'] input",
            run: "edit The report of the roastery",
        },
        {
            trigger: ".modal footer button[name='action_wait']",
            run: "click",
        },
        {
            trigger: ".o-mail-Message:contains('The report of the roastery')",
        },
        {
            content: "What was done in such a case before",
            trigger: ".o_notebook a[name='similar']",
            run: "click",
        },
        {
            trigger: ".o_ticket_similar:contains('Cold coffee in Dago street')",
        },
        {
            content: "Done",
            trigger: ".o_statusbar_buttons button[name='action_resolve']",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('Resolved')",
        },
        {
            content: "The next one",
            trigger: ".o_statusbar_buttons button[name='action_next']",
            run: "click",
        },
        {
            trigger:
                ".o_ticket_head textarea:value('Wrong invoice'), .o_ticket_head:contains('Wrong invoice')",
        },
        {
            content: "What was between us and this customer before",
            trigger: ".o_notebook a[name='history']",
            run: "click",
        },
        {
            trigger: ".o_contact_history_entry:contains('Wrong invoice')",
        },
        ...byKeyboard,
    ],
});

registry.category("web_tour.tours").add("crm_service_desk.merge", {
    url: "/odoo/tickets",
    steps: () => [
        {
            trigger: `${row("Cold coffee in Braga street")} .o_list_record_selector input`,
            run: "click",
        },
        {
            trigger: `${row("Cold again")} .o_list_record_selector input`,
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name='action_merge']",
            run: "click",
        },
        {
            content: "The oldest open one is proposed",
            trigger: ".modal .o_field_widget[name='survivor_id'] input:value('Cold coffee in Braga street')",
        },
        {
            trigger: ".modal footer button[name='action_merge']",
            run: "click",
        },
        {
            content: "It goes on here, with what was said there",
            trigger: ".o-mail-Message:contains('I wrote twice')",
        },
        {
            trigger: ".o_notebook a[name='relatives']",
            run: "click",
        },
        {
            content: "What was merged can be opened from here",
            trigger: ".o_field_widget[name='merged_ids']:contains('Cold again')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_service_desk.split", {
    url: "/odoo/tickets",
    steps: () => [
        {
            trigger: `${row("Cold coffee in Braga street")} td[name='name']`,
            run: "click",
        },
        {
            trigger: ".o_notebook a[name='relatives']",
            run: "click",
        },
        {
            trigger: "button[name='action_split']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='name'] input",
            run: "edit Where is my order",
        },
        {
            trigger:
                ".modal .o_data_row:contains('where is my order') .o_field_widget[name='is_taken'] input, .modal .o_data_row:contains('where is my order') td[name='is_taken']",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains('where is my order') td[name='is_taken'] input:checked",
        },
        {
            trigger: ".modal footer button[name='action_split']",
            run: "click",
        },
        {
            trigger:
                ".o_ticket_head textarea:value('Where is my order'), .o_ticket_head:contains('Where is my order')",
        },
        {
            trigger: ".o-mail-Message:contains('where is my order')",
        },
    ],
});
