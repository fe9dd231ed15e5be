import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_service_desk.article_written_and_published", {
    url: "/odoo/articles",
    steps: () => [
        {
            content: "A new article",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: "div[name=name] textarea",
            run: "edit Where do I park?",
        },
        {
            content: "For everybody",
            trigger: "div[name=audience] label:contains('Public')",
            run: "click",
        },
        {
            trigger: "div[name=body] .odoo-editor-editable",
            run: "editor In the garage of the museum, two minutes away.",
        },
        {
            content: "Published at once: the draft is saved first",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: "button[name=action_publish]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('Published')",
        },
        {
            content: "The first version is kept",
            trigger: "button[name=action_open_versions]:contains('1')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_service_desk.help_searched_and_voted", {
    url: "/my",
    steps: () => [
        {
            content: "The home page has a tile",
            trigger: ".o_portal_index_card a[href='/help']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Typed with a mistake",
            trigger: "input[name=search]",
            run: "edit reciept",
        },
        {
            trigger: ".o_help_search button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The word is marked",
            trigger: ".list-group-item mark:contains('receipt')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_help_article:contains('Bring the receipt')",
        },
        {
            trigger: ".o_help_vote button[value=no]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#help_comment",
            run: "edit Which shop?",
        },
        {
            trigger: ".o_help_vote button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_help_vote:contains('we read every comment')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_service_desk.form_suggests_article", {
    url: "/my/tickets/new",
    steps: () => [
        {
            trigger: "#ticket_description",
            run: "edit It was cold.",
        },
        {
            trigger: "#ticket_subject",
            run: "edit I want a refnd",
        },
        {
            content: "Was this it?",
            trigger: ".o_help_suggestions button.o_help_suggestion_title:contains('refund')",
            run: "click",
        },
        {
            content: "The text opens in place",
            trigger: ".o_help_panel:not(.d-none) .o_help_text:contains('three days')",
        },
        {
            content: "Nothing typed is lost",
            trigger: "#ticket_description",
            run() {
                if (this.anchor.value !== "It was cold.") {
                    throw new Error("What was typed is lost.");
                }
            },
        },
        {
            trigger: ".o_help_solved",
            run: "click",
        },
        {
            trigger: ".o_help_thanks:not(.d-none):contains('need not send')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_service_desk.article_into_answer", {
    steps: () => [
        {
            trigger: ".o_notebook_headers a[name=articles]",
            run: "click",
        },
        {
            content: "Found by the subject",
            trigger: ".o_article_suggestions li:contains('refund') .o_article_insert_text",
            run: "click",
        },
        {
            content: "Its text stands in the composer",
            trigger: ".modal .odoo-editor-editable:contains('Bring the receipt')",
        },
        {
            trigger: ".modal button[name=action_send_mail]",
            run: "click",
        },
        {
            trigger: ".o-mail-Message:contains('Bring the receipt')",
        },
    ],
});
