import { registry } from "@web/core/registry";

/** Press a button of the form, enter why, and confirm. */
function change(button, more = []) {
    return [
        {
            content: `Press ${button}`,
            trigger: `.o_form_view .o_form_statusbar button[name=${button}]`,
            run: "click",
        },
        ...more,
        {
            content: "Enter why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit asked at the desk",
        },
        {
            trigger: ".modal footer button[name=action_apply]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ];
}

registry.category("web_tour.tours").add("crm_loyalty_renew_freeze_end", {
    steps: () => [
        {
            content: "Open the member's membership",
            trigger: ".o_data_row .o_data_cell[name=partner_id]:contains(Siti of the tour)",
            run: "click",
        },
        ...change("action_renew", [
            {
                content: "The new last day is shown",
                trigger: ".modal .o_field_widget[name=new_end]",
            },
        ]),
        ...change("action_freeze"),
        {
            content: "The membership is frozen, and says so",
            trigger: ".o_form_view .alert-info:contains(Frozen: it gives neither discount nor points)",
        },
        ...change("action_unfreeze"),
        {
            content: "It runs again",
            trigger: ".o_form_view .o_statusbar_status .o_arrow_button_current:contains(Running)",
        },
        ...change("action_end", [
            {
                trigger: ".modal .o_field_widget[name=leave_reason_id] input",
                run: "edit Moved",
            },
            {
                trigger: ".ui-autocomplete > li > a:contains(Moved away)",
                run: "click",
            },
        ]),
        {
            content: "It is over",
            trigger: ".o_form_view .o_statusbar_status .o_arrow_button_current:contains(Ended)",
        },
    ],
});
