import { Component, onWillStart, onWillUpdateProps, useEffect, useRef, useState } from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { LogContact } from "../log_contact/log_contact";
import { HistoryBar } from "./history_bar";
import { chips, facets, noFilters, pageArguments } from "./history_filters";
import { HistoryEntry } from "./history_entry";

const { DateTime } = luxon;
const PAGE = 30;

/**
 * The history of one contact, newest first, read page by page as one scrolls.
 */
export class ContactHistory extends Component {
    static template = "crm_contact_history.ContactHistory";
    static components = { HistoryBar, HistoryEntry, LogContact };
    static props = {
        partnerId: Number,
        // With buttons that log a contact.
        canLog: { type: Boolean, optional: true },
        // Another number has the history read again.
        version: { type: Number, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.rootRef = useRef("root");
        this.endRef = useRef("end");
        this.state = useState({
            options: { kinds: [], channels: [], directions: [], people: [], has_contacts: false },
            filters: noFilters(),
            entries: [],
            next: false,
            loading: false,
            failed: false,
            // Id of the entry that Tab comes to.
            current: false,
            // What is unfolded: entry id -> answer of history_read.
            texts: {},
        });
        onWillStart(() => Promise.all([this.loadOptions(), this.reload()]));
        onWillUpdateProps((nextProps) => {
            if (nextProps.partnerId !== this.props.partnerId) {
                this.state.filters = noFilters();
                return Promise.all([this.loadOptions(nextProps.partnerId), this.reload(nextProps.partnerId)]);
            }
            if (nextProps.version !== this.props.version) {
                return this.reload();
            }
        });
        useEffect(
            (el) => {
                if (!el) {
                    return;
                }
                const observer = new IntersectionObserver(
                    (seen) => seen.some((entry) => entry.isIntersecting) && this.loadMore(),
                    { rootMargin: "400px" }
                );
                observer.observe(el);
                return () => observer.disconnect();
            },
            // Observed anew after each page: an end that is still in sight asks for the next one.
            () => [this.endRef.el, this.state.entries.length, this.state.next]
        );
    }

    // -- what is shown ---------------------------------------------------------------------------------------------

    get isFiltered() {
        return chips(this.state.filters, facets(this.state.options)).length > 0;
    }

    kindOf(entry) {
        const kind = this.state.options.kinds.find((one) => one.kind === entry.kind);
        return kind || { kind: entry.kind, label: entry.kind, icon: "fa-circle-o" };
    }

    /** The entries under their day, in the reader's time zone. */
    get days() {
        const days = [];
        this.state.entries.forEach((entry, index) => {
            const at = deserializeDateTime(entry.happened_at);
            const key = at.toISODate();
            if (days.at(-1)?.key !== key) {
                days.push({ key, title: this.dayTitle(at), entries: [] });
            }
            days.at(-1).entries.push({ entry, position: index + 1 });
        });
        return days;
    }

    dayTitle(at) {
        const ago = DateTime.local().startOf("day").diff(at.startOf("day"), "days").days;
        if (ago === 0) {
            return _t("Today");
        }
        return ago === 1 ? _t("Yesterday") : at.toLocaleString(DateTime.DATE_HUGE);
    }

    /** How many entries there are; -1, as ARIA has it, when more are to come. */
    get total() {
        return this.state.next ? -1 : this.state.entries.length;
    }

    // -- reading ---------------------------------------------------------------------------------------------------

    async loadOptions(partnerId = this.props.partnerId) {
        this.state.options = await this.orm.call("contact.history.entry", "history_filters", [partnerId]);
    }

    async load(partnerId, before) {
        // Only the newest request may say that all is read: an older one is forgotten by keepLast.
        const request = (this.request = {});
        Object.assign(this.state, { loading: true, failed: false });
        try {
            return await this.keepLast.add(
                this.orm.call("contact.history.entry", "history_page", [partnerId], {
                    ...pageArguments(this.state.filters),
                    before,
                    limit: PAGE,
                })
            );
        } catch (error) {
            this.state.failed = true;
            throw error;
        } finally {
            if (request === this.request) {
                this.state.loading = false;
            }
        }
    }

    async reload(partnerId = this.props.partnerId) {
        const { entries, next } = await this.load(partnerId, false);
        Object.assign(this.state, { entries, next, texts: {}, current: entries[0]?.id || false });
    }

    async loadMore() {
        if (this.state.loading || this.state.failed || !this.state.next) {
            return;
        }
        const { entries, next } = await this.load(this.props.partnerId, this.state.next);
        this.state.entries.push(...entries);
        this.state.next = next;
        this.state.current ||= entries[0]?.id || false;
    }

    onRetry() {
        this.state.failed = false;
        return this.state.entries.length ? this.loadMore() : this.reload();
    }

    onFilter(filters) {
        this.state.filters = filters;
        return this.reload();
    }

    /** A contact was logged: the filters come off, so that it is seen at the top. */
    onLogged() {
        this.state.filters = noFilters();
        return Promise.all([this.loadOptions(), this.reload()]);
    }

    // -- one entry -------------------------------------------------------------------------------------------------

    async toggle(entry) {
        const texts = this.state.texts;
        if (texts[entry.id]) {
            delete texts[entry.id];
            return;
        }
        if (!entry.can_read) {
            return;
        }
        texts[entry.id] = { loading: true };
        try {
            const text = await this.orm.silent.call("contact.history.entry", "history_read", [entry.id]);
            // Folded again, or another customer's history, while the text was on its way.
            if (texts[entry.id]) {
                texts[entry.id] = text;
            }
        } catch (error) {
            if (!error.exceptionName) {
                delete texts[entry.id];
                throw error;
            }
            texts[entry.id] = { failed: error.data.message };
        }
    }

    onFocusEntry(entry) {
        this.state.current = entry.id;
    }

    open(entry) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: entry.model,
            res_id: entry.res_id,
            views: [[false, "form"]],
        });
    }

    // -- the keyboard ----------------------------------------------------------------------------------------------

    onKeydown(ev) {
        if (ev.altKey || ev.ctrlKey || ev.metaKey) {
            return;
        }
        if (ev.target.closest("input, textarea, select, [contenteditable=true]")) {
            if (ev.key === "Escape" && ev.target.closest(".o_contact_history_find")) {
                this.handled(ev, () => this.focus(this.state.current));
            }
            return;
        }
        const article = ev.target.closest(".o_contact_history_entry");
        if (ev.key === "/") {
            this.handled(ev, () => this.rootRef.el.querySelector(".o_contact_history_find input").focus());
        } else if (["j", "k"].includes(ev.key) || (article && ["ArrowDown", "ArrowUp"].includes(ev.key))) {
            this.handled(ev, () => this.move(["j", "ArrowDown"].includes(ev.key) ? 1 : -1, article));
        } else if (article) {
            const entry = this.state.entries.find(({ id }) => id === Number(article.dataset.id));
            if (ev.key === "Enter" && ev.target === article) {
                this.handled(ev, () => this.toggle(entry));
            } else if (ev.key === "o" && entry.model) {
                this.handled(ev, () => this.open(entry));
            } else if (ev.key === "Escape" && this.state.texts[entry.id]) {
                this.handled(ev, () => this.toggle(entry));
                this.focus(entry.id);
            }
        }
    }

    handled(ev, action) {
        ev.preventDefault();
        ev.stopPropagation();
        return action();
    }

    /** To the next entry, or the one before; into the list when the focus is above it. */
    move(step, isInList) {
        const place = this.state.entries.findIndex(({ id }) => id === this.state.current);
        const entry = this.state.entries[isInList ? place + step : Math.max(place, 0)];
        if (entry) {
            this.focus(entry.id);
        } else if (step > 0) {
            this.loadMore();
        }
    }

    focus(entryId) {
        this.rootRef.el.querySelector(`[data-id="${entryId}"]`)?.focus();
    }
}
