from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """The points ledger is new: cards that exist already get an opening entry."""
    api.Environment(cr, SUPERUSER_ID, {})["loyalty.ledger.entry"]._open_existing_cards()
