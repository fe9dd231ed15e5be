/**
 * Colours of charts. Okabe and Ito's are told apart by people who see no red or no green, on light and on dark; a line's
 * dashes and points and a table say the same without any colour.
 */
export const BLUE = "#0072B2";
export const ORANGE = "#E69F00";
export const GREEN = "#009E73";

const DASHES = [[], [6, 3], [2, 2], [8, 3, 2, 3]];
const POINTS = ["circle", "rect", "triangle", "rectRot"];
// The middle of viridis: its ends would vanish on white or on black.
const IN_ORDER = [
    [84, 99, 175],
    [42, 120, 142],
    [34, 168, 132],
    [122, 195, 80],
];

/** A colour of a scale in order, from the first (0) to the last (1). */
export function colorInOrder(position) {
    const place = Math.min(Math.max(position, 0), 1) * (IN_ORDER.length - 1);
    const before = IN_ORDER[Math.floor(place)];
    const after = IN_ORDER[Math.ceil(place)];
    const channels = before.map((value, i) => Math.round(value + (after[i] - value) * (place % 1)));
    return `rgb(${channels.join(", ")})`;
}

/** How line number `index` of several looks. */
export function lineStyle(index, count) {
    const color = colorInOrder(count > 1 ? index / (count - 1) : 0);
    return {
        borderColor: color,
        backgroundColor: color,
        borderDash: DASHES[index % DASHES.length],
        pointStyle: POINTS[index % POINTS.length],
        pointRadius: 3,
        borderWidth: 2,
        tension: 0,
    };
}

/** The page's own colours, so that a chart fits light and dark. */
export function pageColors(element) {
    const style = getComputedStyle(element);
    const color = (name) => style.getPropertyValue(name).trim() || style.color;
    return { ink: style.color, lines: color("--border-color") };
}
