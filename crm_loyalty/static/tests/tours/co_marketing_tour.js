import { registry } from "@web/core/registry";

function fitsThePhone() {
    if (document.documentElement.scrollWidth > window.innerWidth) {
        throw new Error("The page is wider than the phone");
    }
}

/** A cashier on a phone: the card, the bill, the receipt, and voiding it. */
registry.category("web_tour.tours").add("crm_loyalty_partner_counter", {
    steps: () => [
        {
            content: "The camera is offered, a number can be typed",
            trigger: ".o_partner_scan",
            run: fitsThePhone,
        },
        {
            trigger: "input[name=card_number]",
            run: "edit 0440 0000-00016",
        },
        {
            trigger: ".o_partner_check",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "First name, initial and tier; nothing else of the member",
            trigger: ".o_partner_member:contains(Siti R.):contains(Gold):not(:contains(Rahmawati))",
            run: fitsThePhone,
        },
        {
            trigger: ".o_partner_offer[open] input[name=amount]",
            run: "edit 250",
        },
        {
            trigger: ".o_partner_offer[open] button:contains(Confirm)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The receipt says what to take off",
            trigger: ".o_partner_receipt:contains(Take off):contains(25.00)",
            run: fitsThePhone,
        },
        {
            trigger: ".o_partner_void summary",
            run: "click",
        },
        {
            trigger: ".o_partner_void input[name=reason]",
            run: "edit Wrong table",
        },
        {
            trigger: ".o_partner_void button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_partner_receipt:contains(Voided):contains(Wrong table)",
        },
    ],
});

/** Our manager makes an agreement: partner, outlet, terms with a benefit, proposal. */
registry.category("web_tour.tours").add("crm_loyalty_make_agreement", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit Warung of the tour",
        },
        {
            trigger: ".ui-autocomplete a:contains(Warung of the tour)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=outlet_ids] .o_field_x2many_list_row_add > a",
            run: "click",
        },
        {
            content: "Only outlets of this partner are offered",
            trigger: ".modal .o_data_row:contains(Dago) .o_data_cell:first",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=outlet_ids] .o_data_row:contains(Dago)",
        },
        {
            content: "Write the terms",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_statusbar_buttons button:contains(Write the Terms)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=benefit_ids] .o_field_x2many_list_row_add > a",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=name] input, .modal .o_field_widget[name=name] textarea",
            run: "edit Free tea",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=benefit_ids] .o_data_row:contains(Free tea)",
        },
        {
            trigger: ".o_form_button_save:not(:disabled)",
            run: "click",
        },
        {
            trigger: ".o_statusbar_buttons button:contains(Propose to the Partner)",
            run: "click",
        },
        {
            content: "It waits for the partner",
            trigger: ".o_arrow_button_current:contains(Proposed)",
        },
    ],
});

/** The partner's manager reads it and signs. */
registry.category("web_tour.tours").add("crm_loyalty_sign_agreement", {
    steps: () => [
        {
            trigger: "a:contains(CMA/)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_partner_proposal:contains(Free tea)",
            run: fitsThePhone,
        },
        {
            trigger: ".o_web_sign_name_and_signature input",
            run: "edit Agus Warung",
        },
        {
            trigger: "canvas.o_web_sign_signature",
            run: "canvasNotEmpty",
        },
        {
            trigger: ".o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-success:contains(The terms are accepted)",
        },
    ],
});
