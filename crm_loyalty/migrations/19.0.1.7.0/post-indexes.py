"""Members and clubs are found by indexes that begin with them: the ORM keeps those that it no longer asks for."""

from odoo.tools import SQL


def migrate(cr, version):
    cr.execute(SQL("DROP INDEX IF EXISTS loyalty_membership__partner_id_index, loyalty_membership__club_id_index"))
