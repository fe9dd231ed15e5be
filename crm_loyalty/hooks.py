from odoo.addons.crm_contact_history.hooks import forget_ties
from odoo.tools import SQL


def post_init_hook(env):
    """Give the cards that exist already an opening entry in the points ledger."""
    env["loyalty.ledger.entry"]._open_existing_cards()


def uninstall_hook(env):
    """Close the programs for members, and for customers of partners: without this addon nothing tells them from others, and
    core would give everybody their discounts. And take away what the database does for the ledger."""
    programs = env["loyalty.program"].search(
        ["|", "|", ("tier_ids", "!=", False), ("club_ids", "!=", False), ("co_marketing_benefit_id", "!=", False)]
    )
    programs.active = False
    # The same for rewards of some tiers, and for price lists of tiers, which core would give to everybody.
    env["loyalty.reward"].search([("tier_ids", "!=", False)]).active = False
    env["product.pricelist"].browse(env["product.pricelist"]._of_tiers()).active = False
    env.cr.execute(SQL("DROP FUNCTION IF EXISTS loyalty_ledger_append_only CASCADE"))
    env.cr.execute(SQL("DROP FUNCTION IF EXISTS co_marketing_redemption_append_only CASCADE"))
    env.cr.execute(SQL("DROP FUNCTION IF EXISTS co_marketing_statement_immutable CASCADE"))
    env.cr.execute(SQL("DROP FUNCTION IF EXISTS co_marketing_statement_line_immutable CASCADE"))
    env["res.partner"]._take_room_back()
    forget_ties(env, "crm_loyalty")
