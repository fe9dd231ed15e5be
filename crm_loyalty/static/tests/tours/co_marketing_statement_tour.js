import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_loyalty_partner_statement", {
    steps: () => [
        {
            content: "Open the statement that waits",
            trigger: ".list-group-item:contains('CMS/'):contains('Sent')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "One line is not right",
            trigger: "li.list-group-item:first details summary",
            run: "click",
        },
        {
            content: "Say why",
            trigger: "li.list-group-item:first input[name=reason]",
            run: "edit We had closed",
        },
        {
            content: "Dispute it",
            trigger: "li.list-group-item:first button:contains('Dispute')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It counts no more; confirm the rest",
            trigger: ".card:contains('Disputed lines: 1') button:contains('Confirm')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Confirmed",
            trigger: ".card .badge:contains('Confirmed')",
        },
    ],
});
