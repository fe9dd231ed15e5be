from odoo.addons.crm_contact_history.hooks import forget_ties
from odoo.fields import Command
from odoo.tools import SQL


def post_init_hook(env):
    """Give every company that exists at installation its own series of ticket numbers."""
    env["res.company"].search([])._ensure_ticket_sequence()


def uninstall_hook(env):
    """Empty the table of tickets first: it goes anyway, and its restricting foreign keys would make Odoo fail on each
    stage, team and category in use before it drops the tables."""
    env.cr.execute(SQL("DELETE FROM service_ticket"))
    env.cr.execute(SQL("UPDATE service_article SET original_id = NULL"))
    env.cr.execute(SQL("DELETE FROM service_article"))
    env.cr.execute(SQL("DROP FUNCTION IF EXISTS service_ticket_deletion_kept CASCADE"))
    env.cr.execute(SQL("DROP FUNCTION IF EXISTS service_sla_append_only CASCADE"))
    forget_ties(env, "crm_service_desk")


def agents_become_leaders(env):
    """Give everybody who was an agent before there were leaders the leader's rights: he sees what he saw."""
    leaders = env.ref("crm_service_desk.group_service_leader")
    agents = env.ref("crm_service_desk.group_service_user").with_context(active_test=False).all_user_ids
    (agents - leaders.with_context(active_test=False).all_user_ids).write({"group_ids": [Command.link(leaders.id)]})
