const { DateTime } = luxon;

/**
 * @param {string} month any day of it, as the server writes dates
 * @param {"short" | "long"} length
 * @returns {string} the month in the reader's language
 */
export function monthName(month, length = "short") {
    return DateTime.fromISO(month).toLocaleString({ month: length, year: "numeric" });
}
