import { changeOf, formatShare } from "@crm_analytics/retention_dashboard/figures";
import { choicesFromUrl, choicesToUrl, noChoices } from "@crm_analytics/retention_dashboard/filters/choices";
import { registry } from "@web/core/registry";

/** What a browser's own month picker does; typing letter by letter gives a month field no value. */
const setMonth =
    (month) =>
    ({ anchor }) => {
        anchor.value = month;
        anchor.dispatchEvent(new Event("change", { bubbles: true }));
    };
const cohort = (month) => `.o_cohort_table tr[data-cohort='${month}']`;
const tile = (key) => `.o_retention_tile[data-tile='${key}']`;
/** The figures are those of the last choice. */
const SETTLED = ".o_retention_figures[aria-busy='false']:not(.o_retention_old)";

function expect(condition, message) {
    if (!condition) {
        throw new Error(message);
    }
}

const expectUrl = (content, words) => ({
    content,
    trigger: SETTLED,
    run: () => expect(location.search === words, `The URL says “${location.search}”, not “${words}”`),
});
const expectRows = (content, number) => ({
    content,
    trigger: `.o_list_view .o_data_row:nth-child(${number})`,
    run() {
        const rows = document.querySelectorAll(".o_list_view .o_data_row").length;
        expect(rows === number, `The figure counts ${number}, its list shows ${rows}`);
    },
});
const back = {
    content: "Back to the dashboard",
    trigger: ".o_breadcrumb .o_back_button, .breadcrumb a:first",
    run: "click",
};

/** A choice of everything that can be chosen. */
const ALL_CHOICES = {
    from: "2024-01",
    to: "2024-06",
    grain: "quarter",
    show: "customers",
    kind: "unbounded",
    compare: "year",
    companies: [1, 2],
    teams: [3],
    tiers: [4],
    segments: ["at_risk", "lost"],
    countries: [5],
    categories: [6, 7],
};

