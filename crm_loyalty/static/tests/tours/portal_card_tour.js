import { registry } from "@web/core/registry";

/** The customer, on a phone: opens the card, shows it on the whole screen, and pages through the points. */
registry.category("web_tour.tours").add("crm_loyalty_portal_card", {
    steps: () => [
        {
            content: "Open the card",
            trigger: ".o_club_card:contains(Kopi Braga Club)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Show it on the whole screen",
            trigger: ".o_club_full_open",
            run: "click",
        },
        {
            content: "Bars and QR code are as wide as a scanner needs, on white, and fit the phone",
            trigger: ".o_club_full_card[open]",
            run() {
                const card = document.querySelector(".o_club_full_card[open]");
                const inside = card.getBoundingClientRect();
                for (const [name, least] of [
                    [".o_club_bars", 250],
                    [".o_club_qr", 100],
                    [".o_club_full_close", 40],
                ]) {
                    const box = card.querySelector(name).getBoundingClientRect();
                    const fits = box.left >= 0 && box.right <= inside.right && box.bottom <= inside.bottom;
                    if (box.width < least || !fits) {
                        throw new Error(`${name}: ${JSON.stringify(box)} in ${JSON.stringify(inside)}`);
                    }
                }
                if (getComputedStyle(card).backgroundColor !== "rgb(255, 255, 255)") {
                    throw new Error("The card is not white");
                }
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error("The page is wider than the phone");
                }
            },
        },
        {
            trigger: ".o_club_full_close",
            run: "click",
        },
        {
            content: "The page is back",
            trigger: ".o_club_page:not(:has(.o_club_full_card[open]))",
        },
        {
            content: "All movements of points",
            trigger: ".o_club_all_points",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "a[rel=next]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_club_points nav:contains(2)",
        },
        {
            content: "And back",
            trigger: "a[rel=prev]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "To the card by the breadcrumb",
            trigger: ".breadcrumb-item a:contains(Kopi Braga Club)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_club_card",
        },
    ],
});
