import { useEffect, useExternalListener, useRef } from "@odoo/owl";

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const CELL = "button[data-row]";

/**
 * Walking through a table of buttons by keyboard: the tab key reaches one of them, arrow keys go from cell to cell, Home
 * and End to the ends of a row. A cell is a button with `data-row` and `data-column`; where one is missing, the arrow
 * goes on to the next in its direction.
 *
 * @param {string} refName of the table
 */
export function useGridKeys(refName) {
    const ref = useRef(refName);
    const cells = () => [...(ref.el?.querySelectorAll(CELL) || [])];
    const makeTabStop = (stop) => cells().forEach((cell) => (cell.tabIndex = cell === stop ? 0 : -1));
    const place = (cell) => [Number(cell.dataset.row), Number(cell.dataset.column)];

    // After each rendering cells may have come or gone: one of them stays the stop.
    useEffect(() => {
        const all = cells();
        makeTabStop(all.find((cell) => cell.getAttribute("tabindex") === "0") || all[0]);
    });

    const inDirection = (from, [rows, columns]) => {
        const [row, column] = place(from);
        return cells()
            .map((cell) => {
                const [r, c] = place(cell);
                const along = rows ? (r - row) * rows : (c - column) * columns;
                const aside = rows ? c - column : r - row;
                return { cell, along, aside };
            })
            .filter(({ along, aside }) => along > 0 && aside === 0)
            .sort((a, b) => a.along - b.along)[0]?.cell;
    };

    useExternalListener(window, "keydown", (ev) => {
        const from = ref.el?.contains(ev.target) && ev.target.closest(CELL);
        if (!from) {
            return;
        }
        const row = () => cells().filter((cell) => cell.dataset.row === from.dataset.row);
        const to =
            ev.key in STEPS
                ? inDirection(from, STEPS[ev.key])
                : ev.key === "Home"
                  ? row()[0]
                  : ev.key === "End"
                    ? row().at(-1)
                    : null;
        if (ev.key in STEPS || to) {
            ev.preventDefault();
        }
        to?.focus();
    });
    useExternalListener(window, "focusin", (ev) => {
        const cell = ref.el?.contains(ev.target) && ev.target.closest(CELL);
        if (cell) {
            makeTabStop(cell);
        }
    });
}