registry.category("web_tour.tours").add("crm_analytics.retention_dashboard", {
    steps: () => [
        {
            content: "All that can be chosen goes into the URL and comes back from it",
            trigger: ".o_retention_filters",
            run() {
                const found = choicesFromUrl(choicesToUrl(ALL_CHOICES));
                expect(
                    JSON.stringify(found) === JSON.stringify(ALL_CHOICES),
                    `From the URL: ${JSON.stringify(found)}`
                );
                expect(
                    Object.keys(found).join() === Object.keys(noChoices()).join(),
                    "A choice of which the URL knows nothing"
                );
            },
        },
        {
            content: "Percentages of thousands are written as the reader writes numbers",
            trigger: ".o_retention_filters",
            run() {
                const { amount } = changeOf({ value: 1656.9, previous: 10, unit: "money" }, 1);
                expect(amount === "+16,469%", `A change is written ${amount}`);
                expect(formatShare(0.751) === "75.1%", `A share is written ${formatShare(0.751)}`);
            },
        },
        {
            content: "Period and company are said",
            trigger: ".o_retention_period:contains('February 2024'):contains('Kopi Braga')",
        },
        { content: "Four customers bought", trigger: `${tile("active")} .o_retention_value:contains('4')` },
        {
            content: "What is meant is one click away",
            trigger: `${tile("active")} .o_retention_explain`,
            run: "click",
        },
        { trigger: `${tile("active")} .o_retention_definition:contains('bought')` },
        {
            content: "Four customers first bought in January",
            trigger: `${cohort("2024-01-01")} .o_cohort_size:contains('4')`,
        },
        {
            content: "Three of them came back in February",
            trigger: `${cohort("2024-01-01")} button[data-column='1']:contains('75.0%')`,
        },
        { content: "As numbers of people", trigger: "button[data-shown='customers']", run: "click" },
        { trigger: `${cohort("2024-01-01")} button[data-column='1']:contains('3')` },
        { content: "As revenue", trigger: "button[data-shown='revenue']", run: "click" },
        { trigger: `${cohort("2024-01-01")} button[data-column='1']:contains('30')` },
        { content: "The curves stand in a table, too", trigger: ".o_retention_as_table", run: "click" },
        { trigger: ".o_retention_chart_table.o_shown td:contains('75.0%')" },
        {
            content: "Open the customers of the cell",
            trigger: `${cohort("2024-01-01")} button[data-column='1']`,
            run: "click",
        },
        expectRows("The list holds these three", 3),
        back,
        { content: "It still shows revenue", trigger: "button[data-shown='revenue'].active" },
        expectUrl("What was chosen stands in the URL", "?show=revenue"),
        {
            content: "A tile opens its records",
            trigger: `${tile("repeat_rate")} .o_retention_value`,
            run: "click",
        },
        expectRows("Three of them bought twice", 3),
        back,
        { content: "By year", trigger: `${SETTLED} .o_cohort_table`, run: () => {} },
        { trigger: ".o_retention_grain", run: "select year" },
        { trigger: `${SETTLED} ${cohort("2024-01-01")} th:contains('2024')` },
        { trigger: ".o_retention_grain", run: "select month" },
        { content: "Choose another period", trigger: ".o_retention_months", run: "select own" },
        { content: "A first month very long ago", trigger: ".o_retention_from", run: setMonth("1997-01") },
        {
            content: "The last month has moved along, instead of an error",
            trigger: ".o_retention_to:value(2001-12)",
        },
        {
            content: "An empty period says what to do",
            trigger: `${SETTLED} .o_retention_empty:contains('longer period')`,
        },
        { trigger: ".o_retention_to", run: setMonth("2024-01") },
        { trigger: ".o_retention_from", run: setMonth("2024-01") },
        {
            content: "January alone: one cohort, one month",
            trigger: `${SETTLED}:not(:has(button[data-column='1'])) ${cohort("2024-01-01")} .o_cohort_size:contains('4')`,
        },
        expectUrl("The period stands in the URL", "?from=2024-01&to=2024-01&show=revenue"),
        { content: "Customers of one country", trigger: "button[data-filter='countries']", run: "click" },
        { trigger: ".o_retention_choices .dropdown-item:contains('Indonesia')", run: "click" },
        {
            content: "One of the four lives there; a chip says so",
            trigger: `body:has(.o_retention_chip:contains('Indonesia')) ${SETTLED} ${tile("active")} .o_retention_value:contains('1')`,
        },
        {
            content: "The browser's back button takes the filter away",
            trigger: ".o_retention_dashboard",
            run: () => history.back(),
        },
        {
            trigger: `body:not(:has(.o_retention_chip:contains('Indonesia'))) ${SETTLED} ${tile("active")} .o_retention_value:contains('4')`,
        },
        { content: "All filters go", trigger: ".o_retention_clear", run: "click" },
        {
            trigger: `body:not(:has(.o_retention_chip)) ${SETTLED} ${cohort("2024-01-01")} button[data-column='1']`,
        },
    ],
});

/** A part of the dashboard, and a row of its table. */
const part = (name) => `${SETTLED} section[data-part='${name}']`;
const row = (name, key) => `${part(name)} tr[data-key='${key}']`;
const opens = (content, figure, number) => [
    { content, trigger: figure, run: "click" },
    expectRows(content, number),
    back,
];
const column = (number) => `td:nth-child(${number}) button`;

