import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useService } from "@web/core/utils/hooks";
import { CustomerSearch } from "../front_desk/customer_search";
import { openCustomer } from "../front_desk/open_customer";

/** The one field, over whatever is on the screen. */
export class FindCustomerDialog extends Component {
    static template = "crm_contact_history.FindCustomerDialog";
    static components = { CustomerSearch, Dialog };
    static props = {
        close: Function,
        term: { type: String, optional: true },
        // Called with {partnerId, assetId} in place of opening the card.
        onChosen: { type: Function, optional: true },
    };

    setup() {
        this.action = useService("action");
    }

    onChoose(customer) {
        this.props.close();
        return this.props.onChosen ? this.props.onChosen(customer) : openCustomer(this.action, customer);
    }
}
