"""Confirmed orders of a customer by day are found by crm_loyalty's index of net spend, of the same key and condition."""

from odoo.tools import SQL


def migrate(cr, version):
    cr.execute(SQL("DROP INDEX IF EXISTS sale_order_partner_date_confirmed_idx"))
