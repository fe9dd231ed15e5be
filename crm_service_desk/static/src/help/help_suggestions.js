import { markup } from "@odoo/owl";
import { get, post } from "@web/core/network/http_service";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { setElementContent } from "@web/core/utils/html";
import { renderToFragment } from "@web/core/utils/render";
import { Interaction } from "@web/public/interaction";

const TYPING_PAUSE = 400;
const SHORTEST_SUBJECT = 4;

/**
 * "Was this it?": while the subject of a ticket is typed, articles that may answer it appear below the field. A click
 * opens the text in place, so that nothing typed is lost. Without JavaScript, or when the server does not answer, the
 * form works as without articles.
 */
export class HelpSuggestions extends Interaction {
    static selector = ".o_ticket_form";
    static selectorHas = "input[name='subject']";
    dynamicContent = {
        "input[name='subject']": { "t-on-input": this.debounced(this.suggest, TYPING_PAUSE) },
        ".o_help_suggestions": { "t-on-click": this.onClick },
    };

    setup() {
        this.asked = 0;
        this.shown = "";
    }

    start() {
        this.subject = this.el.querySelector("input[name='subject']");
        [this.box] = this.renderAt("crm_service_desk.HelpSuggestions", {}, this.subject, "afterend");
        this.list = this.box.querySelector("ul");
        if (this.subject.value) {
            return this.suggest();
        }
    }

    async suggest() {
        const subject = this.subject.value.trim();
        const asked = ++this.asked;
        let articles = [];
        if (subject.length >= SHORTEST_SUBJECT) {
            try {
                articles = await this.waitFor(rpc("/help/suggest", { subject }, { silent: true }));
            } catch {
                return; // suggestions are a help, never an obstacle
            }
        }
        // Another letter was typed meanwhile: this answer is old. Who is reading keeps what he reads.
        if (asked === this.asked && !this.isReading()) {
            this.show(articles);
        }
    }

    show(articles) {
        const key = articles.map((article) => article.id).join();
        if (key === this.shown) {
            return;
        }
        this.shown = key;
        const items = articles.map((article) => ({
            ...article,
            // made by the server from escaped text
            excerpt: markup(article.excerpt),
        }));
        this.list.replaceChildren(
            renderToFragment("crm_service_desk.HelpSuggestionItems", { articles: items })
        );
        this.box.classList.toggle("d-none", !items.length);
        // Told to a screen reader once, not read out whole.
        const status = this.box.querySelector("[role=status]");
        status.textContent = items.length ? status.dataset.text : "";
    }

    isReading() {
        return Boolean(this.list.querySelector("[aria-expanded=true]"));
    }

    onClick(event) {
        const button = event.target.closest("button");
        const item = button?.closest("li");
        if (button?.matches(".o_help_suggestion_title")) {
            return this.toggle(item, button.getAttribute("aria-expanded") !== "true");
        }
        if (button?.matches(".o_help_not_this")) {
            this.toggle(item, false);
            item.querySelector(".o_help_suggestion_title").focus();
        }
        if (button?.matches(".o_help_solved")) {
            return this.solved(item);
        }
    }

    /** Open or close the text of an article, which is fetched when it is first opened. */
    async toggle(item, open) {
        const panel = item.querySelector(".o_help_panel");
        item.querySelector(".o_help_suggestion_title").setAttribute("aria-expanded", String(open));
        panel.classList.toggle("d-none", !open);
        const text = panel.querySelector(".o_help_text");
        if (open && !text.dataset.loaded) {
            try {
                const page = await this.waitFor(get(`/help/${item.dataset.id}/text`, "text"));
                // the article as its own page shows it: sanitised when it was written
                setElementContent(text, markup(page));
                text.dataset.loaded = "1";
            } catch {
                window.open(item.dataset.url, "_blank", "noopener");
            }
        }
    }

    /** No ticket is needed: count it, say what comes next, and keep what was typed in case it is needed after all. */
    async solved(item) {
        const thanks = this.box.querySelector(".o_help_thanks");
        this.list.classList.add("d-none");
        this.box.querySelector(".o_help_heading").classList.add("d-none");
        thanks.classList.remove("d-none");
        thanks.focus();
        const answer = { csrf_token: this.el.querySelector("input[name=csrf_token]").value };
        await this.waitFor(post(`/help/${item.dataset.id}/solved`, answer).catch(() => {}));
    }
}

registry.category("public.interactions").add("crm_service_desk.help_suggestions", HelpSuggestions);
