import { fields } from "@mail/core/common/record";
import { UseSuggestion } from "@mail/core/common/suggestion_hook";
import { Thread } from "@mail/core/common/thread_model";
import { patch } from "@web/core/utils/patch";

/**
 * Core's canned answers, with placeholders: {{customer}}, {{number}} … are filled in from the ticket when one is
 * inserted, so that the agent sees what he sends.
 */
patch(Thread.prototype, {
    setup() {
        super.setup(...arguments);
        /** @type {Object<string, string>|undefined} for tickets only: name of a placeholder -> its text */
        this.ticketPlaceholders = fields.Attr(undefined);
    },
});

export function fillIn(text, values) {
    return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (found, name) => values[name.toLowerCase()] ?? found);
}

patch(UseSuggestion.prototype, {
    insert(option) {
        const values = this.thread?.ticketPlaceholders;
        if (option.cannedResponse && values) {
            return super.insert({ ...option, label: fillIn(option.label, values) });
        }
        return super.insert(option);
    },
});
