from ast import literal_eval
from datetime import timedelta

from lxml import etree
from odoo import fields
from odoo.tests import new_test_user, tagged

from .co_marketing_theirs_case import TheirsCase


@tagged("post_install", "-at_install")
class TestCoMarketingFigures(TheirsCase):
    """What agreements bring: figures by month, on the agreement, and on the partner's card."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["co.marketing.report"]

    def figures(self, agreement, *names):
        [row] = self.report._read_group([("agreement_id", "=", agreement.id)], [], list(names))
        return row

    def test_an_order_of_the_partners_customer_is_revenue_and_cost_and_what_is_to_settle(self):
        self.sell()
        self.assertEqual(
            self.figures(
                self.theirs,
                "redemptions:sum",
                "revenue:sum",
                "discount_given:sum",
                "cost:sum",
                "net_position:sum",
                "customers_won:sum",
            ),
            (1, 80.0, 20.0, 20.0, 10.0, 1),
        )
        self.assertEqual(self.figures(self.theirs, "return_on_cost:avg"), (4.0,))

    def test_members_are_counted_once_with_their_bills(self):
        self.redeem(amount=100)
        self.redeem(amount=50)
        self.assertEqual(
            self.figures(
                self.agreement,
                "redemptions:sum",
                "members_served:avg",
                "bills:sum",
                "discount_received:sum",
                "cost:sum",
            ),
            (2, 1, 150.0, 15.0, 0.0),
        )

    def test_what_we_pay_the_partner_is_cost_and_our_debt(self):
        benefit = self.make_benefit(settlement_kind="each", settlement_figure=3, settlement_payer="us")
        self.redeem(benefit)
        self.assertEqual(
            self.figures(benefit.agreement_id, "paid:sum", "cost:sum", "net_position:sum"), (3.0, 3.0, -3.0)
        )

    def test_what_was_voided_counts_no_more(self):
        self.sell()._action_cancel()
        self.redeem()._void("Wrong")
        self.assertFalse(self.report.search_count([("agreement_id", "in", (self.theirs | self.agreement).ids)]))

    def test_amounts_of_another_currency_are_in_the_companys(self):
        other = self.env["res.currency"].create(
            {"name": "XTS", "symbol": "X", "rounding": 0.01, "rate_ids": [(0, 0, {"name": "2020-01-01", "rate": 4.0})]}
        )
        agreement = self.make_agreement([{"name": "Tea"}], currency_id=other.id)
        self.redeem(agreement.version_id.benefit_ids, amount=100)
        self.assertAlmostEqual(self.figures(agreement, "bills:sum")[0], 25.0)

    def test_customers_won_who_became_members_are_members_won(self):
        self.sell()
        self.assertEqual(self.figures(self.theirs, "members_won:sum"), (0,))
        self.club._enrol(self.stranger)
        self.assertEqual(self.figures(self.theirs, "members_won:sum"), (1,))

    def test_a_line_goes_down_to_its_redemption(self):
        order = self.sell()
        line = self.report.search([("agreement_id", "=", self.theirs.id)])
        self.assertEqual(line.action_open_redemption()["res_id"], self.booked(order).id)

    # ------------------------------------------------------------ what is paid beside redemptions

    def fixed(self, *benefits, **vals):
        """An agreement since January, settled until the end of March."""
        benefits = [
            {"name": kind, "settlement_kind": kind, "settlement_payer": payer, "settlement_figure": figure}
            for kind, payer, figure in benefits
        ]
        agreement = self.make_agreement(benefits, date_start="2026-01-15", **vals)
        agreement.version_id.sudo().signed_on = "2026-01-10"
        return agreement

    def settled(self, agreement, day="2026-03-31"):
        return agreement._settle(fields.Date.to_date(day))

    def lines(self, agreement):
        return self.report.search([("agreement_id", "=", agreement.id)], order="date, id")

    def test_a_months_amount_is_cost_of_its_month_and_to_settle(self):
        agreement = self.fixed(("monthly", "us", 50))
        self.assertFalse(self.lines(agreement))  # it is due when a statement has it
        self.settled(agreement)
        self.assertEqual(self.figures(agreement, "cost:sum", "paid:sum", "net_position:sum"), (150.0, 150.0, -150.0))
        months = [fields.Date.to_date(day) for day in ("2026-01-01", "2026-02-01", "2026-03-01")]
        self.assertEqual(self.lines(agreement).mapped("date"), months)

    def test_a_months_amount_that_the_partner_pays_is_no_cost(self):
        agreement = self.fixed(("monthly", "partner", 50))
        self.settled(agreement)
        self.assertEqual(self.figures(agreement, "cost:sum", "received:sum", "net_position:sum"), (0.0, 150.0, 150.0))

    def test_a_budget_paid_beforehand_counts_once_and_not_again_with_what_is_used_of_it(self):
        agreement = self.fixed(("prepaid", "us", 500))
        self.redeem(agreement.version_id.benefit_ids, amount=100)
        self.settled(agreement)
        self.assertEqual(self.figures(agreement, "redemptions:sum", "cost:sum", "net_position:sum"), (1, 500.0, -500.0))

    def test_our_share_of_common_costs_is_cost_whoever_advanced_them(self):
        for paid_by, net in ((False, 0.0), ("us", 180.0), ("partner", -120.0)):
            agreement = self.fixed(("none", "us", 0), shared_cost=300, shared_cost_percent=40)
            agreement.shared_cost_paid_by = paid_by
            self.settled(agreement)
            self.assertEqual(self.figures(agreement, "cost:sum", "net_position:sum"), (120.0, net), paid_by)
            self.assertEqual(self.lines(agreement).date, agreement.date_start)
        draft = self.make_agreement([{"name": "Tea"}], accept=False, shared_cost=300)
        self.assertFalse(self.lines(draft))

    def test_what_is_to_settle_is_the_sum_of_the_statements(self):
        agreement = self.fixed(
            ("monthly", "us", 50), ("prepaid", "partner", 70), ("each", "us", 3),
            shared_cost=300, shared_cost_percent=40, shared_cost_paid_by="us",
        )  # fmt: skip
        for benefit in agreement.version_id.benefit_ids:
            for amount in (100, 33):
                self.redeem(benefit, amount=amount)
        self.settled(agreement)
        last = agreement._settle(agreement._today())
        struck = last.line_ids.filtered(lambda line: line.kind == "redemption" and line.amount)[0]
        struck._strike("Nobody pays this one")
        statements = self.env["co.marketing.statement"].search([("agreement_id", "=", agreement.id)])
        self.assertAlmostEqual(self.figures(agreement, "net_position:sum")[0], sum(statements.mapped("total")), 6)
        self.assertEqual(agreement.net_position, sum(statements.mapped("total")))

    def test_what_is_disputed_or_struck_counts_no_more(self):
        agreement = self.fixed(("monthly", "us", 50))
        january, *_others = self.settled(agreement).line_ids
        january._strike("We had agreed on February")
        self.assertEqual(self.figures(agreement, "cost:sum"), (100.0,))

    def test_a_fixed_line_goes_down_to_its_statement_and_shared_costs_to_the_agreement(self):
        agreement = self.fixed(("monthly", "us", 50), shared_cost=300)
        statement = self.settled(agreement, "2026-01-31")
        lines = self.lines(agreement).with_user(self.manager)
        opened = {line.kind: (action["res_model"], action["res_id"]) for line in lines
                  for action in [line.action_open_redemption()]}  # fmt: skip
        self.assertEqual(
            opened,
            {
                "monthly": ("co.marketing.statement", statement.id),
                "shared": ("co.marketing.agreement", agreement.id),
            },
        )
        self.assertTrue(lines.web_read({"display_name": {}, "agreement_id": {}, "cost": {}}))

    # ------------------------------------------------------------ on the agreement

    def test_the_agreement_shows_its_figures_with_as_many_queries_for_many_as_for_one(self):
        self.sell()
        self.assertEqual((self.theirs.customers_won, self.theirs.revenue, self.theirs.net_position), (1, 80.0, 10.0))
        self.assertEqual(self.theirs.total_cost, 20.0)
        names = ["customers_won", "revenue", "net_position", "total_cost", "code_count"]

        def queries(agreements):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            agreements.with_user(self.manager).read(names)
            return self.env.cr.sql_log_count - start

        many = self.theirs | self.agreement
        for _one in range(10):
            many |= self.make_agreement([{"name": "Tea"}], accept=False)
        queries(many)
        self.assertLessEqual(queries(many), queries(self.theirs))

    def test_people_of_another_company_see_no_figures_and_employees_without_clubs_none_at_all(self):
        self.sell()
        other = self.env["res.company"].create({"name": "Other"})
        elsewhere = new_test_user(
            self.env,
            "elsewhere",
            "crm_loyalty.group_club_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        plain = new_test_user(self.env, "plain employee", "base.group_user")
        for model in ("co.marketing.report", "co.marketing.customer.card"):
            self.assertFalse(self.env[model].with_user(elsewhere).search([]), model)
            self.assertFalse(self.env[model].with_user(plain).has_access("read"), model)
            self.assertFalse(self.env[model].with_user(self.manager).has_access("write"), model)

    # ------------------------------------------------------------ what ends soon, and the partner's card

    def test_what_ends_soon_lists_notice_and_end_within_60_days(self):
        soon, far = (
            self.make_agreement([{"name": "Tea"}], date_end=self.today + timedelta(days=days)) for days in (59, 90)
        )
        notice = self.make_agreement(
            [{"name": "Tea"}], date_end=self.today + timedelta(days=80), renewal="renews", notice_days=30
        )
        arch = self.env["co.marketing.agreement"].get_view(
            self.env.ref("crm_loyalty.co_marketing_agreement_view_search").id, "search"
        )["arch"]
        domain = self.filter_domain(arch, "soon")
        found = self.env["co.marketing.agreement"].search(domain)
        self.assertEqual(found & (soon | far | notice | self.agreement), soon | notice)

    def filter_domain(self, arch, name):
        return literal_eval(etree.fromstring(arch).find(f".//filter[@name='{name}']").get("domain").strip())

    def test_the_partners_card_says_that_he_is_one_and_until_when(self):
        self.agreement.date_end = self.today + timedelta(days=30)
        badges = self.agus.with_user(self.manager)._customer_badges()[self.agus.id]
        [mine] = [one for one in badges if one["action"] and one["action"].get("res_id") == self.agreement.id]
        self.assertEqual(mine["label"], "Partner")
        self.assertIn("ends", mine["value"])
        self.assertEqual(self.warung.with_user(self.manager).partner_agreement_count, 2)
        self.assertFalse(self.budi.with_user(self.manager)._customer_badges()[self.budi.id])

    def test_badges_of_many_contacts_cost_as_many_queries_as_of_one(self):
        people = self.env["res.partner"].create([{"name": f"P {one}", "is_company": True} for one in range(12)])
        for partner in people:
            self.env["co.marketing.agreement"].create({"partner_id": partner.id})

        def queries(partners):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            partners.with_user(self.manager)._customer_badges()
            return self.env.cr.sql_log_count - start

        queries(people)
        self.assertLessEqual(queries(people), queries(people[:1]))
