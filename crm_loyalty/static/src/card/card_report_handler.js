import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { getReportUrl } from "@web/webclient/actions/reports/utils";

const CARDS = ["crm_loyalty.card", "crm_loyalty.card_sheets"];

/**
 * Member cards are drawn by the server itself. The web client would first ask for wkhtmltopdf, which they do not need, and
 * show them as a web page where it is not installed.
 */
async function downloadCards(action, options, env) {
    if (!CARDS.includes(action.report_name)) {
        return false;
    }
    env.services.ui.block();
    try {
        await download({
            url: "/report/download",
            data: {
                data: JSON.stringify([getReportUrl(action, "pdf"), action.report_type]),
                context: JSON.stringify({ ...user.context, ...action.context }),
            },
        });
    } finally {
        env.services.ui.unblock();
    }
    return true;
}

registry.category("ir.actions.report handlers").add("crm_loyalty.cards", downloadCards);
