from datetime import date, timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import SQL

from .common import ClubCase
from .test_ledger_pending import InvoiceCase

REPORTS = ("member", "tier.migration", "revenue", "points", "churn")


@tagged("post_install", "-at_install")
class TestMemberReport(ClubCase):
    def members(self, domain=(), by=("date:month",)):
        report = self.env["loyalty.member.report"].with_user(self.manager)
        domain = [("club_id", "=", self.club.id), *domain]
        return report._read_group(domain, by, ["members:sum", "joined:sum", "left_count:sum"])

    def on(self, day):
        return freeze_time(fields.Datetime.to_datetime(day).replace(hour=12))

    def test_who_joined_and_left_by_month(self):
        january, march = self.today - timedelta(days=300), self.today - timedelta(days=200)
        self.club._enrol(self.siti | self.budi, date=january)
        self.club._enrol(self.textile, date=march)._end("Moved away", march + timedelta(days=40))
        self.assertEqual(self.members(by=()), [(2, 3, 1)])
        until_then = [("date", "<=", march)]
        self.assertEqual(self.members(until_then, by=()), [(3, 3, 0)])  # members at that time

    def test_a_change_of_tier_moves_a_member_from_one_to_the_other(self):
        self.club._enrol(self.siti | self.budi)
        self.siti._running_memberships()._change_tier(self.gold, "He spends a lot")
        counts = {tier: members for tier, members, *_rest in self.members(by=("tier_id",))}
        self.assertEqual((counts[self.gold], counts[self.green]), (1, 1))
        joined = {tier: joined for tier, _members, joined, _left in self.members(by=("tier_id",))}
        self.assertEqual(joined.get(self.green), 2)

    def test_by_the_way_in(self):
        self.club._enrol(self.siti, way_in="portal")
        self.club._enrol(self.budi, way_in="import")
        self.assertEqual(
            {way: members for way, members, *_rest in self.members(by=("way_in",))}, {"portal": 1, "import": 1}
        )

    def test_a_membership_cancelled_before_it_began_never_was(self):
        self.club._enrol(self.siti, date=self.today + timedelta(days=9))._end("Changed his mind")
        self.assertFalse(self.members(by=("movement",)))

    def test_merged_contacts_are_one_member_and_nobody_has_left(self):
        self.club._enrol(self.siti | self.budi, date=self.today - timedelta(days=50))
        self.env["base.partner.merge.automatic.wizard"]._merge((self.budi | self.siti).ids, self.siti)
        self.assertEqual(self.members(by=()), [(1, 2, 0)])

    def test_a_line_leads_to_its_membership(self):
        membership = self.club._enrol(self.siti)
        line = self.env["loyalty.member.report"].search([("club_id", "=", self.club.id)])
        self.assertEqual(line.action_open_membership()["res_id"], membership.id)


@tagged("post_install", "-at_install")
class TestTierMigration(ClubCase):
    def test_the_matrix_counts_who_went_from_which_tier_to_which(self):
        members = self.club._enrol(self.siti | self.budi | self.textile)
        members[:2]._change_tier(self.silver, "Spent 500")
        members[0]._change_tier(self.gold, "Spent 900")
        members[1]._change_tier(self.green, "Spent little")
        report = self.env["loyalty.tier.migration.report"].with_user(self.manager)
        rows = report._read_group(
            [("club_id", "=", self.club.id)], ["old_tier_id", "new_tier_id", "direction"], ["changes:sum"]
        )
        self.assertEqual(
            {(old.name, new.name, direction): changes for old, new, direction, changes in rows},
            {("Green", "Silver", "up"): 2, ("Silver", "Gold", "up"): 1, ("Silver", "Green", "down"): 1},
        )


@tagged("post_install", "-at_install")
class TestChurn(ClubCase):
    def churned(self):
        return self.env["loyalty.churn.report"].with_user(self.manager).search([("club_id", "=", self.club.id)])

    def left(self, partner, reason="Moved away", days=60, **options):
        self.club._enrol(partner, date=self.today - timedelta(days=days))._end(reason, **options)

    def test_who_left_stands_there_with_the_reason(self):
        self.left(self.siti, days=61)
        line = self.churned()
        self.assertEqual((line.partner_id, line.reason, line.how, line.date), (
            self.siti, "Moved away", "left", self.today))  # fmt: skip
        self.assertAlmostEqual(line.months, 2, 1)

    def test_by_the_reason_chosen(self):
        reason = self.env["loyalty.leave.reason"].create({"name": "Too far away"})
        self.left(self.siti, leave_reason=reason), self.left(self.budi)
        report = self.env["loyalty.churn.report"].with_user(self.manager)
        rows = report._read_group([("club_id", "=", self.club.id)], ["leave_reason_id"], ["members:sum"])
        self.assertEqual({found.name: members for found, members in rows}, {"Too far away": 1, False: 1})

    def test_who_came_back_does_not(self):
        self.left(self.siti)
        self.club._enrol(self.siti)
        self.assertFalse(self.churned())

    def test_who_left_twice_stands_there_once_with_the_last_reason(self):
        self.left(self.siti, "Too dear")
        self.left(self.siti, "Moved away", days=30)
        self.assertEqual(self.churned().mapped("reason"), ["Moved away"])

    def test_who_was_merged_has_not_left(self):
        self.club._enrol(self.siti | self.budi, date=self.today - timedelta(days=50))
        self.env["base.partner.merge.automatic.wizard"]._merge((self.budi | self.siti).ids, self.siti)
        self.assertFalse(self.churned())

    def test_whose_validity_was_over_says_so(self):
        membership = self.club._enrol(self.siti)
        days = {"date_start": self.today - timedelta(days=90), "date_end": self.today - timedelta(days=1)}
        membership.write(days)
        with self.enter_registry_test_mode():
            self.env.ref("crm_loyalty.ir_cron_memberships").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((self.churned().how, self.churned().date), ("expired", self.today))


