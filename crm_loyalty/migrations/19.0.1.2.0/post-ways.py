from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """The consent of the clubs that exist already is the first version."""
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    # Archived ones too: they may be opened again.
    env["loyalty.club"].with_context(active_test=False).search([])._keep_consent_text()
