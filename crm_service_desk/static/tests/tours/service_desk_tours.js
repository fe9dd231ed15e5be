import { registry } from "@web/core/registry";
import { inputFiles } from "@web/../tests/utils";

const photo = () => new File([new Uint8Array([137, 80, 78, 71])], "cup.png", { type: "image/png" });

registry.category("web_tour.tours").add("crm_service_desk.customer_files_complaint", {
    url: "/my",
    steps: () => [
        {
            content: "The home page has a tile",
            trigger: ".o_portal_index_card a[href='/my/tickets']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Begin a new one",
            trigger: "a.btn[href='/my/tickets/new']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is a complaint",
            trigger: "label[for='ticket_type_complaint']",
            run: "click",
        },
        {
            trigger: "#ticket_subject",
            run: "edit Cold coffee in Braga street",
        },
        {
            trigger: "#ticket_description",
            run: "edit I ordered a latte and it was cold.",
        },
        {
            content: "Eleven files are too many: told before sending",
            trigger: "#ticket_files",
            run: () => inputFiles("#ticket_files", Array.from({ length: 11 }, photo)),
        },
        {
            trigger: ".o_ticket_files_problem:contains('at most 10')",
        },
        {
            content: "One photo is right",
            trigger: "#ticket_files",
            run: () => inputFiles("#ticket_files", [photo()]),
        },
        {
            trigger: ".o_ticket_form:has(.o_ticket_files_problem.d-none) button[type=submit]:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The number is told at once",
            trigger: ".o_ticket_filed:contains(/Your number is T[0-9]{5}/)",
        },
        {
            content: "The photo is there",
            trigger: ".o_ticket_files:contains('cup.png')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_service_desk.agent_answers", {
    url: "/odoo/tickets",
    steps: () => [
        {
            content: "The new ticket is in the list, marked as new",
            trigger: ".o_data_row:contains('Cold coffee in Braga street') .badge:contains('New')",
        },
        {
            trigger: ".o_data_row:contains('Cold coffee in Braga street') td[name='name']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='description']:contains('it was cold')",
        },
        {
            content: "Take it",
            trigger: "button[name='action_assign_to_me']",
            run: "click",
        },
        {
            content: "Answer",
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            trigger: ".o-mail-Composer-input",
            run: "edit We are sorry, Siti. The next latte is on us.",
        },
        {
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            trigger: ".o-mail-Message:contains('The next latte is on us')",
        },
        {
            content: "The first answer puts the ticket in progress",
            trigger: ".o_arrow_button_current:contains('In Progress')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_service_desk.customer_replies", {
    url: "/my/tickets",
    steps: () => [
        {
            trigger: ".o_portal_my_doc_table a:contains('Cold coffee in Braga street')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The answer can be read (the first time the server has to build the chatter's bundle)",
            timeout: 60000,
            trigger: "#chatterRoot:shadow .o-mail-Message:contains('The next latte is on us')",
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Composer-input",
            run: "edit Thank you, that is fair.",
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Message:contains('that is fair')",
        },
    ],
});
