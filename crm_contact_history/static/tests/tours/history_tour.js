import { registry } from "@web/core/registry";
import { CARD, ENTRY, expect, expectFocus, expectTitles, press } from "./tour_steps";

const MENU = ".o_contact_history_menu";
const facet = (name) => `.o_contact_history_filters [data-facet=${name}]`;
const option = (value) => `${MENU} .o-dropdown-item[data-option='${value}']`;
const chip = (key) => `.o_contact_history_chip[data-chip=${key}]`;

registry.category("web_tour.tours").add("crm_contact_history_filters", {
    steps: () => [
        { trigger: CARD },
        { content: "Only e-mails", trigger: facet("kinds"), run: "click" },
        { trigger: option("email"), run: "click" },
        expectTitles("On its way | Ready?"),
        { content: "and of these what we wrote", trigger: facet("directions"), run: "click" },
        { trigger: option("out"), run: "click" },
        expectTitles("On its way"),
        { content: "A chip takes one filter off", trigger: `${chip("kinds")} button`, run: "click" },
        { trigger: `body:not(:has(${chip("kinds")}))` },
        expectTitles("On its way"),
        { trigger: `${chip("directions")} button`, run: "click" },
        expectTitles("On its way | TOUR-NEW | Ready? | TOUR-OLD"),
        { content: "By a word", trigger: ".o_contact_history_find input", run: "edit ready" },
        expectTitles("Ready?"),
        { content: "Nothing of this kind", trigger: facet("whom"), run: "click" },
        { trigger: option("internal"), run: "click" },
        { trigger: ".o_contact_history_empty:contains(Take a filter off)" },
        { trigger: ".o_contact_history_clear", run: "click" },
        expectTitles("On its way | TOUR-NEW | Ready? | TOUR-OLD"),
        {
            content: "The field is empty again",
            trigger: ".o_contact_history_find input",
            run: ({ anchor }) => expect(() => anchor.value === "", "The word still stands in the field"),
        },
        { content: "By our person", trigger: facet("user_ids"), run: "click" },
        { trigger: `${MENU} .o-dropdown-item:contains(Agus)`, run: "click" },
        { trigger: `${chip("user_ids")}:contains(Agus)` },
        expectTitles("TOUR-NEW | TOUR-OLD"),
    ],
});

registry.category("web_tour.tours").add("crm_contact_history_month", {
    steps: () => [
        { trigger: CARD },
        { trigger: ".o_contact_history_jump", run: "click" },
        {
            content: "To the year before",
            trigger: ".o_month_picker button[aria-label='Year before']",
            run: "click",
        },
        { trigger: ".o_month_picker [data-month$='-06-01']", run: "click" },
        expectTitles("TOUR-ANCIENT"),
        { trigger: `${chip("month")}:contains(June)` },
        { trigger: ".o_contact_history_newest", run: "click" },
        expectTitles("On its way | TOUR-NEW | Ready? | TOUR-OLD | TOUR-ANCIENT"),
        { trigger: ".o_contact_history_jump", run: "click" },
        {
            content: "What lies ahead cannot be chosen",
            trigger: ".o_month_picker button[aria-label='Year after']:disabled",
        },
    ],
});

const entries = () => document.querySelectorAll(ENTRY);
const expectEntries = (number) => ({
    content: `${number} entries are read`,
    trigger: ".o_contact_history",
    run: () =>
        expect(
            () => entries().length === number,
            () => `${entries().length} entries are read, not ${number}`
        ),
});
const scrollToEnd = {
    content: "Scroll to the end",
    trigger: ".o_contact_history",
    run: () => [...entries()].at(-1).scrollIntoView(),
};

registry.category("web_tour.tours").add("crm_contact_history_scroll", {
    steps: () => [
        { trigger: ".o_customer_card h2:contains(Paris van Java)" },
        { content: "Today stands above", trigger: ".o_contact_history_date:first:contains(Today)" },
        {
            content: "What happened with Rina is the company's too",
            trigger: `${ENTRY}:contains(Call 1 of 70)`,
        },
        { content: "No more than a page", ...expectEntries(30) },
        scrollToEnd,
        expectEntries(60),
        scrollToEnd,
        expectEntries(71),
        {
            content: "The seventy and first is the oldest, under its own day",
            trigger:
                ".o_contact_history_day:last:not(:contains(Call)) .o_contact_history_entry:contains(Letter)",
        },
        { content: "Only this contact", trigger: facet("whom"), run: "click" },
        { trigger: `${MENU} .o-dropdown-item:contains(Only this contact)`, run: "click" },
        expectTitles("Letter to the company"),
    ],
});

