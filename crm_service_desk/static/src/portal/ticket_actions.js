import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** A form on the ticket's page is sent once, however often its button is pressed. Without JavaScript the server sees to it. */
export class TicketOnce extends Interaction {
    static selector = ".o_ticket_once";
    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
        "button[type=submit]": { "t-att-disabled": () => this.sending },
    };

    setup() {
        this.sending = false;
    }

    start() {
        // Going back in the browser must not show a form that thinks it is still being sent.
        this.addListener(window, "pageshow", () => {
            this.sending = false;
        });
    }

    onSubmit() {
        this.sending = true;
    }
}

registry.category("public.interactions").add("crm_service_desk.ticket_once", TicketOnce);
