import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_loyalty_enrol_and_quote", {
    steps: () => [
        {
            content: "Enrol the customer from the contact form",
            trigger: ".o_form_view button[name=action_enrol_in_club]",
            run: "click",
        },
        {
            content: "Choose the club",
            trigger: ".modal .o_field_widget[name=club_id] input",
            run: "edit Kopi Braga",
        },
        {
            trigger: ".ui-autocomplete > li > a:contains(Kopi Braga Club)",
            run: "click",
        },
        {
            content: "The lowest tier is given",
            trigger: ".modal .o_field_widget[name=tier_id]:contains(Green)",
        },
        {
            trigger: ".modal button[name=action_enrol]",
            run: "click",
        },
        {
            content: "The membership has a card number",
            trigger: ".o_form_view .o_field_widget[name=card_code]:contains(044)",
        },
        {
            content: "Back to the contact",
            trigger: ".o_field_widget[name=partner_id] a:contains(Siti of the tour)",
            run: "click",
        },
        {
            content: "The contact shows its club; make a quotation",
            trigger: ".o_form_view button[name=action_open_memberships]",
        },
        {
            trigger:
                ".o_form_view .oe_stat_button[name='sale.act_res_partner_2_sale_order'], .o_form_view .oe_stat_button:contains(Sales)",
            run: "click",
        },
        {
            trigger: ".o_list_button_add",
            run: "click",
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
            content: "The product and its price are taken over",
            trigger: "[name=order_line] .o_data_row td[name=price_subtotal]:contains(100.00)",
        },
        {
            content: "Leave the line",
            trigger: "a[name=order_lines]",
            run: "click",
        },
        {
            trigger: "[name=order_line]:not(:has(.o_selected_row))",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The discount of the tier is on the quotation",
            trigger: ".o_field_one2many[name=order_line] .o_data_row:contains(5% for Green members)",
        },
        {
            content: "The banner names the club and the tier",
            trigger: "div[name=membership_banner]:contains(Kopi Braga Club):contains(Green)",
        },
    ],
});
