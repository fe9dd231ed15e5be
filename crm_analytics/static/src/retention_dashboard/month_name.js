import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

/**
 * @param {string} month any day of it, as the server writes dates
 * @param {"short" | "long"} length
 * @returns {string} the month in the reader's language
 */
export function monthName(month, length = "short") {
    return DateTime.fromISO(month).toLocaleString({ month: length, year: "numeric" });
}

/**
 * @param {string} day first day of a month, quarter or year
 * @param {"month" | "quarter" | "year"} grain
 * @param {"short" | "long"} length of a month's name
 * @returns {string}
 */
export function periodName(day, grain, length = "short") {
    const date = DateTime.fromISO(day);
    if (grain === "year") {
        return String(date.year);
    }
    if (grain === "quarter") {
        return _t("Q%(quarter)s %(year)s", { quarter: date.quarter, year: date.year });
    }
    return monthName(day, length);
}
