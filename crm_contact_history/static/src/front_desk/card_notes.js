import { Component } from "@odoo/owl";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

const KINDS = {
    do: { icon: "fa-thumbs-o-up text-success", title: _t("Do") },
    dont: { icon: "fa-ban text-danger", title: _t("Do not") },
    info: { icon: "fa-thumb-tack text-muted", title: _t("Good to know") },
};

/** What the team has pinned on a customer: what matters to him, do and don't. */
export class CardNotes extends Component {
    static template = "crm_contact_history.CardNotes";
    static props = { notes: Array };

    kind(note) {
        return KINDS[note.kind] || KINDS.info;
    }

    /** "Agus Pratama · look at it again on 1 March" */
    details(note) {
        const review =
            note.review_date && _t("to review on %s", formatDate(deserializeDate(note.review_date)));
        return [note.author, review].filter(Boolean).join(" · ");
    }
}
