import { registry } from "@web/core/registry";
import { CARD, ENTRY, expect, INPUT } from "./tour_steps";

const ASSET = ".o_customer_card_assets li:first-child";
const NOTES = ".o_customer_card_notes";
const MODAL = ".modal:not(.o_inactive_modal)";
const CHOICE = ".o-autocomplete--dropdown-item";

registry.category("web_tour.tours").add("crm_contact_history_new_owner", {
    steps: () => [
        { content: "A plate, as he says it", trigger: INPUT, run: "edit d1234-ab" },
        { trigger: ".o_customer_search_result:contains(Siti Rahmawati):contains(Plate)" },
        { trigger: INPUT, run: "press Enter" },
        { content: "Whose it is", trigger: CARD },
        { content: "Who looks after it", trigger: `${ASSET} .o_customer_card_staff:contains(Agus)` },
        { content: "What was used last", trigger: `${ASSET} .o_customer_card_service:contains(Oil 5W-30)` },
        { content: "She sold it", trigger: `${ASSET} a:contains(D 1234 AB)`, run: "click" },
        { trigger: ".o_form_view button[name=action_new_owner]", run: "click" },
        { trigger: `${MODAL} .o_field_widget[name=former_id]:contains(Siti Rahmawati)` },
        { trigger: `${MODAL} .o_field_widget[name=partner_id] input`, run: "edit Rina" },
        { trigger: `${CHOICE}:contains(Rina Wijaya)`, run: "click" },
        {
            content: "five days ago",
            trigger: `${MODAL} .o_field_widget[name=since] input, ${MODAL} .o_field_widget[name=since] button`,
            run: "click",
        },
        {
            trigger: `${MODAL} .o_field_widget[name=since] input`,
            run: `edit ${luxon.DateTime.now().minus({ days: 5 }).toFormat("MM/dd/yyyy HH:mm:ss")}`,
        },
        { trigger: `${MODAL} button[name=action_change]`, run: "click" },
        { trigger: `.o_form_view .o_field_widget[name=partner_id]:has(input:value(Rina Wijaya))` },
        { content: "The history of owners", trigger: ".o_notebook a[name=owners]", run: "click" },
        { trigger: ".o_field_widget[name=owner_ids] .o_data_row:contains(Siti Rahmawati)" },
        { trigger: ".o_field_widget[name=owner_ids] .o_data_row:contains(Rina Wijaya)" },
        { content: "Back at the desk", trigger: ".breadcrumb-item a:contains(Front Desk)", run: "click" },
        { trigger: INPUT, run: "edit D 1234 AB" },
        {
            content: "the plate finds the new owner",
            trigger: ".o_customer_search_result:contains(Rina Wijaya):contains(Plate)",
            run: "click",
        },
        {
            content: "who sees since when he has it",
            trigger: `${ASSET}:contains(D 1234 AB):contains(since)`,
        },
    ],
});

registry.category("web_tour.tours").add("crm_contact_history_notes", {
    steps: () => [
        { trigger: CARD },
        {
            content: "Two are to be looked at again",
            trigger: `${NOTES} li:contains(No milk):contains(Still true?)`,
        },
        { trigger: `${NOTES} li:contains(Calls her brother):contains(Still true?)` },
        {
            content: "One holds",
            trigger: `${NOTES} li:contains(No milk) button:contains(Yes)`,
            run: "click",
        },
        { trigger: `${NOTES} li:contains(No milk):not(:contains(Still true?))` },
        { content: "and the other no longer", trigger: `${NOTES} button[aria-label*=brother]`, run: "click" },
        { trigger: `${MODAL} .o_field_widget[name=active] input`, run: "click" },
        { trigger: `${MODAL} .o_form_button_save`, run: "click" },
        { trigger: `${NOTES}:not(:contains(brother))` },
        {
            content: "A new one",
            trigger: "[data-method=action_front_desk_new_note]",
            run: "click",
        },
        { trigger: `${MODAL} .o_field_widget[name=kind] label:contains(Do not)`, run: "click" },
        { trigger: `${MODAL} .o_field_widget[name=text] textarea`, run: "edit Never call before ten" },
        { trigger: `${MODAL} .o_form_button_save`, run: "click" },
        {
            trigger: `${NOTES} [data-note=dont]:contains(Never call before ten):contains(Agus):contains(to review on)`,
        },
    ],
});

registry.category("web_tour.tours").add("crm_contact_history_documents", {
    steps: () => [
        { trigger: CARD },
        { content: "All his documents", trigger: "[data-method=action_front_desk_documents]", run: "click" },
        { trigger: ".o_breadcrumb .active:contains(Documents of Siti Rahmawati)" },
        { trigger: ".o_kanban_record:contains(waybill.txt)" },
        { trigger: ".o_kanban_record:contains(Passport)" },
        {
            content: "By kind, in our words",
            trigger: ".o_search_panel_category_value:contains(Quotations and orders) header",
            run: "click",
        },
        { trigger: ".o_kanban_renderer:not(:contains(Passport)) .o_kanban_record:contains(offer.txt)" },
        {
            content: "and by what stands in them",
            trigger: ".o_searchview_input",
            run: "edit secret blend",
        },
        { trigger: ".o_searchview_input", run: "press Enter" },
        { trigger: ".o_kanban_renderer:not(:contains(waybill.txt)) .o_kanban_record:contains(offer.txt)" },
        {
            content: "The record it belongs to",
            trigger: ".o_kanban_record:contains(offer.txt) [name=action_open_record]",
            run: "click",
        },
        { trigger: ".o_form_view .o_field_widget[name=name]:contains(TOUR-NEW)" },
    ],
});

