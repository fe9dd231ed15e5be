import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

/** Requests for the figures that are kept back: functions that send them on. */
const waiting = [];

/** A server that is slow with the figures: nothing is answered until the tour lets it through, or breaks the line. */
class SlowRequest extends browser.XMLHttpRequest {
    open(method, url, ...others) {
        this.isForFigures = url.endsWith("/retention.dashboard/load");
        super.open(method, url, ...others);
    }

    send(body) {
        if (this.isForFigures) {
            waiting.push({
                answer: () => super.send(body),
                fail: () => this.dispatchEvent(new Event("error")),
            });
        } else {
            super.send(body);
        }
    }
}

const PAGE = ".o_retention_page";
const BUSY = `${PAGE}[aria-busy='true']`;
const SETTLED = `${PAGE}[aria-busy='false']`;
const OLD = ".o_retention_figures.o_retention_old[aria-busy='true']";
const DARK_PAGES_INK = "rgb(228, 228, 228)";
const step = (content, trigger, run) => ({ content, trigger, run });

/** Begins at another screen, with a shop of too few purchases for an estimate. */
registry.category("web_tour.tours").add("crm_analytics.retention_states", {
    steps: () => [
        step(
            "From now on the figures take their time",
            ".o_menu_sections button:contains('Analytics')",
            () => {
                browser.XMLHttpRequest = SlowRequest;
            }
        ),
        step("The dashboard is opened", ".o_menu_sections button:contains('Analytics')", "click"),
        step("…", ".dropdown-item:contains('Retention')", "click"),
        step(
            "While it waits, bones stand where the figures will be",
            `${BUSY}:not(:has(.o_retention_figures)) .o_retention_skeleton:visible`
        ),
        step("Who reads by ear is told", `${BUSY} [role='status']:contains('being loaded')`, () =>
            waiting.shift().fail()
        ),
        step(
            "The line is broken: it says so, without bones or figures",
            `${SETTLED}:not(:has(.o_retention_skeleton, .o_retention_figures)) .o_retention_problem[role='alert']:contains('cannot be reached')`
        ),
        step("The page turns dark meanwhile", ".o_retention_retry", () => {
            document.querySelector(".o_retention_dashboard").style.color = DARK_PAGES_INK;
        }),
        step("Try again", ".o_retention_retry", "click"),
        step("It waits anew", `${BUSY} .o_retention_skeleton:visible`, () => waiting.shift().answer()),
        step(
            "The figures are there, and nothing is left of the problem",
            `${SETTLED}:not(:has(.o_retention_problem, .o_retention_skeleton)) .o_retention_tile[data-tile='active']:contains('4')`
        ),
        step(
            "A chart is written in the page's own colour",
            ".o_retention_canvas canvas",
            async ({ anchor }) => {
                let chart;
                while (!(chart = window.Chart?.getChart(anchor))) {
                    await new Promise((resolve) => setTimeout(resolve, 50));
                }
                const { x, y } = chart.options.scales;
                const inks = [x.ticks.color, y.ticks.color, chart.options.plugins.legend.labels.color];
                if (inks.some((ink) => ink !== DARK_PAGES_INK)) {
                    throw new Error(`Inks of the chart: ${inks}`);
                }
            }
        ),
        step(
            "Too little was bought for an estimate: it says so",
            ".o_retention_model[data-state='too_little'] .o_retention_model_message:contains('4 customers')"
        ),
        step(
            "And none is shown",
            `${SETTLED}:not(:has(.o_retention_estimate, .o_retention_top, .o_retention_holdout)) .o_retention_tile[data-tile='expected_value']:contains('No estimate yet')`
        ),
        step(
            "A full count goes on: it says how far it is",
            ".o_retention_building[role='status']:contains('0% done'):has(.progress)"
        ),
        step("Another view is asked for", "button[data-kind='unbounded']", "click"),
        step("The old figures stay, dimmed", `${BUSY} ${OLD}:not(:has(.o_retention_skeleton))`, () =>
            waiting.shift().fail()
        ),
        step(
            "They stay below the problem, too",
            ".o_retention_problem:contains('figures of before') ~ .o_retention_figures.o_retention_old .o_retention_tile"
        ),
        step("Try again", ".o_retention_retry", "click"),
        step("…", `${BUSY} ${OLD}`, () => waiting.shift().answer()),
        step(
            "Now they are those of the view",
            `${SETTLED}:not(:has(.o_retention_problem)) .o_retention_figures:not(.o_retention_old) button[data-kind='unbounded'].active`,
            () => {
                browser.XMLHttpRequest = Object.getPrototypeOf(SlowRequest);
            }
        ),
    ],
});
