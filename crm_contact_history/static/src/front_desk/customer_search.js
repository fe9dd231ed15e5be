import { Component, onMounted, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useAutofocus, useOwnedDialogs, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { createCustomer } from "./create_customer";

const WAIT = 200;
const NOBODY = -1;
/** So many are shown; there may be more. */
export const MOST = 10;

/** Whether there is no doubt who is meant: one customer alone, or the only one whose whole name or number was typed. */
export function isSure(results) {
    return results.length === 1 || (results.length > 1 && results[0].is_exact && !results[1].is_exact);
}

/** The asset by which a customer was found, if it was one. */
export function assetOf(result) {
    return result.model === "customer.asset" ? result.record_id : false;
}

let lastId = 0;

/**
 * One field that finds customers by anything they can name.
 *
 * Enter opens a customer only when there is no doubt who is meant; else one is chosen by arrow or click first.
 */
export class CustomerSearch extends Component {
    static template = "crm_contact_history.CustomerSearch";
    static props = {
        // Called with {partnerId, assetId}.
        onChoose: Function,
        // What to look for at once.
        term: { type: String, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.addDialog = useOwnedDialogs();
        this.id = `o_customer_search_${++lastId}`;
        this.inputRef = useAutofocus({ refName: "input", mobile: true });
        // A late answer never takes the place of a newer one.
        this.keepLast = new KeepLast();
        this.state = useState({ ...this.nothing(), term: this.props.term || "", canCreate: false });
        this.searchSoon = useDebounced(() => this.search(), WAIT);
        onWillStart(async () => {
            this.state.canCreate = await user.checkAccessRight("res.partner", "create");
        });
        onMounted(() => this.state.term && this.search());
    }

    nothing() {
        return { term: "", answered: "", results: [], active: NOBODY, mustChoose: false };
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

    get severalFound() {
        return this.state.results.length < MOST
            ? _t("%s customers match. Choose one with the arrow keys.", this.state.results.length)
            : _t("Many customers match. Choose one with the arrow keys, or type more.");
    }

    details(result) {
        return [result.phone, result.email, result.city].filter(Boolean).join(" · ");
    }

    async search() {
        const term = this.state.term.trim();
        const results = await this.keepLast.add(
            term
                ? this.orm.silent.call("res.partner", "front_desk_search", [term, MOST])
                : Promise.resolve([])
        );
        const active = isSure(results) ? 0 : NOBODY;
        Object.assign(this.state, { results, answered: term, active, mustChoose: false });
    }

    onInput(ev) {
        this.state.term = ev.target.value;
        return this.searchSoon();
    }

    async onKeydown(ev) {
        if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            ev.preventDefault();
            this.move(ev.key === "ArrowDown" ? 1 : -1);
        } else if (ev.key === "Enter") {
            ev.preventDefault();
            if (!this.isAnswered) {
                this.searchSoon.cancel();
                await this.search();
            }
            if (this.state.active === NOBODY) {
                this.state.mustChoose = this.state.results.length > 1;
            } else {
                this.choose(this.state.results[this.state.active]);
            }
        } else if (ev.key === "Escape" && this.state.term) {
            // In a dialog the first Escape empties the field, the second closes the dialog.
            ev.preventDefault();
            ev.stopPropagation();
            this.clear();
        }
    }

    move(step) {
        const count = this.state.results.length;
        if (count) {
            const from = this.state.active === NOBODY && step < 0 ? 0 : this.state.active;
            this.state.active = (from + step + count) % count;
            this.state.mustChoose = false;
        }
    }

    choose(result) {
        this.clear();
        this.props.onChoose({ partnerId: result.partner_id, assetId: assetOf(result) });
    }

    clear() {
        Object.assign(this.state, this.nothing());
        this.inputRef.el?.focus();
    }

    onCreate() {
        createCustomer(this.addDialog, this.state.term.trim(), (partnerId) =>
            this.choose({ partner_id: partnerId })
        );
    }
}
