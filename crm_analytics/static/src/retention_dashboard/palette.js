/**
 * Colours of charts. Blue and orange of Okabe and Ito's palette ("Color Universal Design", 2008), which people tell apart who
 * see no red, no green or no blue; the blue a little lighter and the orange darker than theirs, so that both stand out from
 * a white page and from a dark one (3 : 1, WCAG 1.4.11). `tests/test_palette.py` looks at all colours of this file. A line's
 * dashes and points, and a table, say the same without any colour.
 */
export const BLUE = "#2B7BBA";
export const ORANGE = "#BF8000";

const DASHES = [[], [6, 3], [2, 2], [8, 3, 2, 3]];
const POINTS = ["circle", "rect", "triangle", "rectRot"];
// The hues of viridis (Smith and van der Walt, 2015), of a lightness between: its ends would vanish on white or on black.
const IN_ORDER = [
    [96, 112, 190],
    [46, 134, 160],
    [30, 150, 118],
    [104, 155, 40],
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
