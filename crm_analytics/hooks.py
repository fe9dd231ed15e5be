from odoo.addons.crm_contact_history.hooks import forget_ties


def post_init_hook(env):
    """Count the purchases of the years before the addon came, and have the figures of customers made."""
    env["customer.purchase"]._rebuild()
    # Fits and figures of customers are made right after the installation, not in it: they may take minutes.
    env.ref("crm_analytics.ir_cron_customer_metrics")._trigger()


def uninstall_hook(env):
    """Close the programs and rewards for segments, and stop the occasions: without this addon nothing tells those customers
    from others, and everybody would get the discounts and the greetings."""
    env["loyalty.program"].search([("is_for_segments", "=", True)]).active = False
    env["loyalty.reward"].search([("is_for_segments", "=", True)]).active = False
    env["loyalty.occasion"].search([("segment_id", "!=", False)]).action_stop()
    forget_ties(env, "crm_analytics")
