import { Component } from "@odoo/owl";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useOwnedDialogs, useService } from "@web/core/utils/hooks";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";

const KINDS = {
    do: { icon: "fa-thumbs-o-up text-success", title: _t("Do") },
    dont: { icon: "fa-ban text-danger", title: _t("Do not") },
    info: { icon: "fa-thumb-tack text-muted", title: _t("Good to know") },
};

/** What the team has pinned on a customer: what matters to him, do and don't. */
export class CardNotes extends Component {
    static template = "crm_contact_history.CardNotes";
    static props = {
        notes: Array,
        // A note was changed or reviewed.
        onChanged: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.addDialog = useOwnedDialogs();
    }

    kind(note) {
        return KINDS[note.kind] || KINDS.info;
    }

    /** "Agus Pratama · look at it again on 1 March" */
    details(note) {
        const review =
            note.review_date && _t("to review on %s", formatDate(deserializeDate(note.review_date)));
        return [note.author, review].filter(Boolean).join(" · ");
    }

    onOpen(note) {
        this.addDialog(FormViewDialog, {
            resModel: "customer.note",
            resId: note.id,
            title: _t("Pinned note"),
            onRecordSaved: () => this.props.onChanged(),
        });
    }

    async onStillHolds(note) {
        await this.orm.call("customer.note", "action_still_holds", [[note.id]]);
        return this.props.onChanged();
    }
}
