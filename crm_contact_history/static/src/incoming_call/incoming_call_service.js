import { reactive } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { IncomingCalls } from "./incoming_calls";

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
                calls.push(call);
            }
        });
        bus.start();
        registry
            .category("main_components")
            .add("crm_contact_history.IncomingCalls", { Component: IncomingCalls, props: { calls } });
    },
};

registry.category("services").add("crm_contact_history.incoming_call", incomingCallService);
