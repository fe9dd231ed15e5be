from odoo.addons.crm_contact_history.tests.structure_case import AddonStructureCase


class TestStructure(AddonStructureCase):
    addon = "crm_analytics_pos"
