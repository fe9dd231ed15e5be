import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_loyalty_join_by_public_page", {
    steps: () => [
        {
            content: "The visitor has scanned the code and types name and e-mail",
            trigger: ".o_club_join:contains(Kopi Braga Club) input[name=name]",
            run: "edit Dewi Lestari",
        },
        {
            trigger: ".o_club_join input[name=email]",
            run: "edit dewi@lestari.example",
        },
        {
            content: "The consent is read and ticked",
            trigger: ".o_club_join input[name=consent]",
            run: "click",
        },
        {
            trigger: ".o_club_join button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The mail is on its way",
            trigger: ".o_club_join .alert-success:contains(Look into your mail)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_loyalty_confirm_in_mail", {
    steps: () => [
        {
            content: "The link of the mail shows a button",
            trigger: ".o_club_join button:contains(Confirm and join)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "This is the card",
            trigger: ".o_club_join_card:contains(044)",
        },
        {
            content: "And this the way into the portal",
            trigger: ".o_club_join a:contains(Choose a password)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_loyalty_join_and_leave_in_portal", {
    steps: () => [
        {
            content: "Choose the club",
            trigger: ".o_portal_wrap a:contains(Kopi Braga Club):contains(Join)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_club_join input[name=consent]",
            run: "click",
        },
        {
            trigger: ".o_club_join button:contains(Join)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The card is there; leave again",
            trigger: "a:contains(Leave the club)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What happens with the points is said before",
            trigger: ".o_club_join li:contains(You cannot spend it)",
        },
        {
            trigger: ".o_club_join select[name=leave_reason]",
            run: "selectByLabel Moved away",
        },
        {
            trigger: ".o_club_join button:contains(Leave the club)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-success:contains(You have left the club)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_loyalty_activate_printed_card", {
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
            content: "Scan the card; this one is mistyped",
            trigger: ".modal .o_field_widget[name=card_number] input",
            run: "edit 0440000000001",
        },
        {
            trigger: ".modal button[name=action_enrol]",
            run: "click",
        },
        {
            content: "A clear sentence says so",
            trigger: ".modal:contains(is no card number) .modal-footer button:contains(Close)",
            run: "click",
        },
        {
            content: "Scan it again",
            trigger: ".modal .o_field_widget[name=card_number] input",
            run: "edit 0441000000006",
        },
        {
            trigger: ".modal button[name=action_enrol]",
            run: "click",
        },
        {
            content: "The membership has the printed number",
            trigger: ".o_form_view .o_field_widget[name=card_code]:contains(0441000000006)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_loyalty_import_cards", {
    steps: () => [
        {
            content: "The file is there; check it",
            trigger: ".o_form_view button[name=action_check]",
            run: "click",
        },
        {
            content: "What would be imported and what is refused is said before",
            trigger: ".o_form_view .alert-info:contains(imported: 2):contains(Refused: 1)",
        },
        {
            trigger: ".o_form_view button[name=action_open_rows]",
            run: "click",
        },
        {
            content: "The refused row has its reason",
            trigger: ".o_list_view .o_data_row:contains(is no e-mail address)",
        },
        {
            trigger: ".o_breadcrumb .o_back_button a",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_import]",
            run: "click",
        },
        {
            trigger: ".o_form_view .alert-success:contains(Cards imported: 2)",
        },
    ],
});