@tagged("post_install", "-at_install")
class TestPointsReport(InvoiceCase):
    def sums(self, **options):
        report = self.env["loyalty.points.report"].with_user(self.manager)
        fields_ = ["issued:sum", "redeemed:sum", "expired:sum", "taken_back:sum", "rate:avg"]
        [row] = report._read_group([("club_id", "=", self.club.id)], [], fields_)
        return row

    def test_points_issued_redeemed_expired_and_taken_back(self):
        self.card._book(100, "gift", "test/gift")
        self.card.redeem_points(25, "till-1-0001")
        self.card._book(-15, "expire", "expire/1")
        self.confirmed()._action_cancel()
        self.assertEqual(self.sums(), (110, 25, 15, 10, 100 * 25 / 110))

    def test_it_says_the_same_as_the_liability(self):
        self.confirmed(spend=30)
        self.confirmed()._action_cancel()
        wizard = self.env["loyalty.liability.wizard"]
        line = wizard._liability(self.club.program_id, self.today)[self.club.program_id]
        issued, redeemed, expired, taken_back, rate = self.sums()
        self.assertEqual((issued, redeemed, expired, taken_back), (
            line["issued"], line["redeemed"], line["expired"], line["reversed"]))  # fmt: skip
        self.assertAlmostEqual(rate, line["redemption_rate"], 6)

    def test_a_merge_neither_issues_nor_redeems(self):
        self.club._enrol(self.budi).card_id._book(40, "gift", "test/gift")
        self.env["base.partner.merge.automatic.wizard"]._merge((self.budi | self.siti).ids, self.siti)
        self.assertEqual(self.sums()[:2], (40, 0))


@tagged("post_install", "-at_install")
class TestRevenueReport(InvoiceCase):
    def by_kind(self, domain=()):
        report = self.env["loyalty.revenue.report"].with_user(self.manager)
        partners = (self.siti | self.budi | self.textile).ids
        rows = report._read_group(
            [("partner_id", "in", partners), *domain],
            ["customer_kind"],
            ["revenue:sum", "order_count:sum", "customer_count:avg", "frequency:avg", "basket:avg"],
        )
        return {kind: tuple(values) for kind, *values in rows}

    def test_members_against_others_in_revenue_frequency_and_basket(self):
        self.confirmed(price=100), self.confirmed(price=200)  # Siti, a member
        self.confirmed(self.budi, price=50), self.confirmed(self.textile, price=30)
        self.assertEqual(self.by_kind(), {"member": (300, 2, 1, 2, 150), "other": (80, 2, 2, 1, 40)})

    def test_who_was_a_member_on_the_day_of_the_order_counts_as_one(self):
        self.confirmed(self.budi, price=50)
        membership = self.club._enrol(self.budi)
        self.env["sale.order"].search([("partner_id", "=", self.budi.id)]).date_order -= timedelta(days=3)
        self.assertEqual(self.by_kind()["other"][0], 50)
        self.confirmed(self.budi, price=70)
        self.assertEqual(self.by_kind()["member"][0], 70)
        membership._end("gone")
        self.assertEqual(self.by_kind()["other"][0], 120)  # the first day without it is today

    def test_who_was_frozen_on_the_day_bought_as_another(self):
        membership = self.siti._running_memberships()
        membership._freeze(self.today)
        self.confirmed(price=40)
        self.assertEqual(self.by_kind()["other"][0], 40)

    def test_it_knows_members_as_the_orders_do(self):
        """The report asks the database what the orders ask the memberships: both must answer alike."""
        self.club.grace_days = 10
        days = {"date_start": self.today - timedelta(days=90), "date_end": self.today - timedelta(days=3)}
        self.club._enrol(self.budi).write(days)
        self.club._enrol(self.textile).write({**days, "date_end": self.today - timedelta(days=30)})
        orders = self.env["sale.order"]
        for partner in (self.siti, self.budi, self.textile, self.rina):
            orders |= self.confirmed(partner)
        report = self.env["loyalty.revenue.report"].search([("order_id", "in", orders.ids), ("order_count", "=", 1)])
        kinds = {line.order_id: line.customer_kind for line in report}
        for order, memberships in orders._memberships_by_order().items():
            self.assertEqual(kinds[order], "member" if memberships else "other", order.partner_id.name)

    def test_a_contact_buys_as_the_company_that_is_the_member(self):
        self.club._enrol(self.textile)
        self.confirmed(self.rina, price=60)
        self.assertEqual(self.by_kind()["member"][:2], (60, 1))

    def test_credit_notes_are_taken_off_in_their_month_and_are_no_orders(self):
        order = self.confirmed(price=100)
        self.credit(self.invoice(order), 0.25)
        self.assertEqual(self.by_kind()["member"], (75, 1, 1, 1, 75))
        line = self.env["loyalty.revenue.report"].search([("order_id", "=", order.id), ("order_count", "=", 0)])
        self.assertEqual((line.revenue, line.customer_kind), (-25, "member"))

    def test_quotations_and_cancelled_orders_are_no_revenue(self):
        self.quotation(self.siti)
        self.confirmed()._action_cancel()
        self.assertFalse(self.by_kind())

    def test_an_order_in_another_currency_counts_in_that_of_the_company(self):
        euro = self.env.ref("base.EUR") if self.company.currency_id.name != "EUR" else self.env.ref("base.USD")
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "company_id": self.company.id, "name": date(2020, 1, 1), "rate": 2}
        )
        pricelist = self.env["product.pricelist"].create({"name": "Abroad", "currency_id": euro.id})
        self.confirmed(self.budi, price=100, pricelist_id=pricelist.id)
        self.assertEqual(self.by_kind()["other"][0], 50)
        line = self.env["loyalty.revenue.report"].search([("partner_id", "=", self.budi.id)])
        self.assertEqual(line.currency_id, self.company.currency_id)

    def test_a_line_leads_to_its_order(self):
        order = self.confirmed()
        line = self.env["loyalty.revenue.report"].search([("partner_id", "=", self.siti.id)])
        self.assertEqual(line.action_open_order()["res_id"], order.id)


