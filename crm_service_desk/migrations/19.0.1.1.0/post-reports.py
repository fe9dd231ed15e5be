from odoo import SUPERUSER_ID, api
from odoo.addons.crm_service_desk.hooks import agents_become_leaders


def migrate(cr, version):
    """Agents saw all tickets of their teams. That is a leader's right now, so all agents become leaders: nobody loses
    sight of a ticket by the upgrade. Who shall see only his own is made an agent again by hand."""
    agents_become_leaders(api.Environment(cr, SUPERUSER_ID, {}))
