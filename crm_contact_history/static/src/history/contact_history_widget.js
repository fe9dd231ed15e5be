import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { ContactHistory } from "./contact_history";

/** The history on the form of a contact. */
export class ContactHistoryWidget extends Component {
    static template = "crm_contact_history.ContactHistoryWidget";
    static components = { ContactHistory };
    static props = { ...standardWidgetProps };
}

registry.category("view_widgets").add("contact_history", {
    component: ContactHistoryWidget,
});
