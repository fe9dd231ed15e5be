import { reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { IncomingCalls } from "./incoming_calls";

const { DateTime } = luxon;
const MOST = 3;
const NOTIFICATION = "crm_contact_history.incoming_call";
/** By it the tabs of one browser tell each other which calls were answered or put away. */
export const TABS = "crm_contact_history.incoming_call";

/** Shows who is calling, on the screen of the agent who is called. */
export const incomingCallService = {
    dependencies: ["bus_service"],
    start(env, { bus_service: bus }) {
        const calls = reactive([]);
        // A call can be told twice; once it was put away it stays away.
        const seen = new Set();
        const tabs = new browser.BroadcastChannel(TABS);

        function remove(touchpointId) {
            seen.add(touchpointId);
            const place = calls.findIndex((call) => call.touchpoint_id === touchpointId);
            if (place >= 0) {
                calls.splice(place, 1);
            }
        }

        /** It was answered, or put away: here and in the other tabs. */
        function close(call) {
            remove(call.touchpoint_id);
            tabs.postMessage(call.touchpoint_id);
        }

        tabs.onmessage = ({ data }) => remove(data);
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
            .add("crm_contact_history.IncomingCalls", { Component: IncomingCalls, props: { calls, close } });
    },
};

registry.category("services").add("crm_contact_history.incoming_call", incomingCallService);
