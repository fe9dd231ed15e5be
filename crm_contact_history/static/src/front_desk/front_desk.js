import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

export class FrontDesk extends Component {
    static template = "crm_contact_history.FrontDesk";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
}

registry.category("actions").add("crm_contact_history.front_desk", FrontDesk);
