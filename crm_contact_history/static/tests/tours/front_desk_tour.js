import { registry } from "@web/core/registry";

const INPUT = ".o_customer_search input";
const CARD = ".o_customer_card h2:contains(Siti Rahmawati)";

/** Look for a term and expect Siti for this reason. */
const finds = (term, reason) => [
    { content: `Look for ${term}`, trigger: INPUT, run: `edit ${term}` },
    {
        content: `Siti is found by ${reason}`,
        trigger: `.o_customer_search_result:contains(Siti Rahmawati):contains(${reason})`,
    },
];

/** The titles of the history, from the top. */
const titles = () =>
    [...document.querySelectorAll(".o_contact_history_open")]
        .map((link) => link.textContent.trim())
        .join(" | ");

const expectTitles = (expected) => ({
    content: "Orders and e-mails, newest first",
    trigger: ".o_contact_history_entry",
    run: () => {
        if (titles() !== expected) {
            throw new Error(`The history is "${titles()}" and should be "${expected}"`);
        }
    },
});

registry.category("web_tour.tours").add("crm_contact_history_front_desk", {
    steps: () => [
        ...finds("0812 2345", "Phone"),
        ...finds("rahmawati.ex", "E-mail"),
        { trigger: INPUT, run: "edit qqzz nobody" },
        { content: "Nobody: a new customer can be made", trigger: ".o_customer_search_create" },
        ...finds("rahma", "Name"),
        { content: "Enter chooses", trigger: INPUT, run: "press Enter" },
        { trigger: CARD },
        { trigger: ".o_customer_card_reach a[href^='tel:+62']" },
        expectTitles("On its way | TOUR-NEW | Ready? | TOUR-OLD"),
        { content: "Only e-mails", trigger: ".o_contact_history_filters [data-kind=email]", run: "click" },
        { trigger: ".o_contact_history:not(:has(.o_contact_history_entry[data-kind=quotation]))" },
        expectTitles("On its way | Ready?"),
        { trigger: ".o_contact_history_filters [data-kind=email]", run: "click" },
        {
            content: "Open the document",
            trigger: ".o_contact_history_entry[data-kind=quotation] a:contains(TOUR-NEW)",
            run: "click",
        },
        { trigger: ".o_form_view .o_field_widget[name=name]:contains(TOUR-NEW)" },
        { content: "Back to the customer", trigger: ".breadcrumb-item a:contains(Front Desk)", run: "click" },
        { trigger: CARD },
    ],
});

registry.category("web_tour.tours").add("crm_contact_history_deep_link", {
    steps: () => [
        { trigger: CARD },
        { trigger: ".o_customer_card [data-method=action_front_desk_new_quotation]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=partner_id] input:value(Siti Rahmawati)" },
    ],
});

registry.category("web_tour.tours").add("crm_contact_history_form", {
    steps: () => [
        { trigger: ".o_form_view .o_notebook a[name=contact_history]", run: "click" },
        { trigger: ".o_contact_history_entry a:contains(TOUR-NEW)" },
    ],
});
