import { registry } from "@web/core/registry";

/** At our desk: the number of a partner's card on a quotation. A mistyped one says so, a good one gives the discount. */
registry.category("web_tour.tours").add("crm_loyalty_partner_number", {
    steps: () => [
        {
            trigger: ".o_club_card_scan input",
            run: "edit HK7712",
        },
        {
            trigger: ".o_club_card_scan button",
            run: "click",
        },
        {
            content: "Mistyped: nothing is given, and it says why",
            trigger: ".o_club_card_scan [role=alert]",
        },
        {
            content: "As a scanner does: the number, then Enter",
            trigger: ".o_club_card_scan input",
            run: "edit HK77 1234-56 && press Enter",
        },
        {
            content: "It says what he gets",
            trigger: ".o_club_card_scan .text-success:contains(20%)",
        },
        {
            content: "The discount is on the order",
            trigger: ".o_field_widget[name=order_line] .o_data_row:contains(20%)",
        },
        {
            trigger: "button[name=action_confirm]:visible",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(Sales Order)",
        },
    ],
});
