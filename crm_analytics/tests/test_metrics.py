import random
from collections import Counter
from datetime import date, timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from .. import rfm
from .metric_case import TODAY, MetricCase


@tagged("post_install", "-at_install")
class TestMetrics(MetricCase):
    """The figures of a customer, from his purchases."""

    def test_figures_are_counted_from_the_days_of_purchase(self):
        [siti] = self.customers("Siti")
        self.bought(siti, {90: 10.0, 50: 20.0})
        self.bought(siti, {10: 60.0}, orders=2)
        self.work_out()
        self.assertRecordValues(
            self.metric(siti),
            [
                {
                    "as_of": TODAY,
                    "first_day": TODAY - timedelta(90),
                    "last_day": TODAY - timedelta(10),
                    "orders": 4,
                    "purchase_days": 3,
                    "amount": 90.0,
                    "average_amount": 22.5,
                    "frequency": 2,
                    "recency_days": 10,
                    "t_x": 80,
                    "age_days": 90,
                    "interval_days": 40.0,
                }
            ],
        )

    def test_a_credit_note_lessens_the_amount_and_is_no_purchase(self):
        [siti] = self.customers("Siti")
        self.bought(siti, {90: 100.0})
        self.bought(siti, {5: -30.0}, orders=0)
        self.work_out()
        metric = self.metric(siti)
        self.assertEqual((metric.orders, metric.purchase_days, metric.recency_days), (1, 1, 90))
        self.assertEqual(metric.amount, 70.0)

    def test_who_has_credit_notes_only_is_no_customer(self):
        [siti] = self.customers("Siti")
        self.bought(siti, {5: -30.0}, orders=0)
        self.work_out()
        self.assertFalse(self.metric(siti))

    def test_a_purchase_of_a_later_day_does_not_count_yet(self):
        [siti] = self.customers("Siti")
        self.bought(siti, {10: 10.0, -3: 99.0})
        self.work_out()
        self.assertEqual(self.metric(siti).amount, 10.0)

    def test_each_company_has_its_own_figures(self):
        [siti] = self.customers("Siti")
        other = self.env["res.company"].create({"name": "Other shop"})
        self.bought(siti, {10: 10.0})
        self.bought(siti, {20: 70.0}, company=other)
        self.work_out()
        self.work_out(company=other)
        self.assertEqual(self.metric(siti).amount, 10.0)
        self.assertEqual(self.metric(siti, other).amount, 70.0)

    def test_lines_are_cut_where_the_database_says(self):
        dice = random.Random(5)
        for size in (0, 1, 4, 35, 150):
            values = [dice.randrange(12) for _ in range(size)]
            [[wanted]] = self.env.execute_query(
                SQL(
                    "SELECT percentile_disc(%s::float[]) WITHIN GROUP (ORDER BY value) FROM UNNEST(%s::int[]) value",
                    list(rfm.SHARES),
                    values,
                )
            )
            self.assertEqual(rfm.cut_points(Counter(values).items()), wanted or [], size)

    def test_working_out_again_changes_nothing(self):
        siti, budi = self.customers("Siti", "Budi")
        self.bought(siti, {90: 10.0, 50: 20.0})
        self.bought(budi, {7: 30.0})
        self.work_out()
        before = self.Metric.search([("company_id", "=", self.company.id)]).read()
        self.work_out()
        self.assertEqual(self.Metric.search([("company_id", "=", self.company.id)]).read(), before)

    def test_who_is_a_customer_no_more_loses_his_figures(self):
        [siti] = self.customers("Siti")
        self.bought(siti, {10: 10.0})
        self.work_out()
        self.env["customer.purchase"].search([("partner_id", "=", siti.id)]).sudo().unlink()
        self.work_out()
        self.assertFalse(self.metric(siti))

    def test_who_only_asked_is_a_prospect_without_figures(self):
        lead, quoted, buyer = self.customers("Lead", "Quoted", "Buyer")
        self.env["crm.lead"].create([
            {"name": "Beans", "partner_id": partner.id, "company_id": self.company.id} for partner in (lead, buyer)
        ])  # fmt: skip
        self.env["sale.order"].create({"partner_id": quoted.id, "company_id": self.company.id})
        self.bought(buyer, {3: 10.0})
        self.work_out()
        for partner in (lead, quoted):
            metric = self.metric(partner)
            self.assertEqual(
                (metric.lifecycle, metric.orders, metric.rfm, metric.segment), ("prospect", 0, False, False)
            )
            self.assertFalse(metric.churn_risk)
        self.assertEqual(self.metric(buyer).lifecycle, "new")

    def test_a_lead_of_another_company_makes_no_prospect_here(self):
        [siti] = self.customers("Siti")
        other = self.env["res.company"].create({"name": "Other shop"})
        self.env["crm.lead"].create({"name": "Beans", "partner_id": siti.id, "company_id": other.id, "user_id": False})
        self.work_out()
        self.assertFalse(self.metric(siti))

    def test_complaints_and_satisfaction_are_those_of_the_customer_s_contacts(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        person = self.env["res.partner"].create({"name": "Rina", "parent_id": firm.id})
        self.bought(firm, {3: 10.0})
        tickets = self.env["service.ticket"].create([
            {"name": "Cold", "type": kind, "partner_id": person.id, "company_id": self.company.id}
            for kind in ("complaint", "complaint", "question")
        ])  # fmt: skip
        self.env["service.feedback"].create([
            {"ticket_id": ticket.id, "partner_id": person.id, "closed_on": "2025-06-01", "csat": mark,
             "answered_on": "2025-06-02"}
            for ticket, mark in zip(tickets, (2, 5, 0), strict=True)
        ])  # fmt: skip
        self.work_out()
        metric = self.metric(firm)
        self.assertEqual((metric.open_complaints, metric.csat, metric.csat_count), (2, 3.5, 2))
        self.assertEqual(metric.churn_risk, "medium")

    def test_a_batch_costs_the_same_number_of_queries_for_1_and_100_customers(self):
        partners = self.customers(*(f"Customer {number}" for number in range(101)))
        self.bought(partners[0], {10: 10.0})
        self.work_out()
        one = self.queries()
        for partner in partners[1:]:
            self.bought(partner, {10: 10.0, 40: 5.0})
        self.assertEqual(self.queries(), one)
        self.assertEqual(self.Metric.search_count([("company_id", "=", self.company.id)]), 101)

    def queries(self):
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.work_out(as_of=date(2025, 6, 30))
        return self.env.cr.sql_log_count - before
