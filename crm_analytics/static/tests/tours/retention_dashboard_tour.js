import { registry } from "@web/core/registry";

/** What a browser's own month picker does; typing letter by letter gives a month field no value. */
const setMonth =
    (month) =>
    ({ anchor }) => {
        anchor.value = month;
        anchor.dispatchEvent(new Event("change", { bubbles: true }));
    };
const cohort = (month) => `.o_cohort_table tr[data-cohort='${month}']`;

registry.category("web_tour.tours").add("crm_analytics.retention_dashboard", {
    steps: () => [
        {
            content: "The period, the company and the definition are said",
            trigger: ".o_retention_period:contains('2024'):contains('Kopi Braga')",
        },
        {
            content: "Four customers first bought in January",
            trigger: `${cohort("2024-01-01")} .o_cohort_size:contains('4')`,
        },
        {
            content: "Three of them came back in February",
            trigger: `${cohort("2024-01-01")} button[data-column='1']:contains('75.00%')`,
        },
        { content: "As numbers of people", trigger: "button[data-shown='customers']", run: "click" },
        { trigger: `${cohort("2024-01-01")} button[data-column='1']:contains('3')` },
        { content: "As revenue", trigger: "button[data-shown='amount']", run: "click" },
        {
            content: "Open the customers of the cell",
            trigger: `${cohort("2024-01-01")} button[data-column='1']:contains('30')`,
            run: "click",
        },
        {
            content: "The list holds these three",
            trigger: ".o_list_view .o_data_row:nth-child(3)",
            run() {
                const rows = document.querySelectorAll(".o_list_view .o_data_row");
                if (rows.length !== 3) {
                    throw new Error(`The cell counts 3 customers, its list shows ${rows.length}`);
                }
            },
        },
        {
            content: "Back to the dashboard",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb a:first",
            run: "click",
        },
        { content: "It still shows revenue", trigger: "button[data-shown='amount'].active" },
        { content: "Choose another period", trigger: ".o_retention_months", run: "select own" },
        { trigger: ".o_retention_from", run: setMonth("2010-01") },
        {
            content: "An empty period says what to do",
            trigger: ".o_retention_empty:contains('Choose another period')",
        },
        { trigger: ".o_retention_to", run: setMonth("2024-01") },
        { trigger: ".o_retention_from", run: setMonth("2024-01") },
        {
            content: "January alone: one cohort, one month",
            trigger: `body:not(:has(button[data-column='1'])) ${cohort("2024-01-01")} .o_cohort_size:contains('4')`,
        },
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

registry.category("web_tour.tours").add("crm_analytics.retention_period", {
    steps: () => [
        {
            content: "Choose months of one's own",
            trigger: ".o_retention_months",
            run: "select own",
        },
        {
            content: "A first month very long ago",
            trigger: ".o_retention_from",
            run() {
                this.anchor.value = "1997-01";
                this.anchor.dispatchEvent(new Event("change"));
            },
        },
        {
            content: "The last month has moved along, instead of an error",
            trigger: ".o_retention_to:value(2001-12)",
        },
        { trigger: "body:not(:has(.modal))" },
    ],
});
