from odoo.addons.crm_contact_history.tests.structure_case import AddonStructureCase


class TestStructure(AddonStructureCase):
    addon = "crm_analytics_pos"

    def test_the_addon_is_looked_at(self):
        """It brings no field but a source of purchases."""
        sources = self.env["customer.purchase"]._purchase_sources()
        self.assertIn("pos.order", [source._name for source in sources])
