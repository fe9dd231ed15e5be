import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/**
 * The form by which a customer files a ticket: asks the questions of the category chosen, tells before sending what the
 * server would refuse, so that no chosen photo has to be chosen again, and sends once. The server checks everything
 * itself; without JavaScript the form works.
 */
export class TicketForm extends Interaction {
    static selector = ".o_ticket_form";
    dynamicContent = {
        "#ticket_files": { "t-on-change": this.onFilesChosen },
        "#ticket_subject": { "t-on-input": this.debounced(this.onTold, 500) },
        "#ticket_order, #ticket_asset": { "t-on-change": this.onTold },
        "#ticket_category": { "t-on-change": () => {} }, // looks at the questions again
        ".o_ticket_questions": {
            "t-att-class": (fieldset) => ({ "d-none": !this.isAsked(fieldset) }),
            "t-att-disabled": (fieldset) => !this.isAsked(fieldset),
        },
        _root: { "t-on-submit": this.onSubmit },
        ".o_ticket_files_problem": {
            "t-out": () => this.problem,
            "t-att-class": () => ({ "d-none": !this.problem }),
        },
        "button[type=submit]": { "t-att-disabled": () => this.sending || Boolean(this.problem) },
    };

    setup() {
        this.problem = "";
        this.sending = false;
        document.getElementById("ticket_form_error")?.focus();
    }

    start() {
        // Going back in the browser must not show a form that thinks it is still being sent.
        this.addListener(window, "pageshow", () => {
            this.sending = false;
        });
    }

    /**
     * @param {HTMLElement} fieldset the questions of one category
     */
    isAsked(fieldset) {
        return this.el.querySelector("#ticket_category")?.value === fieldset.dataset.category;
    }

    /**
     * Shows what the customer has told us already, where the form has a place for it. Of no use to who is typing on: an
     * answer that comes too late, or an error, changes nothing.
     */
    async onTold() {
        const place = this.el.querySelector(".o_ticket_alike");
        if (!place) {
            return;
        }
        const form = new FormData(this.el);
        const told = new URLSearchParams(
            ["subject", "order_id", "asset_id"].map((name) => [name, form.get(name) || ""])
        );
        this.told = told.toString();
        const answer = await this.waitFor(fetch(`${place.dataset.url}?${told}`).catch(() => null));
        if (answer?.ok && this.told === told.toString()) {
            place.innerHTML = await this.waitFor(answer.text());
        }
    }

    onFilesChosen(event) {
        this.problem = this.findProblem([...event.target.files]);
    }

    onSubmit() {
        this.sending = true;
    }

    /**
     * @param {File[]} files
     * @returns {string} what is wrong with them, or ""
     */
    findProblem(files) {
        const maxFiles = Number(this.el.dataset.maxFiles);
        const maxMegabytes = Number(this.el.dataset.maxMegabytes);
        if (files.length > maxFiles) {
            return _t("You chose %(count)s files; at most %(max)s are possible.", {
                count: files.length,
                max: maxFiles,
            });
        }
        const large = files.find((file) => file.size > maxMegabytes * 1024 * 1024);
        if (large) {
            return _t("The file “%(name)s” is larger than %(max)s MB. Please choose a smaller one.", {
                name: large.name,
                max: maxMegabytes,
            });
        }
        return "";
    }
}

registry.category("public.interactions").add("crm_service_desk.ticket_form", TicketForm);