registry.category("web_tour.tours").add("crm_contact_history_plan_calls", {
    steps: () => [
        { content: "Nobody spoke with them for 90 days", trigger: ".o_facet_values:contains(90 Days)" },
        { trigger: ".o_data_row:contains(Quiet One)" },
        { trigger: ".o_data_row:contains(Quiet Two)" },
        { trigger: ".o_list_view:not(:contains(Siti Rahmawati))" },
        { content: "All of them", trigger: "thead .o_list_record_selector input", run: "click" },
        { trigger: "button[name=action_plan_calls]", run: "click" },
        { trigger: `${MODAL} .o_field_widget[name=partner_ids]:contains(Quiet Two)` },
        { trigger: `${MODAL} .o_field_widget[name=summary] input`, run: "edit Ask about the new roast" },
        { trigger: `${MODAL} button[name=action_plan]`, run: "click" },
        { trigger: ".o_notification:contains(activities planned)" },
        {
            content: "Each has his call",
            trigger: ".o_data_row:contains(Quiet One) .o_field_widget[name=activity_ids]:contains(Ask about)",
        },
        { trigger: ".o_data_row:contains(Quiet Two) .o_field_widget[name=activity_ids]:contains(Ask about)" },
    ],
});

registry.category("web_tour.tours").add("crm_contact_history_anonymise", {
    steps: () => [
        { trigger: ".o_form_view .o_cp_action_menus .fa-cog", run: "click" },
        { trigger: ".o-dropdown--menu .o-dropdown-item:contains(Anonymise)", run: "click" },
        { content: "What goes and what stays", trigger: `${MODAL}:contains(What goes):contains(What stays)` },
        { trigger: `${MODAL} button[name=action_anonymise]`, run: "click" },
        { content: "Not by one click", trigger: `${MODAL}:contains(Say that you know)` },
        { trigger: `${MODAL} button:contains(Close)`, run: "click" },
        { trigger: `${MODAL} .o_field_widget[name=is_sure] input`, run: "click" },
        { trigger: `${MODAL} button[name=action_anonymise]`, run: "click" },
        {
            trigger:
                ".o_form_view .o_field_widget[name=name] input:value(Anonymised contact), .o_form_view .o_field_widget[name=name] textarea:value(Anonymised contact)",
        },
        { trigger: ".o_form_view .o_field_widget[name=email] input:not(:value(@))" },
    ],
});

/** A file chosen in the importer. */
const upload = (name, text) => ({
    content: `Choose ${name}`,
    trigger: ".o_import_action",
    run: async () => {
        const input = document.querySelector(".o_control_panel input[type=file]");
        const files = new DataTransfer();
        files.items.add(new File([await text()], name, { type: "text/csv" }));
        input.files = files.files;
        input.dispatchEvent(new Event("change"));
    },
});

const EXAMPLE = "/crm_contact_history/static/import_templates/crm_touchpoint.csv";
const example = async () => (await fetch(EXAMPLE)).text();

registry.category("web_tour.tours").add("crm_contact_history_import", {
    steps: () => [
        { trigger: ".o_list_view .o_cp_action_menus .fa-cog, .o_control_panel .fa-cog", run: "click" },
        { trigger: ".o-dropdown--menu .o-dropdown-item:contains(Import records)", run: "click" },
        {
            content: "An example file is offered",
            trigger: `.o_import_action a[href='${EXAMPLE}']:contains(Import Template)`,
        },
        upload("broken.csv", async () =>
            (await example()).replace('"visit"', '"pigeon"').replace('"1:15"', '"ten past"')
        ),
        { content: "Every column is recognised", trigger: ".o_import_data_content:contains(Duration)" },
        { trigger: ".o_control_panel button:contains(Test)", run: "click" },
        {
            content: "Nothing is imported",
            trigger: ".o_import_action .alert-danger:contains(blocking errors)",
        },
        { content: "What is wrong is said", trigger: ".o_import_action .alert-danger:contains(pigeon)" },
        upload("contacts.csv", example),
        { trigger: ".o_import_action:not(:has(.alert-danger)):not(:contains(broken))" },
        { trigger: ".o_import_data_content:contains(Duration)" },
        { trigger: ".o_control_panel button:contains(Test)", run: "click" },
        {
            content: "Everything fits",
            trigger: ".o_import_action .alert-info:contains(Everything seems valid)",
        },
        { trigger: ".o_control_panel button:contains(Import)", run: "click" },
        { content: "Back in the list", trigger: ".o_data_row:contains(Asks for the price of hampers)" },
        { trigger: ".o_data_row:contains(Showed the new beans):contains(01:15)" },
    ],
});

registry.category("web_tour.tours").add("crm_contact_history_form_opens_the_card", {
    steps: () => [
        { trigger: ".o_form_view button[name=action_front_desk_open_card]", run: "click" },
        { trigger: CARD },
        { trigger: ENTRY },
        {
            content: "What one looks at stands apart from what one does",
            trigger: ".o_customer_card_links [data-method=action_who_knows]",
            run: "click",
        },
        { trigger: ".o_list_view" },
        { content: "Back to the customer", trigger: ".breadcrumb-item a:contains(Front Desk)", run: "click" },
        { trigger: CARD },
        {
            content: "His address can be sent to a colleague",
            trigger: ".o_front_desk",
            run: () =>
                expect(
                    () => /front-desk\/\d+$/.test(window.location.pathname),
                    () => `The address is ${window.location.pathname}`
                ),
        },
    ],
});
