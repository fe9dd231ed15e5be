import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { CustomerCard } from "@crm_contact_history/front_desk/customer_card";
import { openCustomer } from "@crm_contact_history/front_desk/open_customer";
import { ContactHistory } from "@crm_contact_history/history/contact_history";

const partnerOf = (props) => props.record.data.partner_id?.id || false;

/**
 * The card of the ticket's customer, as at the front desk.
 */
export class TicketCustomerCard extends Component {
    static template = "crm_service_desk.TicketCustomerCard";
    static components = { CustomerCard };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ card: false });
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((nextProps) => {
            if (partnerOf(nextProps) !== partnerOf(this.props)) {
                return this.load(nextProps);
            }
        });
    }

    async load(props) {
        const partnerId = partnerOf(props);
        this.state.card =
            partnerId &&
            (await this.keepLast.add(this.orm.call("res.partner", "front_desk_card", [[partnerId]])));
    }

    onChoose(customer) {
        return openCustomer(this.action, customer);
    }
}

registry.category("view_widgets").add("ticket_customer_card", {
    component: TicketCustomerCard,
    fieldDependencies: [{ name: "partner_id", type: "many2one", relation: "res.partner" }],
});

/**
 * Everything that was between us and the ticket's customer.
 */
export class TicketCustomerHistory extends Component {
    static template = "crm_service_desk.TicketCustomerHistory";
    static components = { ContactHistory };
    static props = { ...standardWidgetProps };

    get partnerId() {
        return partnerOf(this.props);
    }
}

registry.category("view_widgets").add("ticket_customer_history", {
    component: TicketCustomerHistory,
    fieldDependencies: [{ name: "partner_id", type: "many2one", relation: "res.partner" }],
});