@tagged("post_install", "-at_install")
class TestReportsAccess(InvoiceCase):
    def fill(self, partners):
        """Something in each report for each of these customers."""
        memberships = self.club._enrol(partners, date=self.today - timedelta(days=40))
        orders = self.env["sale.order"]
        for partner in partners:
            orders |= self.quotation(partner)
        orders.action_confirm()
        memberships._change_tier(self.gold, "Spent a lot")
        memberships._end("Moved away")
        self.env.flush_all()

    def customers(self, count):
        return self.env["res.partner"].create([{"name": f"Customer {number}"} for number in range(count)])

    def test_another_company_sees_no_line_of_ours(self):
        self.fill(self.budi)
        other = self.env["res.company"].create({"name": "Other"})
        groups = "crm_loyalty.group_club_manager,sales_team.group_sale_manager"
        stranger = new_test_user(
            self.env, "stranger", groups, company_id=other.id, company_ids=[Command.set(other.ids)]
        )
        for name in REPORTS:
            report = self.env[f"loyalty.{name}.report"]
            self.assertTrue(report.with_user(self.manager).search_count([("partner_id", "=", self.budi.id)]), name)
            self.assertFalse(report.with_user(stranger).search([]), name)
            self.assertEqual(report.with_user(stranger)._read_group([], [], ["__count"]), [(0,)], name)

    def test_only_managers_read_them_and_nobody_writes(self):
        for name in REPORTS:
            report = self.env[f"loyalty.{name}.report"]
            for user in (self.clerk, self.seller, self.employee):
                with self.assertRaises(AccessError):
                    report.with_user(user).search([])
            for operation in ("write", "create", "unlink"):
                self.assertFalse(report.with_user(self.manager).has_access(operation), name)

    def test_one_line_and_a_hundred_cost_the_same(self):
        one, many = self.customers(1), self.customers(100)
        self.fill(one | many)
        columns = {name: {} for name in ("date", "company_id")}
        for name in REPORTS:
            report = self.env[f"loyalty.{name}.report"].with_user(self.manager)

            def read(partners, report=report):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                report.search([("partner_id", "in", partners.ids)]).web_read(
                    {**columns, "partner_id": {"fields": {"display_name": {}}}}
                )
                report.formatted_read_group([("partner_id", "in", partners.ids)], ["date:month"], ["__count"])
                return self.env.cr.sql_log_count - before

            read(one)
            self.assertEqual(read(many), read(one), name)

    def test_the_reports_of_points_use_the_index_on_program_and_date(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        query = SQL(
            "EXPLAIN SELECT 1 FROM loyalty_ledger_entry WHERE program_id = %s AND date >= '2026-01-01'",
            self.club.program_id.id,
        )
        self.env.cr.execute(query)
        self.assertIn("loyalty_ledger_entry_program_idx", str(self.env.cr.fetchall()))
