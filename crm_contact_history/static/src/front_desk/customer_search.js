import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useAutofocus, useOwnedDialogs, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";

const WAIT = 200;

/**
 * One field that finds customers by anything they can name.
 */
export class CustomerSearch extends Component {
    static template = "crm_contact_history.CustomerSearch";
    static props = { onChoose: Function };

    setup() {
        this.orm = useService("orm");
        this.addDialog = useOwnedDialogs();
        this.inputRef = useAutofocus({ refName: "input", mobile: true });
        // A late answer never takes the place of a newer one.
        this.keepLast = new KeepLast();
        this.state = useState({ term: "", answered: "", results: [], active: 0, canCreate: false });
        this.searchSoon = useDebounced(() => this.search(), WAIT);
        onWillStart(async () => {
            this.state.canCreate = await user.checkAccessRight("res.partner", "create");
        });
    }

    get isAnswered() {
        return this.state.answered !== "" && this.state.answered === this.state.term.trim();
    }

    get isNothingFound() {
        return this.isAnswered && !this.state.results.length;
    }

    get nobodyFound() {
        return _t(
            "Nobody found for “%s”. Try less of it, or something else he can name.",
            this.state.answered
        );
    }

    details(result) {
        return [result.phone, result.email, result.city].filter(Boolean).join(" · ");
    }

    async search() {
        const term = this.state.term.trim();
        const results = await this.keepLast.add(
            term ? this.orm.silent.call("res.partner", "front_desk_search", [term]) : Promise.resolve([])
        );
        Object.assign(this.state, { results, answered: term, active: 0 });
    }

    onInput(ev) {
        this.state.term = ev.target.value;
        return this.searchSoon();
    }

    async onKeydown(ev) {
        const count = this.state.results.length;
        if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            ev.preventDefault();
            const step = ev.key === "ArrowDown" ? 1 : -1;
            this.state.active = count ? (this.state.active + step + count) % count : 0;
        } else if (ev.key === "Enter") {
            ev.preventDefault();
            if (!this.isAnswered) {
                // Enter comes before the answer: ask now, and choose only where there is no doubt.
                this.searchSoon.cancel();
                await this.search();
                if (this.state.results.length !== 1) {
                    return;
                }
            }
            this.choose(this.state.results[this.state.active]);
        } else if (ev.key === "Escape") {
            this.clear();
        }
    }

    choose(result) {
        if (result) {
            this.clear();
            this.props.onChoose(result.partner_id);
        }
    }

    clear() {
        Object.assign(this.state, { term: "", answered: "", results: [], active: 0 });
        this.inputRef.el?.focus();
    }

    /** A new contact with what was typed in the field where it belongs. */
    onCreate() {
        const term = this.state.term.trim();
        let field = "name";
        if (term.includes("@")) {
            field = "email";
        } else if (/^[\d\s+()./-]+$/.test(term)) {
            field = "phone";
        }
        this.addDialog(FormViewDialog, {
            resModel: "res.partner",
            title: _t("Create customer"),
            context: { [`default_${field}`]: term },
            onRecordSaved: (record) => this.choose({ partner_id: record.resId }),
        });
    }
}