registry.category("web_tour.tours").add("crm_contact_history_keyboard", {
    steps: () => [
        { trigger: CARD },
        expectTitles("On its way | TOUR-NEW | Ready? | TOUR-OLD"),
        {
            content: "Tab comes to one entry only",
            trigger: `${ENTRY}[tabindex='0']`,
            run: () => {
                const count = document.querySelectorAll(`${ENTRY}[tabindex='0']`).length;
                if (count !== 1) {
                    throw new Error(`${count} entries can be reached by Tab`);
                }
            },
        },
        {
            content: "One key goes there from wherever the focus is",
            ...press("y", { altKey: true, code: "KeyY" }),
        },
        expectFocus("On its way"),
        press("j"),
        expectFocus("TOUR-NEW"),
        press("ArrowDown"),
        expectFocus("Ready?"),
        press("k"),
        press("k"),
        expectFocus("On its way"),
        { content: "Enter unfolds the mail", ...press("Enter") },
        { trigger: ".o_contact_history_body:contains(It is on its way with the courier)" },
        {
            content: "with who wrote it and to whom",
            trigger: ".o_contact_history_body:contains(To Siti Rahmawati)",
        },
        {
            content: "and what was attached",
            trigger: ".o_contact_history_attachments a[href*='/web/content/']:contains(waybill.txt)",
        },
        press("Escape"),
        { trigger: ".o_contact_history:not(:has(.o_contact_history_body))" },
        expectFocus("On its way"),
        press("/"),
        {
            content: "The slash goes to the filter, Escape back",
            trigger: ".o_contact_history_find input",
            run: ({ anchor }) =>
                expect(() => document.activeElement === anchor, "The filter has not the focus"),
        },
        press("Escape"),
        expectFocus("On its way"),
        {
            content: "By the mouse",
            trigger: `${ENTRY}:contains(Ready?) .o_contact_history_unfold`,
            run: "click",
        },
        { trigger: `${ENTRY}:contains(Ready?) .o_contact_history_body:contains(Is it ready?)` },
        press("j"),
        { content: "o opens the document", ...press("o") },
        { trigger: ".o_form_view .o_field_widget[name=name]:contains(TOUR-)" },
    ],
});

registry.category("web_tour.tours").add("crm_contact_history_log", {
    steps: () => [
        { trigger: CARD },
        {
            content: "A mouse tells what an icon means, without a word beside it",
            trigger: ".o_log_contact [data-channel=phone][title]:not(:has(.o_log_contact_name:visible))",
        },
        { content: "One click", trigger: ".o_log_contact [data-channel=phone]", run: "click" },
        { trigger: ".o_log_contact_form textarea", run: "edit Asked for decaf" },
        { trigger: ".o_log_contact_form .o_log_contact_minutes", run: "edit 5" },
        { content: "Two clicks", trigger: ".o_log_contact_form button[type=submit]", run: "click" },
        { trigger: `${ENTRY}[data-kind=touchpoint]:contains(Asked for decaf)` },
        { trigger: ".o_customer_card [data-section=last_contacts] [data-channel=phone]:contains(Agus)" },
        { content: "By the keyboard", trigger: ".o_log_contact [data-channel=visit]", run: "click" },
        { trigger: ".o_log_contact_form [data-direction=out]", run: "click" },
        { trigger: ".o_log_contact_form textarea", run: "edit Brought the samples" },
        { trigger: ".o_log_contact_form textarea", run: "press Control+Enter" },
        { trigger: `${ENTRY}[data-kind=touchpoint]:contains(Brought the samples)` },
        { trigger: ".o_log_contact:not(:has(form))" },
        { content: "The whole form", trigger: ".o_log_contact [data-channel=letter]", run: "click" },
        { trigger: ".o_log_contact_form textarea", run: "edit A complaint by post" },
        { trigger: ".o_log_contact_more", run: "click" },
        { trigger: ".modal .o_field_widget[name=subject] input:value(A complaint by post)" },
        { trigger: ".modal .o_form_button_save, .modal button[special=save]", run: "click" },
        { trigger: `${ENTRY}[data-kind=touchpoint]:contains(A complaint by post)` },
        { content: "From wherever the focus is", ...press("l", { altKey: true, code: "KeyL" }) },
        { trigger: ".o_log_contact_form textarea" },
    ],
});

registry.category("web_tour.tours").add("crm_contact_history_phone", {
    steps: () => [
        { trigger: CARD },
        {
            content: "A finger has no tooltips: each way of contact has its name below its icon",
            trigger: ".o_log_contact [data-channel=phone] .o_log_contact_name:visible",
            run: () =>
                expect(
                    () =>
                        [...document.querySelectorAll(".o_log_contact [data-channel]")].every(
                            (button) => button.innerText.trim() === button.title
                        ),
                    "A way of contact without its name"
                ),
        },
        {
            content: "The filters are one button",
            trigger: ".o_contact_history_all_filters:contains(Filters)",
        },
        { trigger: ".o_contact_history_filters:not(:has([data-facet]))" },
        { trigger: ".o_contact_history_all_filters", run: "click" },
        { trigger: option("email"), run: "click" },
        { trigger: ".o_contact_history_all_filters:contains((1))" },
        {
            content: "Nothing is wider than the screen",
            trigger: ".o_front_desk",
            run: () =>
                expect(
                    () => document.querySelector(".o_front_desk").scrollWidth <= window.innerWidth,
                    "The page is wider than the screen"
                ),
        },
    ],
});
