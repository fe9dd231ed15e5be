import { _t } from "@web/core/l10n/translation";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";

/** What was typed, in the field where it belongs. */
function fieldOf(term) {
    if (term.includes("@")) {
        return "email";
    }
    return /^[\d\s+()./-]+$/.test(term) ? "phone" : "name";
}

/**
 * A new customer, with what is known of him already.
 *
 * @param {Function} addDialog
 * @param {string} term what was typed, or the number that called
 * @param {(partnerId: number) => any} onCreated
 */
export function createCustomer(addDialog, term, onCreated) {
    addDialog(FormViewDialog, {
        resModel: "res.partner",
        title: _t("Create customer"),
        context: { [`default_${fieldOf(term)}`]: term },
        onRecordSaved: (record) => onCreated(record.resId),
    });
}
