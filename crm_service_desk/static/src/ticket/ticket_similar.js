import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * Solved tickets that were about the same, and how they ended. Read when the page is opened.
 */
export class TicketSimilar extends Component {
    static template = "crm_service_desk.TicketSimilar";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ tickets: [] });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps((nextProps) => {
            if (nextProps.record.resId !== this.props.record.resId) {
                return this.load(nextProps.record.resId);
            }
        });
    }

    async load(ticketId) {
        this.state.tickets = ticketId
            ? await this.keepLast.add(this.orm.call("service.ticket", "similar_tickets", [[ticketId]]))
            : [];
    }

    day(ticket) {
        return ticket.date ? formatDate(deserializeDateTime(ticket.date)) : "";
    }

    open(ticket) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "service.ticket",
            res_id: ticket.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("ticket_similar", { component: TicketSimilar });
