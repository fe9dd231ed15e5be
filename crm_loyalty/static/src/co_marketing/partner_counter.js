import { BarcodeDialog } from "@web/core/barcode/barcode_dialog";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/**
 * The card at a partner's counter: the camera fills the field and sends it. Without camera, or where it is not allowed, the
 * number is typed.
 */
export class PartnerCardForm extends Interaction {
    static selector = ".o_partner_card_form";
    dynamicContent = {
        ".o_partner_scan": { "t-on-click": this.scan },
    };

    scan() {
        const input = this.el.querySelector("input[name=card_number]");
        this.services.dialog.add(BarcodeDialog, {
            facingMode: "environment",
            onResult: (number) => {
                input.value = number;
                this.el.requestSubmit();
            },
            onError: () => input.focus(),
        });
    }
}

/** A form that is sent once: the second tap finds its button asleep. The server books once in any case. */
export class PartnerSendOnce extends Interaction {
    static selector = ".o_partner_redeem";
    dynamicContent = {
        _root: { "t-on-submit": this.fallAsleep },
    };

    fallAsleep() {
        // After the browser has taken what is sent.
        this.waitForTimeout(() => (this.el.querySelector("button").disabled = true), 0);
    }
}

const interactions = registry.category("public.interactions");
interactions.add("crm_loyalty.partner_card_form", PartnerCardForm);
interactions.add("crm_loyalty.partner_send_once", PartnerSendOnce);