/** Begins at a link to February 2024, which stays what is looked at. */
registry.category("web_tour.tours").add("crm_analytics.retention_parts", {
    steps: () => [
        { content: "Those at risk", trigger: `${row("lifecycle", "at_risk")} ${column(2)}`, run: "click" },
        expectRows("Two of them", 2),
        {
            content: "Reload the list",
            trigger: ".o_list_view .o_data_row",
            run: () => location.reload(),
            expectUnloadPage: true,
        },
        expectRows("They are still there", 2),
        {
            content: "Reload it once more",
            trigger: ".o_list_view .o_data_row",
            run: () => location.reload(),
            expectUnloadPage: true,
        },
        expectRows("Still", 2),
        back,
        expectUrl("Back on the dashboard, the filters are those of before", "?from=2024-02&to=2024-02"),
        { trigger: ".o_retention_period:contains('February 2024'):contains('Kopi Braga')" },
        {
            content:
                "Who reads by ear has a table for each chart, a name for each button, a word for each change",
            trigger: `${SETTLED} canvas`,
            run() {
                const all = (selector) => document.querySelectorAll(`.o_retention_dashboard ${selector}`);
                for (const canvas of all("canvas")) {
                    const table = canvas.closest(".o_retention_chart").querySelector("table");
                    expect(canvas.ariaLabel && canvas.role === "img" && table, "A chart without its table");
                }
                for (const button of all("button, a")) {
                    expect(button.innerText.trim() || button.ariaLabel, `No name: ${button.outerHTML}`);
                }
                for (const table of all("table")) {
                    expect(table.caption?.innerText.trim(), `No caption: ${table.className}`);
                }
                for (const change of all(".o_retention_change")) {
                    expect(/better|worse|unchanged/.test(change.innerText), `No word: ${change.innerText}`);
                }
            },
        },
        {
            content: "Each figure is a button that opens its records, and tells what it means by one click",
            trigger: `${SETTLED} .o_retention_tile`,
            async run() {
                const tiles = [...document.querySelectorAll(".o_retention_tile")];
                expect(tiles.length === 12, `${tiles.length} tiles`);
                const known = tiles.filter((one) => one.querySelector("button.o_retention_value"));
                expect(known.length === 12, `${known.length} tiles open their records`);
                const parts = document.querySelectorAll("section[data-part]:not([data-part='tiles'])");
                for (const told of [...tiles, ...parts]) {
                    const words = () =>
                        told.querySelector(".o_retention_definition")?.getClientRects().length;
                    expect(!words(), "A definition is in the way");
                    told.querySelector(".o_retention_explain").click();
                    await new Promise((resolve) => setTimeout(resolve));
                    await new Promise(requestAnimationFrame);
                    expect(words(), `No definition: ${told.innerText}`);
                    told.querySelector(".o_retention_explain").click();
                }
            },
        },
        ...opens("What they bought in February", `${row("lifecycle", "at_risk")} ${column(5)}`, 2),
        ...opens("A segment", `${row("segments", "lost")} ${column(2)}`, 1),
        ...opens("A cell of the grid", `${part("rfm")} button[data-rf='53']`, 1),
        ...opens("Who moved", `${part("migration")} button[data-row]`, 1),
        { trigger: `${part("value")} .o_retention_as_table:first`, run: "click" },
        ...opens("A bar of values", `${part("value")} .o_retention_chart_table ${column(2)}`, 2),
        ...opens("What one is worth", `${part("value")} .o_retention_top ${column(2)}`, 1),
        {
            content: "How far the model was off in all, beside the naive rate",
            trigger: `${part("value")} .o_retention_holdout:contains('100'):contains('−10.0%'):contains('+20.0%')`,
        },
        {
            content: "Per customer",
            trigger: `${part("value")} .o_retention_model:contains('0.750'):contains('errs 33% less than the naive rate')`,
        },
        {
            content: "And by tenths of the customers",
            trigger: `${part("value")} .o_retention_model`,
            run({ anchor }) {
                const rows = [...anchor.querySelectorAll(".o_retention_chart_table tbody tr")].map(
                    (one) => one.innerText
                );
                const tenths = rows.filter((text) => /^\d+\s+4\s+[\d.]+\s+[\d.]+\s+3\.00$/.test(text.trim()));
                expect(tenths.length === 10, `Tenths: ${rows.join(" | ")}`);
            },
        },
        ...opens("How estimates are made", `${part("value")} .o_retention_attempts`, 1),
        ...opens("Answers", `${part("satisfaction")} .o_retention_figure`, 1),
        ...opens("Complaints", `${part("satisfaction")} .o_retention_figure:last`, 1),
        ...opens("Who did not come back", `${row("satisfaction", "lost")} th button`, 1),
        ...opens("Complaints of who stayed", `${row("satisfaction", "retained")} ${column(4)}`, 1),
        ...opens("What members bought", `${row("clubs", "revenue")} ${column(2)}`, 1),
        ...opens("Bad data", `${part("quality")} li button`, 1),
        {
            content: "All at risk",
            trigger: `${part("risk")} .o_retention_risk_all:contains('2')`,
            run: "click",
        },
        { trigger: ".o_control_panel button:contains('Make a Segment')" },
        expectRows("The risk list has both", 2),
        back,
        {
            content: "The card of the customer",
            trigger: `${part("risk")} .o_retention_customer:contains('Customer 1')`,
            run: "click",
        },
        { trigger: ".o_customer_card:contains('Customer 1')" },
        back,
        { content: "Choose both", trigger: `${part("risk")} thead input`, run: "click" },
        { content: "Plan an activity with both", trigger: ".o_retention_plan:contains('2')", run: "click" },
        { trigger: ".modal .o_field_widget[name='summary'] input", run: "edit Ask why he stays away" },
        { trigger: ".modal button[name='action_plan']", run: "click" },
        { trigger: ".o_notification:contains('2 activities planned')" },
        {
            content: "All tables are saved as a workbook",
            trigger: `body:not(:has(.modal)) ${SETTLED}`,
            async run() {
                const answer = await fetch(document.querySelector(".o_retention_xlsx").href);
                expect(answer.ok, `The workbook is answered with ${answer.status}`);
                const type = answer.headers.get("Content-Type");
                expect(type.includes("spreadsheetml"), `The workbook is of type ${type}`);
            },
        },
        {
            content: "The page is printed",
            trigger: ".o_retention_print",
            run({ anchor }) {
                const print = window.print;
                let printed = 0;
                window.print = () => printed++;
                anchor.click();
                window.print = print;
                expect(printed === 1, `Printed ${printed} times`);
            },
        },
        { content: "Both may be written to", trigger: ".o_retention_offer:enabled:contains('2')" },
        expectUrl("The filters are still those of the link", "?from=2024-02&to=2024-02"),
    ],
});

