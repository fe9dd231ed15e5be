"""Members of a tier are found by an index that tells all of them: the ORM keeps the one that it no longer asks for."""

from odoo.tools import SQL


def migrate(cr, version):
    cr.execute(SQL("DROP INDEX IF EXISTS loyalty_membership__tier_id_index"))
