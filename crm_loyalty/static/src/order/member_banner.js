import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, useState } from "@odoo/owl";

/** The customer's memberships at the head of an order: the best one, the others a click away. */
export class MemberBannerField extends Component {
    static template = "crm_loyalty.MemberBannerField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.state = useState({ open: false });
    }

    get memberships() {
        return this.props.record.data[this.props.name] || [];
    }

    get shown() {
        return this.state.open ? this.memberships : this.memberships.slice(0, 1);
    }

    get moreLabel() {
        const count = this.memberships.length - 1;
        return count === 1 ? _t("1 more club") : _t("%s more clubs", count);
    }

    toggle() {
        this.state.open = !this.state.open;
    }

    openMembership(membership) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "loyalty.membership",
            res_id: membership.id,
            views: [[false, "form"]],
        });
    }
}

export const memberBannerField = {
    component: MemberBannerField,
    displayName: _t("Club Member"),
    supportedTypes: ["json"],
};

registry.category("fields").add("club_member_banner", memberBannerField);
