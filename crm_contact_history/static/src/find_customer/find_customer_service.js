import { Component } from "@odoo/owl";
import { DefaultCommandItem } from "@web/core/commands/command_palette";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { assetOf, isSure, MOST } from "../front_desk/customer_search";
import { openCustomer } from "../front_desk/open_customer";
import { FindCustomerDialog } from "./find_customer_dialog";

const GROUP = "crm_contact_history.group_front_desk";
const HOTKEY = "alt+shift+f";
// What is typed in the command palette after this letter is looked for among customers.
const NAMESPACE = "&";

class FindCustomerSystray extends Component {
    static template = "crm_contact_history.FindCustomerSystray";
    static props = {};

    setup() {
        this.findCustomer = useService("crm_contact_history.find_customer");
    }

    onClick() {
        this.findCustomer.open();
    }
}

class CustomerCommand extends Component {
    static template = "crm_contact_history.CustomerCommand";
    static props = {
        ...DefaultCommandItem.props,
        company: { type: [String, Boolean], optional: true },
        icon: { type: String, optional: true },
        reason: String,
    };
}

function closerLook(count, term) {
    if (!count) {
        return _t("Nobody found for “%s”: look again or create", term);
    }
    return count < MOST
        ? _t("%(count)s customers match “%(term)s”: choose one", { count, term })
        : _t("Many customers match “%s”: choose one", term);
}

/** The customers found by what was typed, as commands of the palette. */
async function customerCommands(env, term) {
    const { action, orm } = env.services;
    const findCustomer = env.services["crm_contact_history.find_customer"];
    const results = term ? await orm.silent.call("res.partner", "front_desk_search", [term, MOST]) : [];
    const commands = results.map((result) => ({
        Component: CustomerCommand,
        category: "customers",
        name: result.name,
        href: `/odoo/front-desk/${result.partner_id}`,
        action: () => {
            openCustomer(action, { partnerId: result.partner_id, assetId: assetOf(result) });
        },
        props: {
            company: result.company,
            icon: result.icon,
            reason: `${result.reason}: ${result.value}`,
        },
    }));
    // The palette takes its first command for Enter. Where it is not certain who is meant, that is to look closer.
    if (term && !isSure(results)) {
        commands.unshift({
            category: "customers",
            name: closerLook(results.length, term),
            action: () => {
                findCustomer.open(term);
            },
        });
    }
    return commands;
}

/** One field that is always at hand: in the bar at the top, by a shortcut and in the command palette. */
export const findCustomerService = {
    dependencies: ["action", "command", "dialog", "orm"],
    start(env, { command, dialog }) {
        let isOpen = false;

        /**
         * @param {string} term what to look for at once
         * @param {Function} [onChosen] called with {partnerId, assetId} in place of opening the card
         */
        function open(term = "", onChosen = undefined) {
            if (!isOpen) {
                isOpen = true;
                dialog.add(FindCustomerDialog, { term, onChosen }, { onClose: () => (isOpen = false) });
            }
        }

        user.hasGroup(GROUP).then((isFrontDesk) => {
            if (!isFrontDesk) {
                return;
            }
            registry
                .category("systray")
                .add(
                    "crm_contact_history.find_customer",
                    { Component: FindCustomerSystray },
                    { sequence: 30 }
                );
            command.add(_t("Find a customer"), () => open(), {
                category: "app",
                global: true,
                hotkey: HOTKEY,
                hotkeyOptions: { bypassEditableProtection: true },
            });
            registry
                .category("command_categories")
                .add("customers", { namespace: NAMESPACE }, { sequence: 10 });
            registry.category("command_setup").add(NAMESPACE, {
                debounceDelay: 200,
                emptyMessage: _t(
                    "Type a part of the name, the phone number, the e-mail address or an order number."
                ),
                name: _t("customers"),
                placeholder: _t("Find a customer..."),
            });
            registry.category("command_provider").add("crm_contact_history.customers", {
                namespace: NAMESPACE,
                provide: (paletteEnv, { searchValue }) =>
                    customerCommands(paletteEnv, (searchValue || "").trim()),
            });
        });
        return { open };
    },
};

registry.category("services").add("crm_contact_history.find_customer", findCustomerService);
