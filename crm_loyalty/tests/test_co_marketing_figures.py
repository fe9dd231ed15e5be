from ast import literal_eval
from datetime import timedelta

from lxml import etree
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

    def test_the_agreement_shows_its_figures_with_as_many_queries_for_many_as_for_one(self):
        self.sell()
        self.assertEqual((self.theirs.customers_won, self.theirs.revenue, self.theirs.net_position), (1, 80.0, 10.0))
        names = ["customers_won", "revenue", "net_position", "code_count"]

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