registry.category("web_tour.tours").add("crm_analytics.retention_refresh", {
    steps: () => [
        { content: "A change waits", trigger: ".o_retention_freshness:contains('wait to be counted')" },
        {
            content: "It is not counted yet",
            trigger: `${cohort("2024-01-01")} .o_cohort_size:contains('4')`,
        },
        { content: "Have it counted", trigger: ".o_retention_refresh", run: "click" },
        {
            content: "The new customer is a cohort of his own",
            trigger: `${cohort("2024-02-01")} .o_cohort_size:contains('1')`,
        },
        { trigger: ".o_retention_freshness:contains('All purchases counted')" },
    ],
});

const focusIsOn = (row, column) => `.o_cohort_cell:focus[data-row='${row}'][data-column='${column}']`;

/** Begins at a link with a filter that makes no sense; walks by keyboard, on a screen as narrow as a phone's. */
registry.category("web_tour.tours").add("crm_analytics.retention_phone", {
    steps: () => [
        {
            content: "A filter that does not exist is answered with the server's sentence",
            trigger: ".o_retention_problem:contains('week')",
        },
        { content: "Try again says it again", trigger: ".o_retention_retry", run: "click" },
        { trigger: ".o_retention_problem:contains('week')" },
        { trigger: ".o_retention_problem .btn-secondary", run: "click" },
        { content: "Without it the figures are there", trigger: `${SETTLED} ${tile("active")}` },
        {
            content: "Nothing is wider than the screen; wide tables scroll in their own boxes",
            trigger: ".o_retention_dashboard",
            run({ anchor }) {
                expect(anchor.scrollWidth <= anchor.clientWidth, `${anchor.scrollWidth} px on a phone`);
            },
        },
        {
            content: "The filters are folded",
            trigger: ".o_retention_unfold[aria-expanded='false']",
            run: "click",
        },
        { trigger: ".o_retention_compare:visible", run: "select none" },
        { trigger: `${SETTLED}:not(:has(.o_retention_change))` },
        {
            content: "The triangle is one stop of the tab key",
            trigger: ".o_cohort_table",
            run({ anchor }) {
                const stops = anchor.querySelectorAll("button[data-row][tabindex='0']");
                expect(stops.length === 1, `${stops.length} stops`);
                stops[0].focus();
            },
        },
        { trigger: focusIsOn(0, 0), run: "press ArrowRight" },
        { content: "One month on", trigger: focusIsOn(0, 1), run: "press Home" },
        { trigger: focusIsOn(0, 0), run: "press End" },
        { trigger: focusIsOn(0, 1), run: "press Enter" },
        {
            content: "Its three customers",
            trigger: ".o_kanban_record:nth-child(3), .o_data_row:nth-child(3)",
        },
        back,
        {
            content: "The comparison is still switched off",
            trigger: `${SETTLED}:not(:has(.o_retention_change))`,
        },
    ],
});
