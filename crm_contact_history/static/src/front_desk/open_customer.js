const FRONT_DESK = "crm_contact_history.front_desk";

/**
 * Open a customer's card at the front desk, from anywhere.
 *
 * @param {Object} action the action service
 * @param {{partnerId: number, assetId?: number}} customer
 */
export function openCustomer(action, { partnerId, assetId }) {
    const isThere = action.currentController?.action.tag === FRONT_DESK;
    return action.doAction("crm_contact_history.action_front_desk", {
        props: { resId: partnerId, assetId: assetId || false },
        // One customer after the other is not a path to walk back.
        stackPosition: isThere ? "replaceCurrentAction" : undefined,
    });
}
