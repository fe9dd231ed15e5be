import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { CARD, ENTRY, expect, press } from "./tour_steps";
import { TABS } from "@crm_contact_history/incoming_call/incoming_call_service";

const DIALOG = ".o_find_customer_dialog";
const PALETTE = ".o_command_palette";
const CALL = ".o_incoming_call";

registry.category("web_tour.tours").add("crm_contact_history_find_from_anywhere", {
    steps: () => [
        { content: "Anywhere in Odoo", trigger: ".o_form_view" },
        { trigger: ".o_find_customer_systray" },
        { content: "By the shortcut", ...press("F", { code: "KeyF", altKey: true, shiftKey: true }) },
        { trigger: `${DIALOG} input`, run: "edit 0812 2345 6701" },
        { trigger: `${DIALOG} .o_customer_search_result:contains(Siti Rahmawati)` },
        { trigger: `${DIALOG} input`, run: "press Enter" },
        { trigger: CARD },
        { trigger: `body:not(:has(${DIALOG}))` },
        {
            content: "From the bar at the top, another customer",
            trigger: ".o_find_customer_systray",
            run: "click",
        },
        { trigger: `${DIALOG} input`, run: "edit paris van java" },
        { trigger: `${DIALOG} .o_customer_search_result`, run: "click" },
        { trigger: ".o_customer_card h2:contains(Paris van Java)" },
        {
            content: "One customer after the other is no path to walk back",
            trigger: ".o_control_panel:not(:has(.breadcrumb-item a:contains(Front Desk)))",
        },
        { content: "Nobody found: create him", trigger: ".o_find_customer_systray", run: "click" },
        { trigger: `${DIALOG} input`, run: "edit Wayan Sudarma" },
        { trigger: `${DIALOG} .o_customer_search_create`, run: "click" },
        {
            content: "with what was typed",
            trigger: ".modal .o_form_view .o_field_widget[name=name]",
            run: ({ anchor }) =>
                expect(() => anchor.querySelector("input, textarea").value === "Wayan Sudarma", "No name"),
        },
        { trigger: ".modal:not(.o_inactive_modal) .o_form_button_save", run: "click" },
        { trigger: ".o_customer_card h2:contains(Wayan Sudarma)" },
    ],
});

registry.category("web_tour.tours").add("crm_contact_history_palette", {
    steps: () => [
        { trigger: ".o_form_view" },
        { trigger: ".o_find_customer_systray" },
        press("k", { ctrlKey: true }),
        { trigger: `${PALETTE}_search input`, run: "edit &rahmawati" },
        { trigger: `${PALETTE} .o_customer_command:contains(Siti Rahmawati):contains(Name)`, run: "click" },
        { trigger: CARD },
        { content: "Two match: Enter shows both", ...press("k", { ctrlKey: true }) },
        { trigger: `${PALETTE}_search input`, run: "edit &siti" },
        { trigger: `${PALETTE} .o_command.focused:contains(2 customers match)` },
        { trigger: `${PALETTE}_search input`, run: "press Enter" },
        { trigger: `${DIALOG} .o_customer_search_result:contains(Siti Aminah)` },
        { trigger: `${DIALOG} .o_customer_search_result:contains(Siti Rahmawati)` },
    ],
});

/** The telephone exchange tells of a call, again until the page listens: with one call_id it is one call. */
const rings = (number) => ({
    content: `${number} is calling`,
    trigger: ".o_find_customer_systray",
    run: async () => {
        for (let tries = 0; tries < 20 && !document.querySelector(CALL); tries++) {
            await rpc("/web/dataset/call_kw/res.partner/incoming_call", {
                model: "res.partner",
                method: "incoming_call",
                args: [number],
                kwargs: { call_id: `tour ${number}` },
            });
            await new Promise((resolve) => setTimeout(resolve, 500));
        }
    },
});

registry.category("web_tour.tours").add("crm_contact_history_incoming_call", {
    steps: () => [
        {
            content: "He is writing",
            trigger: ".o_form_view .o_field_widget[name=name] :is(input, textarea)",
            run: "click",
        },
        rings("+62 812-2345-6701"),
        { trigger: `${CALL}:contains(Siti Rahmawati)` },
        {
            content: "and goes on writing",
            trigger: ".o_form_view",
            run: () =>
                expect(
                    () => document.activeElement.closest("[name=name]"),
                    "The call has taken the focus away"
                ),
        },
        { trigger: `${CALL}_open`, run: "click" },
        { trigger: CARD },
        {
            content: "The call stands in the history",
            trigger: `${ENTRY}[data-kind=touchpoint]:contains(Incoming call)`,
        },
        { trigger: `body:not(:has(${CALL}))` },

        rings("+62 822-7000-1111"),
        { content: "Two have this number", trigger: `${CALL}:contains(Who is it?)` },
        { trigger: `${CALL}_caller:contains(Siti Aminah) ${CALL}_is`, run: "click" },
        { trigger: ".o_customer_card h2:contains(Siti Aminah)" },
        { trigger: `${ENTRY}[data-kind=touchpoint]:contains(Incoming call)` },

        rings("+62 855-1111-2222"),
        { content: "Nobody has this number", trigger: `${CALL}:contains(Nobody is known)` },
        { trigger: `${CALL}_create`, run: "click" },
        { trigger: ".modal .o_field_widget[name=phone] input:value(855)" },
        { trigger: ".modal .o_field_widget[name=name] :is(input, textarea)", run: "edit Wayan Sudarma" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: ".o_customer_card h2:contains(Wayan Sudarma)" },
        { trigger: `${ENTRY}[data-kind=touchpoint]:contains(Incoming call)` },
    ],
});

registry.category("web_tour.tours").add("crm_contact_history_call_note", {
    steps: () => [
        rings("+62 812-2345-6701"),
        { trigger: `${CALL}:contains(Siti Rahmawati)` },
        { content: "While she speaks", trigger: `${CALL}_note`, run: "click" },
        { trigger: ".modal .o_field_widget[name=partner_id] input:value(Siti Rahmawati)" },
        {
            trigger: ".modal .o_field_widget[name=summary] textarea",
            run: "edit Wants it delivered on Friday",
        },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { content: "The call is dealt with", trigger: `body:not(:has(${CALL}))` },
    ],
});

/** What another tab of this browser is told, and tells. */
const heard = [];
const otherTab = new BroadcastChannel(TABS);
otherTab.onmessage = ({ data }) => heard.push(data);

registry.category("web_tour.tours").add("crm_contact_history_call_in_two_tabs", {
    steps: () => [
        rings("+62 812-2345-6701"),
        { trigger: `${CALL}:contains(Siti Rahmawati)` },
        { content: "Answered here", trigger: `${CALL}_open`, run: "click" },
        { trigger: CARD },
        {
            content: "so it goes from the other tab",
            trigger: `body:not(:has(${CALL}))`,
            run: () => expect(() => heard.length === 1, "The other tab still rings"),
        },
        rings("+62 855-1111-2222"),
        {
            content: "Answered in the other tab",
            trigger: `${CALL}:contains(855-1111)`,
            run: () => otherTab.postMessage(heard[0] + 1),
        },
        { content: "so it goes from here", trigger: `body:not(:has(${CALL}))` },
    ],
});
