import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatInteger, formatMonetary, formatPercentage } from "@web/views/fields/formatters";

/** What stands where there is no figure. */
export const NO_FIGURE = "–";

export function isFigure(value) {
    return typeof value === "number" && Number.isFinite(value);
}

/** Small amounts with their decimals, others without: nobody compares cents of thousands. */
export function formatMoney(value, currencyId, options = {}) {
    const digits = Math.abs(value) < 1000 ? {} : { digits: [16, 0] };
    return formatMonetary(value, { currencyId, ...digits, ...options });
}

/** With the reader's separators of thousands, which core leaves out of percentages: a young shop grows by 16,469 %. */
export function formatShare(share, decimals = 1) {
    const { thousandsSep } = localization;
    return formatPercentage(share, { digits: [16, decimals], trailingZeros: true, thousandsSep });
}

/**
 * @param {number | null | undefined} value
 * @param {"count" | "percent" | "money" | "days" | "score"} unit a percentage is a share, 0.25 for 25 %
 * @param {number} currencyId
 * @returns {string}
 */
export function formatFigure(value, unit, currencyId) {
    if (!isFigure(value)) {
        return NO_FIGURE;
    }
    switch (unit) {
        case "percent":
            return formatShare(value);
        case "money":
            return formatMoney(value, currencyId);
        case "days":
            return _t("%s days", formatFloat(value, { digits: [16, 0] }));
        case "score":
            return formatFloat(value, { digits: [16, 2] });
        default:
            return Number.isInteger(value) ? formatInteger(value) : formatFloat(value, { digits: [16, 2] });
    }
}

function signed(number, text) {
    return `${number > 0 ? "+" : "−"}${text}`;
}

/**
 * How a figure has changed: the direction is never told by colour alone.
 *
 * @param {{value: number, previous: number, unit: string, better: "up" | "down" | null}} figure
 * @returns {{direction: "up" | "down" | "same", good: boolean | null, amount: string, word: string} | null} null when
 *   there is nothing to compare with
 */
export function changeOf({ value, previous, unit, better }, currencyId) {
    if (!isFigure(value) || !isFigure(previous)) {
        return null;
    }
    const difference = value - previous;
    const size = Math.abs(difference);
    let amount;
    if (unit === "percent") {
        amount = _t("%s points", formatFloat(100 * size, { digits: [16, 1] }));
    } else if (previous > 0) {
        const share = size / previous;
        amount = formatShare(share, share < 10 ? 1 : 0);
    } else {
        amount = formatFigure(size, unit, currencyId);
    }
    if (!size || !/[1-9]/.test(amount)) {
        return { direction: "same", good: null, amount: "", word: _t("unchanged") };
    }
    const direction = difference > 0 ? "up" : "down";
    const good = better ? better === direction : null;
    const word =
        good === null ? (difference > 0 ? _t("more") : _t("less")) : good ? _t("better") : _t("worse");
    return { direction, good, amount: signed(difference, amount), word };
}
