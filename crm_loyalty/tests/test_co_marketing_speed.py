from datetime import timedelta

from odoo.tests import new_test_user, tagged

from .co_marketing_case import TillCase

MANY = 45  # more than a page of the partner's lists


@tagged("post_install", "-at_install")
class TestCoMarketingSpeed(TillCase):
    """What counter, till and pages ask of the database does not grow with members, redemptions and statements."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.make_agreement([{"name": "Tea", "settlement_kind": "each", "settlement_figure": 2}])
        cls.benefit = cls.agreement.version_id.benefit_ids
        new_test_user(cls.env, "customer", "base.group_portal", partner_id=cls.siti.id)

    def queries(self, work):
        """Of the second time: the first fills caches."""
        work()
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.cr.sql_log_count
        work()
        return self.cr.sql_log_count - start

    def many(self):
        """Many members, who have redeemed as often; and as often this one."""
        people = self.env["res.partner"].create([{"name": f"Member {number}"} for number in range(MANY)])
        for membership in [*self.club._enrol(people), *[self.member] * MANY]:
            self.redeem(membership=membership)

    def good(self, answer):
        self.assertEqual(answer.status_code, 200, answer.text[:300])

    def test_the_till_verifies_and_redeems_among_many_as_among_one(self):
        def calls():
            return self.queries(lambda: self.good(self.verify())), self.queries(lambda: self.good(self.till_redeem()))

        one = calls()
        self.many()
        many = calls()
        self.assertLessEqual(many[0], one[0])
        self.assertLessEqual(many[1], one[1])

    def test_pages_of_the_partner_and_the_member_ask_for_many_as_for_two(self):
        urls = {
            "partner manager": [
                "/my/partner",
                "/my/partner/redemptions",
                "/my/partner/tills",
                "/my/partner/statements/{}",
            ],
            "cashier": [f"/my/partner/counter/{self.dago.id}"],
            "customer": [f"/my/clubs/{self.member.id}/offers"],
        }

        def pages(days):
            statement = self.agreement._settle(self.agreement._today() + timedelta(days=days))
            statement.action_send()
            found = {}
            for login, addresses in urls.items():
                self.log_in(login)
                for url in addresses:
                    found[url] = self.queries(lambda url=url: self.good(self.url_open(url.format(statement.id))))
            return found

        for _use in range(2):
            self.redeem()
        two = pages(0)
        self.many()
        for number in range(12):
            self.env["co.marketing.outlet.key"]._make(self.dago, f"Till {number}")
        many = pages(30)
        self.assertFalse({url: (two[url], many[url]) for url in two if many[url] > two[url]})
