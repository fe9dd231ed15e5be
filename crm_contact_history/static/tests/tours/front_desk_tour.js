import { registry } from "@web/core/registry";
import { CARD, expectTitles, finds, INPUT } from "./tour_steps";

registry.category("web_tour.tours").add("crm_contact_history_front_desk", {
    steps: () => [
        ...finds("0812 2345", "Phone"),
        ...finds("rahmawati.ex", "E-mail"),
        {
            content: "A result by a phone number is marked so",
            trigger: ".o_customer_search_reason .fa-envelope-o",
        },
        { trigger: INPUT, run: "edit qqzz nobody" },
        { content: "Nobody: a new customer can be made", trigger: ".o_customer_search_create" },
        ...finds("TOUR-NEW", "Order"),
        ...finds("rahma", "Name"),
        { content: "Enter chooses", trigger: INPUT, run: "press Enter" },
        { trigger: CARD },
        { trigger: ".o_customer_card_reach a[href^='tel:+62']" },
        { content: "The last contact", trigger: "[data-section=last_contacts] [data-channel=email]" },
        { content: "What is open", trigger: "[data-section=quotations]:contains(TOUR-NEW)" },
        expectTitles("On its way | TOUR-NEW | Ready? | TOUR-OLD"),
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

registry.category("web_tour.tours").add("crm_contact_history_two_of_a_name", {
    steps: () => [
        { trigger: INPUT, run: "edit siti" },
        { trigger: ".o_customer_search_result:contains(Siti Rahmawati)" },
        { trigger: ".o_customer_search_result:contains(Siti Aminah)" },
        { content: "None is chosen yet", trigger: ".o_customer_search_results:not(:has(.active))" },
        { content: "Enter guesses nobody", trigger: INPUT, run: "press Enter" },
        { trigger: ".o_customer_search_several:contains(2 customers match)" },
        { trigger: ".o_front_desk:not(:has(.o_customer_card))" },
        { trigger: INPUT, run: "press ArrowDown" },
        { trigger: ".o_customer_search_result.active:contains(Siti Aminah)" },
        { trigger: INPUT, run: "press ArrowDown" },
        { trigger: ".o_customer_search_result.active:contains(Siti Rahmawati)" },
        { trigger: INPUT, run: "press Enter" },
        { trigger: CARD },
    ],
});

registry.category("web_tour.tours").add("crm_contact_history_workshop", {
    steps: () => [
        { content: "A plate, as he says it", trigger: INPUT, run: "edit d 1234 ab" },
        { trigger: ".o_customer_search_result:contains(Siti Rahmawati):contains(Plate)" },
        { trigger: INPUT, run: "press Enter" },
        { trigger: CARD },
        {
            content: "This car stands first of his ten",
            trigger: ".o_customer_card_assets li:first-child:contains(D 1234 AB)",
        },
        { content: "the usual mechanic", trigger: "li:first-child .o_customer_card_staff:contains(Agus)" },
        { content: "and the oil", trigger: "li:first-child .o_customer_card_service:contains(Oil 5W-30)" },
        {
            content: "What he should know",
            trigger: ".o_customer_card_notes [data-note=dont]:contains(No milk)",
        },
        { content: "Pin a note", trigger: "[data-method=action_front_desk_new_note]", run: "click" },
        { trigger: ".modal .o_field_widget[name=text] textarea", run: "edit Prefers mornings" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        {
            content: "It is on the card at once",
            trigger: ".o_customer_card_notes:contains(Prefers mornings)",
        },
        {
            content: "and the car is still the first",
            trigger: ".o_customer_card_assets li:first-child:contains(D 1234 AB)",
        },
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
        {
            content: "Log a contact here too",
            trigger: ".o_contact_history [data-channel=counter]",
            run: "click",
        },
        { trigger: ".o_log_contact_form textarea", run: "edit Tasted the Flores" },
        { trigger: ".o_log_contact_form button[type=submit]", run: "click" },
        { trigger: ".o_contact_history_entry[data-kind=touchpoint]:contains(Tasted the Flores)" },
        {
            content: "The form was not touched by it",
            trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_dirty))",
        },
    ],
});
