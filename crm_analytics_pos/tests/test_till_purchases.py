from datetime import datetime

from odoo.addons.crm_analytics.tests.common import PurchaseCase
from odoo.fields import Command
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestTillPurchases(PurchaseCase):
    """What is bought at the till counts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env["account.journal"].search([("type", "=", "sale"), ("company_id", "=", cls.company.id)]):
            cls.env["account.chart.template"].try_loading("generic_coa", cls.company, install_demo=False)
        cls.till = cls.env["pos.config"].create({"name": "Till of purchases"})
        cls.till.open_ui()

    def sell(self, partner, day, amount=10.0, state="paid", tax=0.0, **values):
        line = {"product_id": self.coffee.id, "qty": 1, "price_unit": amount}
        line |= {"price_subtotal": amount - tax, "price_subtotal_incl": amount}
        return self.env["pos.order"].create({
            "config_id": self.till.id,
            "session_id": self.till.current_session_id.id,
            "partner_id": partner.id,
            "date_order": datetime.fromisoformat(f"{day} 05:00:00"),
            "state": state,
            "lines": [Command.create(line)],
            "amount_paid": amount,
            "amount_return": 0,
            "amount_tax": tax,
            "amount_total": amount,
            **values,
        })  # fmt: skip

    def test_a_sale_counts_without_taxes_in_the_month_and_category_too(self):
        self.sell(self.siti, "2025-03-14", 11.0, tax=1.0)
        self.count()
        self.assertEqual(self.days(), [("Siti", "2025-03-14", 1, 10.0)])
        [row] = self.env["customer.purchase.category"].search([("partner_id", "=", self.siti.id)])
        self.assertEqual((row.categ_id, row.orders, row.amount), (self.coffee.categ_id, 1, 10.0))

    def test_a_sale_that_is_not_paid_yet_counts_when_it_is(self):
        order = self.sell(self.siti, "2025-03-14", state="draft")
        self.count()
        self.assertEqual(self.days(), [])
        order.state = "paid"
        self.count()
        self.assertEqual(self.days(), [("Siti", "2025-03-14", 1, 10.0)])

    def test_a_refund_takes_back_on_its_own_day_and_is_no_order(self):
        self.sell(self.siti, "2025-03-14")
        self.sell(self.siti, "2025-03-20", -4.0, is_refund=True)
        self.count()
        self.assertEqual(self.days(), [("Siti", "2025-03-14", 1, 10.0), ("Siti", "2025-03-20", 0, -4.0)])

    def test_the_till_and_the_office_add_up(self):
        self.sell(self.siti, "2025-03-14")
        self.buy(self.siti, "2025-03-14", 5.0)
        self.count()
        self.assertEqual(sum(row[2] for row in self.days()), 2)
        self.assertEqual(sum(row[3] for row in self.days()), 15.0)

    def test_a_sale_without_a_customer_is_no_purchase_of_anybody(self):
        self.sell(self.env["res.partner"], "2025-03-14")
        self.assertEqual(self.queued(), 0)

    def test_a_sale_without_a_customer_is_a_line_of_the_data_s_quality_that_opens_it(self):
        lines = self.env["customer.purchase.issue"]
        of_till = [("company_id", "=", self.company.id), ("kind", "=", "no_customer"), ("res_model", "=", "pos.order")]
        lines._look(self.company)
        before = sum(lines.search(of_till).mapped("count"))
        sale = self.sell(self.env["res.partner"], "2025-03-14")
        self.sell(self.siti, "2025-03-14")
        lines._look(self.company)
        line = lines.search(of_till)
        self.assertEqual(line.count, before + 1)
        opened = self.env["pos.order"].search(line.action_open()["domain"])
        self.assertIn(sale, opened)
        self.assertEqual(len(opened), line.count)
        self.assertIn("in no figure", line.explanation)

    def test_where_invoices_count_a_sale_without_an_invoice_counts_by_itself(self):
        self.sell(self.siti, "2025-03-14")
        self.company.purchase_basis = "invoices"
        self.count()
        self.assertEqual(self.days(), [("Siti", "2025-03-14", 1, 10.0)])

    def test_changes_and_a_full_count_give_the_same(self):
        order = self.sell(self.siti, "2025-03-14")
        self.sell(self.siti, "2025-04-14")
        self.count()
        order.write({"date_order": "2025-02-01 05:00:00", "partner_id": self.budi.id})
        self.count()
        kept = self.all_facts()
        self.Purchase._rebuild()
        self.assertEqual(kept, self.all_facts())
