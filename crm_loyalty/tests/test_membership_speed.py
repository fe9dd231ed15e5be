from datetime import timedelta

from odoo.addons.mail.tests.common import MockEmail
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestMembershipSpeed(ClubCase, MockEmail):
    """One member and a hundred cost the same number of queries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.club.write({"validity": "rolling", "validity_months": 12, "grace_days": 7})

    def customers(self, count):
        return self.env["res.partner"].create(
            [{"name": f"Customer {number}", "email": f"customer{number}@example.com"} for number in range(count)]
        )

    def queries(self, work):
        """The queries of ``work``, its writes to the database included, from a cold cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def assertSame(self, work, prepare):
        """:param work: called with what ``prepare`` returns for that many"""
        work(prepare(2))  # warm up what is read once per process
        one, many = prepare(1), prepare(100)
        few, lot = self.queries(lambda: work(one)), self.queries(lambda: work(many))
        self.assertLessEqual(lot, few + 2, f"{few} queries for 1, {lot} for 100")

    def members(self, count):
        return self.club._enrol(self.customers(count))

    def test_renewing(self):
        self.assertSame(lambda memberships: memberships._renew("again"), self.members)

    def test_freezing(self):
        until = self.today + timedelta(days=10)
        self.assertSame(lambda memberships: memberships._freeze(None, until, "closed"), self.members)

    def test_unfreezing(self):
        def frozen(count):
            memberships = self.members(count)
            memberships._freeze(None, self.today + timedelta(days=10), "closed")
            return memberships

        self.assertSame(lambda memberships: memberships._unfreeze("open again"), frozen)

    def test_the_nightly_job_through_all_changes(self):
        def due(count):
            memberships = self.members(count)
            memberships.write(
                {"date_start": self.today - timedelta(days=9), "date_end": self.today - timedelta(days=1)}
            )
            return memberships

        def follow(memberships):
            memberships._follow_dates()
            memberships._follow_up()

        self.assertSame(follow, due)

    def test_reminding(self):
        def ending(count):
            memberships = self.members(count)
            memberships.write({"date_end": self.today + timedelta(days=5)})
            return memberships

        self.env["ir.config_parameter"].set_param("mail.batch_size", 500)  # core renders mails by 50 at a time
        with self.mock_mail_gateway():
            self.assertSame(lambda memberships: memberships._remind_of_the_end(self.club, "first"), ending)

    def test_enrolling_buyers(self):
        self.club.write({"enrolment": "automatic", "automatic_since": False})

        def buyers(count):
            self.club.enrolment = "invitation"
            customers = self.customers(count)
            orders = self.env["sale.order"].create([{"partner_id": customer.id} for customer in customers])
            orders.state = "sale"
            self.club.enrolment = "automatic"
            return customers

        self.assertSame(lambda customers: self.club._enrol_buyers(customers), buyers)

    def test_the_quotations_of_bought_memberships_cost_what_core_takes_to_make_them(self):
        fee = self.env["loyalty.club"]._make_fee_product("Kopi Braga Club", 50, self.company)
        self.club.write({"enrolment": "paid", "fee_product_id": fee.id})
        self.env["ir.config_parameter"].set_param("mail.batch_size", 500)

        def remind(count):
            members = self.members(count)
            members.write({"date_end": self.today + timedelta(days=5)})
            return self.queries(lambda: members._remind_of_the_end(self.club, "first"))

        def bare(count):
            values = [member._renewal_order_values(self.club) for member in self.members(count)]
            return self.queries(lambda: self.env["sale.order"].create(values).action_quotation_sent())

        with self.mock_mail_gateway():
            remind(2), bare(2)
            ours, core = remind(30) - remind(1), bare(30) - bare(1)
        self.assertLessEqual(ours, core + 2)

    def test_an_order_by_which_nobody_joins_costs_no_query_more(self):
        order = self.quotation(self.budi)
        order.action_confirm()
        order._follow_clubs()
        self.env.flush_all()
        with self.assertQueryCount(0):
            order._follow_clubs()

    def test_the_list_with_all_its_columns(self):
        fields = {
            "partner_id": {"fields": {"display_name": {}}},
            "state": {},
            "date_end": {},
            "counts_until": {},
            "is_freeze_planned": {},
            "frozen_until": {},
            "renewal_order_id": {"fields": {"display_name": {}}},
        }
        self.assertSame(lambda memberships: memberships.web_read(fields), self.members)

    def test_asking_what_counts_on_a_day_is_one_query_also_of_those_once_frozen(self):
        memberships = self.members(20)
        memberships[:10]._freeze(None, self.today + timedelta(days=10), "closed")
        Membership = self.env["loyalty.membership"]
        self.env.flush_all()
        with self.assertQueryCount(1):
            counting = Membership.search(Membership._running_domain(self.today) & Domain("id", "in", memberships.ids))
        self.assertEqual(counting, memberships[10:].sorted(lambda m: (m.date_start, m.id), reverse=True))

    def test_who_is_in_a_tier_is_told_by_one_index_alone(self):
        tier = Domain("tier_id", "=", self.members(2).tier_id.id)
        query = self.env["loyalty.membership"].sudo()._running_query(self.today, tier)
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("SET LOCAL enable_bitmapscan = off")
        customer = SQL.identifier(query.table, "commercial_partner_id")
        plan = str(self.env.execute_query(SQL("EXPLAIN %s", query.select(customer))))
        self.assertIn("Index Only Scan using loyalty_membership_tier_idx", plan)

    def test_the_indexes_are_used_for_what_is_due_and_for_who_is_to_be_told(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for query, index in (
            ("SELECT id FROM loyalty_membership WHERE next_change_on <= now()", "loyalty_membership_next_change_idx"),
            (
                "SELECT id FROM loyalty_membership WHERE state = 'running' AND date_end BETWEEN now() AND now()",
                "loyalty_membership_to_end_idx",
            ),
            (
                "SELECT id FROM loyalty_membership_freeze WHERE date_until >= now()",
                "loyalty_membership_freeze_days_idx",
            ),
        ):
            self.env.cr.execute("EXPLAIN " + query)
            self.assertIn(index, str(self.env.cr.fetchall()))
