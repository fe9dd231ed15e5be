import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { ContactHistory } from "../history/contact_history";
import { CustomerCard } from "./customer_card";
import { CustomerSearch } from "./customer_search";

/**
 * Find a customer, see who he is and everything that was between him and us.
 *
 * The customer's id is the action's resId: it stands in the address, so that a reload, the back button and a link sent
 * to a colleague come back to him.
 */
export class FrontDesk extends Component {
    static template = "crm_contact_history.FrontDesk";
    static components = { ContactHistory, CustomerCard, CustomerSearch, Layout };
    // So that Odoo knows, when a customer's address is opened, that there is no list to stand before him in the path.
    static path = "front-desk";
    static displayName = _t("Front Desk");
    static props = {
        ...standardActionServiceProps,
        // The asset by which he was found, shown first.
        assetId: { type: [Number, Boolean], optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ card: false, missing: false, version: 0 });
        this.assetId = false;
        useSetupAction({ getLocalState: () => ({ partnerId: this.state.card.id, assetId: this.assetId }) });
        onWillStart(() => {
            const { action, state, resId, assetId } = this.props;
            const partnerId = state?.partnerId || resId || action.params?.partner_id;
            return partnerId ? this.show({ partnerId, assetId: state?.assetId || assetId }) : undefined;
        });
        onWillUpdateProps(({ resId, assetId }) => {
            if (resId && resId !== this.props.resId) {
                return this.show({ partnerId: resId, assetId });
            }
        });
    }

    /** False for a contact who is gone or whom this person may not read: an old link is no error. */
    async card(partnerId, assetId) {
        try {
            return await this.orm.call("res.partner", "front_desk_card", [[partnerId]], {
                asset_id: assetId || false,
            });
        } catch (error) {
            if (error.exceptionName === "odoo.exceptions.AccessError") {
                return false;
            }
            throw error;
        }
    }

    async show({ partnerId, assetId }) {
        const card = await this.keepLast.add(this.card(partnerId, assetId));
        this.assetId = assetId || false;
        this.state.card = card;
        this.state.missing = !card;
        this.props.updateActionState?.({ resId: card ? card.id : false });
    }

    /** Read the card and the history again: something was logged, noted or planned. */
    async refresh() {
        await this.show({ partnerId: this.state.card.id, assetId: this.assetId });
        this.state.version++;
    }
}

registry.category("actions").add("crm_contact_history.front_desk", FrontDesk);
