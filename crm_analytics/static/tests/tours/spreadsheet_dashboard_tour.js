import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

function equal(found, wanted, what) {
    if (JSON.stringify(found) !== JSON.stringify(wanted)) {
        throw new Error(`${what}: ${JSON.stringify(found)}, and not ${JSON.stringify(wanted)}`);
    }
}

/** What the retention dashboard tells. */
function retentionFigures() {
    const [model, method] = ["retention.dashboard", "load"];
    const kwargs = { context: user.context };
    return rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args: [{}], kwargs });
}

/** The values of a column of a sheet of the open spreadsheet, once all of them have come from the server. */
async function column(sheetName, [col, from, to]) {
    const loader = window.odoo.__WOWL_DEBUG__.root.env.services.spreadsheet_dashboard_loader;
    const { getters } = loader.getActiveDashboard().model;
    const sheetId = getters.getSheetIds().find((id) => getters.getSheetName(id) === sheetName);
    const rows = Array.from({ length: to - from + 1 }, (_, number) => from + number);
    for (;;) {
        const values = rows.map((row) => getters.getEvaluatedCell({ sheetId, col, row }).value);
        if (!values.some((value) => /^(Loading|#)/.test(String(value)))) {
            return values;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

registry.category("web_tour.tours").add("crm_analytics.spreadsheet_dashboard", {
    steps: () => [
        {
            content: "It opens in Odoo's own viewer, and its figures are drawn",
            trigger: ".o_spreadsheet_dashboard_action .o-figure canvas",
        },
        {
            content: "They are those of the retention dashboard",
            trigger: ".o_spreadsheet_dashboard_action .o-figure canvas",
            async run() {
                const told = await retentionFigures();
                const expected = told.tiles.find(({ key }) => key === "expected_value");
                const all = told.segments.reduce((sum, segment) => sum + segment.customers, 0);
                const [bought, atRisk, , value, estimated] = await column("Data", [1, 0, 4]);
                equal([bought, atRisk], [all, told.at_risk], "Customers, and those at risk");
                equal([value, estimated], [expected.value, expected.n], "Value, and who has an estimate");
                const segments = told.segments.filter(({ customers }) => customers);
                const last = 24 + segments.length - 1;
                const names = await column("Dashboard", [0, 24, last]);
                const numbers = await column("Dashboard", [1, 24, last]);
                const shown = Object.fromEntries(names.map((name, place) => [name, numbers[place]]));
                const wanted = Object.fromEntries(segments.map((one) => [one.label, one.customers]));
                equal(Object.keys(shown).sort(), Object.keys(wanted).sort(), "Segments");
                names.forEach((name) => equal(shown[name], wanted[name], name));
                const [worst] = await column("Dashboard", [0, 40, 40]);
                equal(worst, told.risk[0].name, "The first at risk");
            },
        },
    ],
});
