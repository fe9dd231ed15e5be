import { registry } from "@web/core/registry";

const isWide = () => document.documentElement.scrollWidth > document.documentElement.clientWidth;

function assertFits() {
    if (isWide()) {
        throw new Error("The page is wider than the screen.");
    }
}

registry.category("web_tour.tours").add("crm_service_desk.guest_asks", {
    url: "/service/new",
    steps: () => [
        {
            content: "Nobody's login is needed, and the page fits the screen",
            trigger: ".o_ticket_form",
            run: assertFits,
        },
        {
            content: "The questions of a category are asked when it is chosen, not before",
            trigger: ".o_ticket_form:not(:has(.o_ticket_questions:not(.d-none)))",
        },
        {
            trigger: "label[for='ticket_type_complaint']",
            run: "click",
        },
        {
            trigger: "#ticket_subject",
            run: "edit The box was wet",
        },
        {
            trigger: "#ticket_category",
            run: "selectByLabel Parcels",
        },
        {
            trigger: ".o_ticket_questions:not(.d-none) label:contains('How many boxes?')",
        },
        {
            trigger: ".o_ticket_questions:not(.d-none) input",
            run: "edit 2",
        },
        {
            trigger: "#ticket_description",
            run: "edit It stood in the rain.",
        },
        {
            trigger: "#ticket_name",
            run: "edit Dewi Lestari",
        },
        {
            trigger: "#ticket_email",
            run: "edit dewi@lestari.example",
        },
        {
            trigger: ".o_ticket_form button[type=submit]:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_ticket_asked:contains('Look into your mail')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_service_desk.guest_confirms", {
    steps: () => [
        {
            content: "What was written is shown once more",
            trigger: ".o_ticket_asked_text:contains('It stood in the rain.')",
            run: assertFits,
        },
        {
            trigger: "button:contains('Confirm and send')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The number is told at once",
            trigger: ".o_ticket_filed:contains(/Your number is T[0-9]{5}/)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_service_desk.customer_is_asked_questions", {
    url: "/my/tickets/new",
    steps: () => [
        {
            trigger: ".o_ticket_form",
            run: assertFits,
        },
        {
            content: "He has told us that already: it is offered, and he goes on all the same",
            trigger: "#ticket_subject",
            run: "edit The box was wet again",
        },
        {
            trigger: "#ticket_category",
            run: "selectByLabel Parcels",
        },
        {
            trigger: ".o_ticket_alike:contains('Have you told us about this already?')",
        },
        {
            trigger: "#ticket_description",
            run: "edit Once more.",
        },
        {
            trigger: ".o_ticket_questions:not(.d-none) input",
            run: "edit 3",
        },
        {
            trigger: ".o_ticket_form button[type=submit]:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_ticket_filed:contains(/Your number is T[0-9]{5}/)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_service_desk.agent_sees_what_was_told", {
    steps: () => [
        {
            content: "The likely duplicate is offered",
            trigger: ".o_ticket_duplicates:contains('The box was wet')",
        },
        {
            content: "The answers stand on the record",
            trigger: ".nav-link:contains('Record')",
            run: "click",
        },
        {
            trigger: ".o_field_properties:contains('How many boxes?')",
        },
        {
            trigger: ".o_ticket_duplicates button[name='action_open_ticket']",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name='name'] textarea:value('The box was wet'), .o_form_view:contains('It stood in the rain.')",
        },
    ],
});
