"""The figures of the retention dashboard on published records: all CDNOW purchases (Fader and Hardie)."""

from odoo.tests import TransactionCase, tagged

from tools import purchases_copy

JANUARY, FEBRUARY, MARCH = (f"1997-{month:02}-01" for month in (1, 2, 3))
PERIOD = {"date_from": JANUARY, "date_to": "1998-06-30"}


@tagged("post_install", "-at_install")
class TestRetentionFigures(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.env["res.company"].create({"name": "CDNOW"})
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.shop.ids})
        cls.customers = purchases_copy.load(cls.env, cls.shop)
        cls.env["customer.purchase"]._rebuild()
        cls.retention_of = cls.env["retention.dashboard"]
        cls.dashboard = cls.retention_of.load({**PERIOD, "cohort_metric": "revenue"})
        cls.cohorts = {cohort["month"]: cohort for cohort in cls.dashboard["cohorts"]}

    def retention(self, age):
        """:returns: per cohort, the share in percent who bought `age` months after their first purchase"""
        return [round(100 * cohort["cells"][age]["retention"], 2) for _month, cohort in sorted(self.cohorts.items())]

    def open_cell(self, cohort, month):
        return self.retention_of.open_records("cohort", {"cohort": cohort, "month": month}, PERIOD)

    def test_all_customers_first_bought_in_the_first_quarter_of_1997(self):
        self.assertEqual(
            {month: cohort["size"] for month, cohort in self.cohorts.items()},
            {JANUARY: 7846, FEBRUARY: 8476, MARCH: 7248},
        )

    def test_retention_after_one_month_is_as_published(self):
        self.assertEqual(self.retention(1), [14.75, 15.48, 14.24])

    def test_retention_after_twelve_months_is_as_published(self):
        self.assertEqual(self.retention(12), [6.73, 6.70, 9.35])

    def test_every_cohort_is_watched_until_june_1998(self):
        self.assertEqual([len(cohort["cells"]) for _month, cohort in sorted(self.cohorts.items())], [18, 17, 16])
        self.assertEqual(self.retention_of.load()["period"]["date_to"], "1998-06-30")
        self.assertFalse(any(cell["incomplete"] for cohort in self.cohorts.values() for cell in cohort["cells"]))

    def test_the_cells_hold_all_that_was_ever_paid(self):
        paid = sum(cell["amount"] for cohort in self.cohorts.values() for cell in cohort["cells"])
        orders = self.env["sale.order"]._read_group(
            [("company_id", "=", self.shop.id)], [], ["amount_total:sum", "__count"]
        )
        self.assertEqual(orders[0][1], 69659)
        self.assertAlmostEqual(paid, orders[0][0], places=2)

    def test_each_cell_opens_exactly_the_customers_it_counts(self):
        for month, cohort in self.cohorts.items():
            for cell in cohort["cells"]:
                with self.subTest(cohort=month, month=cell["month"]):
                    action = self.open_cell(month, cell["month"])
                    found = self.env[action["res_model"]].search_count(action["domain"])
                    self.assertEqual(found, cell["customers"])

    def test_the_customers_of_a_cell_have_orders_in_its_two_months(self):
        action = self.open_cell(MARCH, "1998-03-01")
        customers = self.env["res.partner"].search(action["domain"])
        self.assertEqual(len(customers), 678)
        for first, last in ((MARCH, "1997-04-01"), ("1998-03-01", "1998-04-01")):
            bought = self.env["sale.order"].search(
                [("partner_id", "in", customers.ids), ("date_order", ">=", first), ("date_order", "<", last)]
            )
            self.assertEqual(bought.partner_id, customers)

    def test_change_by_change_gives_the_same_as_the_full_build(self):
        query = "SELECT partner_id, month, cohort_month, age, orders, amount FROM customer_purchase_month ORDER BY 1, 2"
        self.env.cr.execute(query)
        built = self.env.cr.fetchall()
        self.env.cr.execute("DELETE FROM customer_purchase_month")
        self.env.cr.execute("DELETE FROM customer_purchase")
        self.env["customer.purchase.queue"]._enqueue_companies(self.shop.ids)
        while self.env["customer.purchase.queue"]._drain_batch():
            pass
        self.env.cr.execute(query)
        self.assertEqual(self.env.cr.fetchall(), built)
