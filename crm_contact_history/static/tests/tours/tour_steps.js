/** What the tours of the front desk have in common. */

export const INPUT = ".o_customer_search input";
export const CARD = ".o_customer_card h2:contains(Siti Rahmawati)";
export const ENTRY = ".o_contact_history_entry";

/** Look for a term and expect Siti for this reason. */
export const finds = (term, reason) => [
    { content: `Look for ${term}`, trigger: INPUT, run: `edit ${term}` },
    {
        content: `Siti is found by ${reason}`,
        trigger: `.o_customer_search_result:contains(Siti Rahmawati):contains(${reason})`,
    },
];

/** The titles of the history, from the top. */
export const titles = () =>
    [...document.querySelectorAll(".o_contact_history_open")]
        .map((link) => link.textContent.trim())
        .join(" | ");

/** A sentence that is not true stops the tour; it is asked until the page has settled. */
export async function expect(isTrue, sentence) {
    for (let tries = 0; tries < 40 && !isTrue(); tries++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    if (!isTrue()) {
        throw new Error(typeof sentence === "function" ? sentence() : sentence);
    }
}

export const expectTitles = (expected) => ({
    content: `The history is: ${expected}`,
    trigger: ".o_contact_history",
    run: () =>
        expect(
            () => titles() === expected,
            () => `The history is "${titles()}" and should be "${expected}"`
        ),
});

/** Press a key where the focus is. */
export const press = (key, options = {}) => ({
    content: `Press ${key}`,
    trigger: "body",
    run: () => {
        const event = { key, bubbles: true, cancelable: true, ...options };
        (document.activeElement || document.body).dispatchEvent(new KeyboardEvent("keydown", event));
    },
});

/** The focus is on the entry with this title. */
export const expectFocus = (title) => ({
    content: `The focus is on ${title}`,
    trigger: ".o_contact_history",
    run: () =>
        expect(
            () =>
                document.activeElement?.matches(ENTRY) && document.activeElement.textContent.includes(title),
            () =>
                `The focus is on "${document.activeElement?.textContent.slice(0, 80)}" and not on "${title}"`
        ),
});
