from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models import card_number
from .common import ClubCase


@tagged("post_install", "-at_install")
class TestIdentifyByCard(ClubCase):
    """Issue 4: typing or scanning a card number on an order identifies the member."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.membership = cls.club._enrol(cls.siti)
        cls.number = cls.membership.card_code

    def identify(self, number=None, partner=None, company=None):
        orders = self.env["sale.order"].with_user(self.seller)
        return orders.identify_by_card(number or self.number, partner and partner.id, company and company.id)

    def assertRefused(self, words, *args, **kwargs):
        answer = self.identify(*args, **kwargs)
        self.assertIn(words, answer.get("error", answer))
        self.assertNotIn("Siti", str(answer))
        self.assertNotIn("partner", answer)

    def test_a_good_card_puts_the_member_on_the_order(self):
        answer = self.identify()
        self.assertEqual(answer["partner"]["id"], self.siti.id)
        self.assertEqual(answer["text"], "Siti · Kopi Braga Club · Green")

    def test_blanks_and_hyphens_do_not_matter(self):
        spaced = f" {self.number[:4]} {self.number[4:8]}-{self.number[8:]} "
        self.assertEqual(self.identify(spaced)["partner"]["id"], self.siti.id)

    def test_a_number_with_hyphens_of_its_own_is_found_too(self):
        self.membership.card_id.code = "044a-1234-bcde"
        self.assertEqual(self.identify("044a-1234-bcde")["partner"]["id"], self.siti.id)

    def test_the_customers_own_card_confirms_him(self):
        self.assertEqual(self.identify(partner=self.siti)["partner"]["id"], self.siti.id)

    def test_a_contact_uses_the_card_of_its_company_and_stays_the_customer(self):
        shared = self.club._enrol(self.textile)
        answer = self.identify(shared.card_code, self.rina)
        self.assertEqual(answer["partner"]["id"], self.rina.id)
        self.assertIn("PT Tekstil", answer["text"])

    def test_another_persons_card_is_refused(self):
        self.assertRefused("another person's than Budi", partner=self.budi)

    def test_a_colleagues_card_is_refused_where_each_person_is_a_member(self):
        self.club.member_level = "person"
        number = self.club._enrol(self.rina).card_code
        self.assertRefused("another person's", number, self.textile)

    def test_a_mistyped_number_is_told_from_an_unknown_one(self):
        wrong = self.number[:-1] + str((int(self.number[-1]) + 1) % 10)
        self.assertRefused("is mistyped", wrong)
        unknown = card_number.draw("044", 13)
        self.assertRefused(f"No card has the number {unknown}", unknown)
        self.assertRefused("No card has the number", "ABC")

    def test_nonsense_is_asked_for_again(self):
        orders = self.env["sale.order"].with_user(self.seller)
        for nonsense in ("", "   ", None, False, [], {"a": 1}, 12):
            self.assertIn("Type or scan", orders.identify_by_card(nonsense)["error"])

    def test_an_ended_membership(self):
        self.membership._end("moved away")
        self.assertRefused("has ended. Renew it first")

    def test_a_membership_that_ended_yesterday_before_any_cron(self):
        self.membership.write(
            {"date_start": self.today - timedelta(days=9), "date_end": self.today - timedelta(days=1)}
        )
        self.assertRefused("has ended. Renew it first")

    def test_a_membership_that_has_not_begun(self):
        future = self.club._enrol(self.budi, date=self.today + timedelta(days=40))
        self.assertRefused("is valid from", future.card_code)

    def test_a_frozen_membership(self):
        self.membership._freeze(date_from=self.today, reason="abroad")
        self.assertRefused("does not count at present: Frozen")

    def test_an_archived_card(self):
        self.membership.card_id.active = False
        self.assertRefused("is archived")

    def test_a_printed_card_that_nobody_has_yet(self):
        number = card_number.draw("044", 13)
        self.env["loyalty.card"].create({"program_id": self.club.program_id.id, "code": number, "active": False})
        self.assertRefused("waits for its member", number)

    def test_a_coupon_is_no_member_card(self):
        program = self.env["loyalty.program"].create({"name": "Coupon", "program_type": "coupons"})
        coupon = self.env["loyalty.card"].create({"program_id": program.id, "code": "044COUPON"})
        self.assertRefused("is no member card", coupon.code)

    def test_a_card_of_another_company(self):
        other = self.env["res.company"].create({"name": "Warung Lain"})
        club = (
            self.env["loyalty.club"]
            .with_company(other)
            ._create_with_programs(
                {"name": "Klub Lain", "company_id": other.id},
                [{"name": "Leaf", "discount": 0}],
                {"amount": 10, "value": 1},
            )
        )
        number = club._enrol(self.siti).card_code
        self.assertRefused(f"is of another company: {self.company.name} does not take it", number)
        self.seller.company_ids += other
        self.assertEqual(self.identify(number, company=other)["partner"]["id"], self.siti.id)

    def test_a_company_that_is_not_the_users_is_not_asked(self):
        other = self.env["res.company"].create({"name": "Warung Lain"})
        with self.assertRaises(AccessError):
            self.identify(company=other)

    def test_a_plain_employee_looks_up_no_card(self):
        with self.assertRaises(AccessError):
            self.env["sale.order"].with_user(self.employee).identify_by_card(self.number)
