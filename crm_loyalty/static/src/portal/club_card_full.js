import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/**
 * The card on the whole screen, kept awake while it is held to a scanner. All of it is in the page already: once the page is
 * open, it works without network.
 */
export class ClubCardFull extends Interaction {
    static selector = ".o_club_full";
    dynamicContent = {
        ".o_club_full_open": { "t-on-click": this.open },
        ".o_club_full_close": { "t-on-click": this.close },
        ".o_club_full_card": { "t-on-close": this.onClose },
    };

    setup() {
        this.dialog = this.el.querySelector(".o_club_full_card");
        this.awake = null;
    }

    destroy() {
        this.letSleep();
    }

    async open() {
        this.dialog.showModal();
        // Both are extras that a browser may refuse: the dialog covers the page without them, too.
        try {
            await this.dialog.requestFullscreen?.();
        } catch {
            this.dialog.focus();
        }
        try {
            this.awake = await navigator.wakeLock?.request("screen");
        } catch {
            this.awake = null;
        }
    }

    close() {
        this.dialog.close();
    }

    async onClose() {
        this.letSleep();
        if (document.fullscreenElement) {
            await document.exitFullscreen();
        }
    }

    letSleep() {
        this.awake?.release();
        this.awake = null;
    }
}

registry.category("public.interactions").add("crm_loyalty.club_card_full", ClubCardFull);
