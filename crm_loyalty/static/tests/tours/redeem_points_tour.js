import { registry } from "@web/core/registry";

const CARD_INPUT = ".o_club_card_scan input";

function scan(number) {
    return {
        content: "Scan the card: a scanner types the number and sends Enter",
        trigger: CARD_INPUT,
        run: `edit ${number} && press Enter`,
    };
}

/** The cards are those of the test: Siti's has 60 points, Budi's is another's. */
registry.category("web_tour.tours").add("crm_loyalty_redeem_points", {
    steps: () => [
        {
            content: "A new quotation",
            trigger: ".o_list_button_add",
            run: "click",
        },
        scan("0440000000017"),
        {
            content: "A mistyped number is refused, with the reason",
            trigger: ".o_club_card_scan [role=alert]:contains(mistyped)",
        },
        {
            content: "Nothing has changed",
            trigger: ".o_field_widget[name=partner_id] input:value()",
        },
        scan("0440000000016"),
        {
            content: "The card puts the member on the order",
            trigger: ".o_club_card_scan:contains(Siti of the tour)",
        },
        {
            trigger: "div[name=membership_banner]:contains(Kopi Braga Club):contains(60 Points)",
        },
        scan("0440000000024"),
        {
            content: "The card of somebody else is refused",
            trigger: ".o_club_card_scan [role=alert]:contains(another person's)",
        },
        {
            trigger: ".o_field_x2many_list_row_add > a",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=product_id] input, .o_field_widget[name=product_template_id] input",
            run: "edit Coffee of the tour",
        },
        {
            trigger: ".ui-autocomplete a:contains(Coffee of the tour)",
            run: "click",
        },
        {
            trigger: "[name=order_line] .o_data_row td[name=price_subtotal]:contains(100.00)",
        },
        {
            content: "Redeem points: the quotation is saved",
            trigger: "button[name=action_open_redeem]",
            run: "click",
        },
        {
            content: "The most useful number is proposed",
            trigger: ".modal .o_field_widget[name=points] input:value(60)",
        },
        {
            content: "The customer wants to spend 25",
            trigger: ".modal .o_field_widget[name=points] input",
            run: "edit 25 && press Tab",
        },
        {
            content: "What is left to pay is told",
            trigger: ".modal .o_field_widget[name=amount_left]:contains(75.00)",
        },
        {
            trigger: ".modal button[name=action_redeem]",
            run: "click",
        },
        {
            content: "They are a line of the order, and the banner tells it",
            trigger: "div[name=membership_banner]:contains(25 Points redeemed here)",
        },
        {
            trigger: ".o_form_view .oe_subtotal_footer:contains(75.00)",
        },
    ],
});
