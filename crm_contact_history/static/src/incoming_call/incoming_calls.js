import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { createCustomer } from "../front_desk/create_customer";
import { openCustomer } from "../front_desk/open_customer";

/**
 * The calls that ring for this agent, in a corner of the screen. They never take the focus: what he is typing goes on.
 */
export class IncomingCalls extends Component {
    static template = "crm_contact_history.IncomingCalls";
    static props = {
        calls: Array,
        // Puts a call away, in all tabs of this browser.
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.findCustomer = useService("crm_contact_history.find_customer");
        this.calls = useState(this.props.calls);
        this.state = useState({ canCreate: false });
        user.checkAccessRight("res.partner", "create").then((canCreate) => {
            this.state.canCreate = canCreate;
        });
    }

    question(call) {
        if (call.callers.length === 1) {
            return "";
        }
        return call.callers.length ? _t("Who is it?") : _t("Nobody is known under this number.");
    }

    onClose(call) {
        this.props.close(call);
    }

    onOpen(call, partnerId) {
        this.onClose(call);
        return openCustomer(this.action, { partnerId });
    }

    /** Of several, or of nobody known, this one is calling: the call goes into his history. */
    async onIs(call, partnerId) {
        await this.orm.call("res.partner", "take_incoming_call", [call.touchpoint_id, partnerId]);
        return this.onOpen(call, partnerId);
    }

    onFind(call) {
        this.findCustomer.open("", ({ partnerId }) => this.onIs(call, partnerId));
    }

    onCreate(call) {
        createCustomer(this.dialog.add, call.number, (partnerId) => this.onIs(call, partnerId));
    }

    async onNote(call) {
        await this.orm.call("res.partner", "take_incoming_call", [call.touchpoint_id]);
        this.dialog.add(FormViewDialog, {
            resModel: "crm.touchpoint",
            resId: call.touchpoint_id,
            title: _t("Call from %s", call.number),
            onRecordSaved: () => this.onClose(call),
        });
    }
}
