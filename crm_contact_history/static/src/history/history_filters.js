import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;
const LEAST_LETTERS = 2;

/** Everything is shown. */
export function noFilters() {
    return {
        kinds: [],
        channels: [],
        directions: [],
        user_ids: [],
        audience: false,
        text: "",
        month: false,
        onlyThis: false,
    };
}

/** What one can choose from: a list of questions, each with its possible answers. */
export function facets(options) {
    const whom = [
        { key: "audience", value: "customer", label: _t("With the customer") },
        { key: "audience", value: "internal", label: _t("Internal only") },
    ];
    if (options.has_contacts) {
        whom.push({ key: "onlyThis", value: true, label: _t("Only this contact"), icon: "fa-user-o" });
    }
    const all = [
        {
            name: "kinds",
            label: _t("Kind"),
            icon: "fa-list",
            options: options.kinds.map(({ kind, label, icon }) => ({ value: kind, label, icon })),
        },
        {
            name: "channels",
            label: _t("Way of contact"),
            icon: "fa-comments-o",
            options: options.channels.map(({ channel, label, icon }) => ({ value: channel, label, icon })),
        },
        {
            name: "directions",
            label: _t("Direction"),
            icon: "fa-exchange",
            options: options.directions.map(({ direction, label }) => ({ value: direction, label })),
        },
        {
            name: "user_ids",
            label: _t("Our person"),
            icon: "fa-user-o",
            options: options.people.map(({ id, name }) => ({ value: id, label: name })),
        },
        { name: "whom", label: _t("With whom"), icon: "fa-eye", options: whom },
    ];
    return all
        .filter((facet) => facet.options.length)
        .map((facet) => ({
            ...facet,
            // The filter that an answer belongs to is mostly that of its question.
            options: facet.options.map((option) => ({ key: facet.name, icon: facet.icon, ...option })),
        }));
}

export function isChosen(filters, key, value) {
    return Array.isArray(filters[key]) ? filters[key].includes(value) : filters[key] === value;
}

/** The filters after an answer was clicked: chosen, or taken back. */
export function toggled(filters, key, value) {
    const chosen = filters[key];
    if (!Array.isArray(chosen)) {
        return { ...filters, [key]: chosen === value ? noFilters()[key] : value };
    }
    const others = chosen.filter((one) => one !== value);
    return { ...filters, [key]: others.length < chosen.length ? others : [...chosen, value] };
}

/** What is chosen, as chips that can be removed. */
export function chips(filters, allFacets) {
    const found = allFacets
        .flatMap((facet) => facet.options)
        .filter((option) => isChosen(filters, option.key, option.value));
    if (isLongEnough(filters.text)) {
        found.push({
            key: "text",
            value: filters.text,
            label: `“${filters.text.trim()}”`,
            icon: "fa-search",
        });
    }
    if (filters.month) {
        const month = DateTime.fromISO(filters.month).toLocaleString({ month: "long", year: "numeric" });
        const label = _t("Up to %s", month);
        found.push({ key: "month", value: filters.month, label, icon: "fa-calendar-o" });
    }
    return found;
}

function isLongEnough(text) {
    return text.trim().length >= LEAST_LETTERS;
}

/** The arguments of `history_page`. */
export function pageArguments(filters) {
    return {
        kinds: filters.kinds,
        channels: filters.channels,
        directions: filters.directions,
        user_ids: filters.user_ids,
        audience: filters.audience || null,
        text: isLongEnough(filters.text) ? filters.text.trim() : null,
        only_this_contact: filters.onlyThis,
        until: filters.month ? afterMonth(filters.month) : null,
    };
}

/** The first moment after a month, in the reader's time zone, told in UTC. */
function afterMonth(month) {
    return DateTime.fromISO(month).plus({ month: 1 }).toUTC().toFormat("yyyy-MM-dd HH:mm:ss");
}
