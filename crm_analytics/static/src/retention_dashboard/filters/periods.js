import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;
const LENGTHS = [24, 36, 60];
/** As many months or quarters as the server draws; years have no limit that anybody would meet. */
export const LONGEST = { month: 60, quarter: 180, year: 720 };

export const NEWEST = "newest";
export const OWN = "own";

function monthOf(date) {
    return date.toFormat("yyyy-MM");
}

export function shiftMonth(month, months) {
    return monthOf(DateTime.fromISO(`${month}-01`).plus({ months }));
}

/**
 * Periods to choose from. Those of a number of months end where the period shown ends.
 *
 * @param {string} shownTo month in which the period shown ends, "2025-12"; empty when nothing is shown
 * @returns {{key: string, label: string, from: string, to: string}[]}
 */
export function presets(shownTo) {
    const end = shownTo || monthOf(DateTime.local());
    const year = DateTime.local().year;
    return [
        { key: NEWEST, label: _t("Newest 12 months"), from: "", to: "" },
        ...LENGTHS.map((months) => ({
            key: String(months),
            label: _t("%s months", months),
            from: shiftMonth(end, 1 - months),
            to: end,
        })),
        { key: "this_year", label: _t("This year"), from: `${year}-01`, to: monthOf(DateTime.local()) },
        { key: "last_year", label: _t("Last year"), from: `${year - 1}-01`, to: `${year - 1}-12` },
    ];
}

/** The other end moves along, where the month just chosen lies behind it or too far away from it. */
export function inBounds({ from, to }, chosen, grain) {
    if (!from || !to) {
        return { from, to };
    }
    const longest = (LONGEST[grain] || LONGEST.month) - 1;
    if (chosen === "from") {
        const latest = shiftMonth(from, longest);
        return { from, to: to < from ? from : to > latest ? latest : to };
    }
    const earliest = shiftMonth(to, -longest);
    return { from: from > to ? to : from < earliest ? earliest : from, to };
}
