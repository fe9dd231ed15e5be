import { reactive } from "@odoo/owl";
import { formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { IncomingCalls } from "./incoming_calls";

const { DateTime } = luxon;
const MOST = 3;
const NOTIFICATION = "crm_contact_history.incoming_call";

/** Shows who is calling, on the screen of the agent who is called. */
export const incomingCallService = {
    dependencies: ["bus_service"],
    start(env, { bus_service: bus }) {
        const calls = reactive([]);
        // A call can be told twice; once it was put away it stays away.
        const seen = new Set();

        bus.subscribe(NOTIFICATION, (call) => {
            if (!seen.has(call.touchpoint_id)) {
                seen.add(call.touchpoint_id);
                calls.push({ ...call, time: formatDateTime(DateTime.local(), { format: "HH:mm" }) });
                // Who was away has the rest in the list of logged contacts.
                calls.splice(0, calls.length - MOST);
            }
        });
        bus.start();
        registry
            .category("main_components")
            .add("crm_contact_history.IncomingCalls", { Component: IncomingCalls, props: { calls } });
    },
};

registry.category("services").add("crm_contact_history.incoming_call", incomingCallService);
