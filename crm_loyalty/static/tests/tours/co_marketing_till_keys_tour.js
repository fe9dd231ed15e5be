import { registry } from "@web/core/registry";

function fitsThePhone() {
    if (document.documentElement.scrollWidth > window.innerWidth) {
        throw new Error("The page is wider than the phone");
    }
}

/** The partner's manager makes a key for a till, sees it once, and revokes it. */
registry.category("web_tour.tours").add("crm_loyalty_partner_till_keys", {
    steps: () => [
        {
            trigger: "a[href='/my/partner/tills']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "No till has a key yet",
            trigger: "p:contains(No till has a key yet)",
            run: fitsThePhone,
        },
        {
            trigger: "input[name=name]",
            run: "edit Till at the door",
        },
        {
            trigger: "button:contains(Make key)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The key is shown, whole",
            trigger: ".alert-success code:contains(till_)",
            run: fitsThePhone,
        },
        {
            content: "Look at the list again: the key is not shown any more",
            trigger: ".breadcrumb a[href='/my/partner']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "a[href='/my/partner/tills']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger:
                "body:not(:has(.alert-success)) .list-group-item:contains(Till at the door):contains(never used)",
        },
        {
            trigger: ".list-group-item:contains(Till at the door) button:contains(Revoke)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".list-group-item:contains(Till at the door):contains(Revoked):not(:has(button))",
        },
    ],
});
