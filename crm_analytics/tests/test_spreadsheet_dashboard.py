import json

from odoo.addons.spreadsheet.utils.validate_data import fields_in_spreadsheet, menus_xml_ids_in_spreadsheet
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestSpreadsheetDashboard(TransactionCase):
    """Customers as one of core's spreadsheet dashboards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dashboard = cls.env.ref("crm_analytics.spreadsheet_dashboard_customers")
        cls.data = json.loads(cls.dashboard.spreadsheet_data)

    def user(self, *groups):
        return new_test_user(self.env, "reader", ",".join(groups), context={"no_reset_password": True})

    def test_every_field_and_menu_that_it_names_is_there(self):
        for model, chains in fields_in_spreadsheet(self.data).items():
            for chain in chains:
                with self.subTest(model=model, chain=chain):
                    self.assertTrue(self.follow(model, chain))
        for xmlid in menus_xml_ids_in_spreadsheet(self.data):
            self.assertTrue(self.env.ref(xmlid).action, xmlid)

    def follow(self, model, chain):
        for name in chain.split("."):
            field = self.env[model]._fields[name]
            model = field.comodel_name or model
        return field

    def test_each_pivot_and_list_answers_who_may_read_figures(self):
        env = self.env(user=self.user("base.group_user", "crm_analytics.group_analytics_user").id)
        for pivot in self.data["pivots"].values():
            rows = [row["fieldName"] for row in pivot["rows"]]
            measures = [
                name if name == "__count" else f"{name}:{env[pivot['model']]._fields[name].aggregator}"
                for name in (measure["fieldName"] for measure in pivot["measures"])
            ]
            env[pivot["model"]].formatted_read_group(pivot["domain"], rows, measures)
        for one in self.data["lists"].values():
            env[one["model"]].search_read(one["domain"], one["columns"], limit=1)
        self.assertTrue(self.dashboard.with_env(env).read(["name"]))

    def test_who_may_not_read_figures_does_not_see_it(self):
        plain = self.user("base.group_user")
        self.assertNotIn(self.dashboard, self.env["spreadsheet.dashboard"].with_user(plain).search([]))
        with self.assertRaises(AccessError):
            self.dashboard.with_user(plain).read(["spreadsheet_data"])
