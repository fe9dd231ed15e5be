"""Entries of the history have one foreign key left; the others are watched over by code."""

from odoo.tools import SQL

COLUMNS = ("commercial_partner_id", "company_id", "user_id")


def migrate(cr, version):
    names = [f"contact_history_entry_{column}_fkey" for column in COLUMNS]
    for name in names:
        cr.execute(SQL("ALTER TABLE contact_history_entry DROP CONSTRAINT IF EXISTS %s", SQL.identifier(name)))
    cr.execute(SQL("DELETE FROM ir_model_constraint WHERE name = ANY(%s)", names))
