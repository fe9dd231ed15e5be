/**
 * What the reader chose, as it stands in the URL: a reload, the back button and a link that is sent give the same view.
 */

/** Lists of records or keys: the word in the URL, and the server's name for it. */
const LISTS = {
    companies: "company_ids",
    teams: "team_ids",
    tiers: "grade_ids",
    segments: "segments",
    countries: "country_ids",
    categories: "category_ids",
};
const SINGLE = ["from", "to", "grain", "show", "kind", "compare"];
const BETWEEN = "-";

/** Nothing is chosen: the server fills in what it shows then. */
export function noChoices() {
    return {
        from: "",
        to: "",
        grain: "month",
        show: "retention",
        kind: "exact",
        compare: "previous",
        companies: [],
        teams: [],
        tiers: [],
        segments: [],
        countries: [],
        categories: [],
    };
}

/**
 * @param {Object} query of the URL, as the router reads it: texts, or numbers where a text looks like one
 */
export function choicesFromUrl(query) {
    const choices = noChoices();
    for (const name of SINGLE.filter((name) => query[name])) {
        choices[name] = String(query[name]);
    }
    for (const name of Object.keys(LISTS).filter((name) => query[name])) {
        const words = String(query[name]).split(BETWEEN).filter(Boolean);
        choices[name] = name === "segments" ? words : words.map(Number).filter(Number.isInteger);
    }
    return choices;
}

/** @returns {Object} words of the URL; undefined, which takes it out of the URL, for what is not chosen */
export function choicesToUrl(choices) {
    const nothing = noChoices();
    const words = {};
    for (const name of SINGLE) {
        words[name] = choices[name] === nothing[name] ? undefined : choices[name];
    }
    for (const name of Object.keys(LISTS)) {
        words[name] = choices[name].length ? choices[name].join(BETWEEN) : undefined;
    }
    return words;
}

/** What the server is asked for; see `retention.dashboard.load`. */
export function serverFilters(choices) {
    const day = (month) => (/^\d{4}-\d{2}$/.test(month) ? `${month}-01` : month) || false;
    const filters = {
        date_from: day(choices.from),
        date_to: day(choices.to),
        grain: choices.grain,
        cohort_metric: choices.show === "revenue" ? "revenue" : "customers",
        cohort_kind: choices.kind,
        compare: choices.compare,
    };
    for (const [name, field] of Object.entries(LISTS)) {
        filters[field] = choices[name];
    }
    return filters;
}

/** Whether two choices are answered by the same figures. */
export function sameFigures(one, other) {
    return JSON.stringify(serverFilters(one)) === JSON.stringify(serverFilters(other));
}

/** How many filters narrow the figures; the period and what the triangle shows are none. */
export function countNarrowing(choices) {
    return Object.keys(LISTS).filter((name) => choices[name].length).length;
}
