from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """The consent of the clubs that exist already is the first version."""
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    env["loyalty.club"].search([])._keep_consent_text()
