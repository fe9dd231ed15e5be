from odoo import Command, fields
from odoo.addons.crm_contact_history.tests.people import new_test_users
from odoo.tests import TransactionCase


class ClubCase(TransactionCase):
    """A club with three tiers, a few customers, and people who may do this and that."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False  # only our own programs price what the tests order
        cls.company = cls.env.company
        cls.club = cls.make_club("Kopi Braga Club")
        cls.gold, cls.silver, cls.green = cls.club.tier_ids.sorted("sequence")
        cls.siti, cls.budi = cls.env["res.partner"].create([{"name": "Siti"}, {"name": "Budi"}])
        cls.textile = cls.env["res.partner"].create({"name": "PT Tekstil", "is_company": True})
        cls.rina = cls.env["res.partner"].create({"name": "Rina", "parent_id": cls.textile.id})
        cls.coffee = cls.env["product.product"].create(
            {"name": "Kopi Tubruk", "list_price": 100, "taxes_id": [Command.clear()]}
        )
        cls.today = fields.Date.today()
        cls.clerk, cls.seller, cls.manager, cls.employee = new_test_users(
            cls.env,
            ("clerk", "crm_contact_history.group_front_desk,base.group_partner_manager"),
            ("seller", "sales_team.group_sale_salesman,base.group_partner_manager"),
            ("club manager", "crm_loyalty.group_club_manager"),
            ("employee", "base.group_user"),
        )

    @classmethod
    def make_club(cls, name, tiers=(("Gold", 15), ("Silver", 10), ("Green", 5)), **vals):
        return cls.env["loyalty.club"]._create_with_programs(
            {"name": name, "company_id": cls.env.company.id, **vals},
            [{"name": tier, "discount": discount} for tier, discount in tiers],
            {"amount": 10, "value": 1},
        )

    def quotation(self, partner, price=100, **vals):
        """A quotation of one line."""
        return self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create({"product_id": self.coffee.id, "price_unit": price, "tax_ids": [Command.clear()]})
                ],
                **vals,
            }
        )

    def assertPrice(self, order, amount):
        self.assertAlmostEqual(
            order.amount_total, amount, 2, [(line.name, line.price_total) for line in order.order_line]
        )
