import re

from odoo import fields
from odoo.tests import freeze_time, tagged

from ..models import co_marketing_outlet_counter
from .co_marketing_case import PactHttpCase


@tagged("post_install", "-at_install")
class TestCoMarketingCounter(PactHttpCase):
    """A cashier of the partner serves our members."""

    def test_a_good_card_shows_first_name_initial_tier_and_offers_and_nothing_else(self):
        self.siti.write({"email": "siti@private.example", "phone": "+62 811-4455-667", "street": "Jalan Rahasia"})
        self.make_benefit(limit_member=3)
        page = self.check().text
        for shown in ("Siti R.", "Gold", "10% off", "3 left"):
            self.assertIn(shown, page)
        for hidden in ("Rahmawati", "private.example", "4455-667", "Rahasia", self.member.points_display):
            self.assertNotIn(hidden, page)

    def test_offers_that_are_not_for_him_are_not_shown_and_closed_ones_say_why(self):
        self.make_benefit(name="For silver", tier_ids=self.silver.ids)
        closed = self.make_benefit(name="Once only", limit_member=1)
        self.redeem(closed)
        page = self.check().text
        self.assertNotIn("For silver", page)
        self.assertRegex(page, r"Once only</span>: <span[^>]*>Used as often as")

    def test_confirming_books_and_shows_the_receipt(self):
        page = self.confirm(amount="250.50")
        receipt = self.booked()
        self.assertEqual((receipt.amount, receipt.discount, receipt.user_id), (250.5, 25.05, self.cashier))
        self.assertTrue(page.url.endswith(f"/my/partner/receipts/{receipt.id}"))
        self.assertIn(receipt.name, page.text)

    def test_the_same_form_sent_again_books_once_and_shows_the_first_receipt(self):
        key = re.search(r'name="key" value="([^"]+)"', self.check().text)[1]
        pages = [self.confirm(key=key) for _tap in range(3)]
        self.assertEqual(len(self.booked()), 1)
        self.assertEqual(len({page.url for page in pages}), 1)

    def test_looking_at_a_receipt_again_books_nothing(self):
        url = self.confirm().url
        self.url_open(url)
        self.url_open(url)
        self.assertEqual(len(self.booked()), 1)

    def test_a_refusal_says_why_and_keeps_the_card(self):
        benefit = self.make_benefit(name="Lunch", minimum_spend=50)
        page = self.confirm(benefit, amount="20")
        self.assertEqual(page.status_code, 409)
        self.assertIn("From a bill of", page.text)
        self.assertIn("Siti R.", page.text)
        self.assertFalse(self.booked())

    def test_a_card_that_is_no_good_says_the_same_whyever(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.make_club("Foreign", company_id=other.id)
        stranger = foreign._enrol(self.budi)
        ended = self.club._enrol(self.textile)
        ended._end("moved")
        said = set()
        for number in ("0440000000000", "no card", stranger.card_code, ended.card_code, "'; DROP TABLE", "%"):
            page = self.check(number)
            self.assertEqual(page.status_code, 422, number)
            said.add(re.search(r'role="alert">([^<]+)<', page.text)[1])
        self.assertEqual(len(said), 1)

    def test_guessing_card_numbers_is_stopped_and_reported(self):
        limit = co_marketing_outlet_counter.WRONG_NUMBERS
        codes = [self.check(f"04400000{number:05d}").status_code for number in range(limit + 1)]
        self.assertEqual(codes, [422] * limit + [429])
        self.assertEqual(self.check().status_code, 429)  # a right one neither
        self.assertEqual(self.confirm().status_code, 429)
        tasks = self.agreement.activity_ids
        self.assertEqual((len(tasks), tasks.user_id), (1, self.agreement.user_id))
        self.assertIn("Dewi", tasks.note)
        self.log_in("partner manager")
        self.assertEqual(self.check().status_code, 200)  # it is each cashier's own limit
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), hours=1)):
            self.assertFalse(self.dago._too_many_numbers(self.cashier))

    def test_right_cards_are_not_limited(self):
        for _card in range(co_marketing_outlet_counter.WRONG_NUMBERS + 2):
            self.assertEqual(self.check().status_code, 200)

    def test_a_cashier_voids_with_a_reason_and_the_amounts_come_back(self):
        benefit = self.make_benefit(limit_member=1)
        receipt_url = self.confirm(benefit).url
        receipt = self.booked()
        self.assertEqual(self.post(f"{receipt_url}/void", reason=" ").status_code, 422)
        page = self.post(f"{receipt_url}/void", reason="Wrong table")
        self.assertIn("Wrong table", page.text)
        self.post(f"{receipt_url}/void", reason="Once more")
        self.assertEqual(
            (receipt.state, receipt.void_reason, receipt.voided_by_id), ("voided", "Wrong table", self.cashier)
        )
        self.assertTrue(self.offer(benefit).is_open)

    def test_later_only_the_manager_voids(self):
        self.agreement.void_minutes = 0
        receipt_url = self.confirm().url
        self.env.cr.execute("SELECT 1")
        page = self.post(f"{receipt_url}/void", reason="Too late")
        self.assertEqual(page.status_code, 403)
        self.assertIn("Ask your manager", page.text)
        self.log_in("partner manager")
        self.post(f"{receipt_url}/void", reason="Manager knows")
        self.assertEqual(self.booked().void_reason, "Manager knows")

    def test_a_cashier_of_one_outlet_is_led_there_and_reaches_no_other(self):
        self.people._grant(self.dewi, "cashier", self.company, self.braga)
        self.assertTrue(self.url_open("/my/partner/counter").url.endswith(f"/counter/{self.braga.id}"))
        self.assertEqual(self.check().status_code, 404)
        self.assertEqual(self.check(outlet=self.braga).status_code, 200)

    def test_who_has_two_outlets_chooses(self):
        page = self.url_open("/my/partner/counter").text
        for outlet in self.dago | self.braga:
            self.assertIn(f"/my/partner/counter/{outlet.id}", page)

    def test_redeeming_a_hundred_benefits_costs_no_more_queries(self):
        def queries(count):
            benefits = self.make_agreement([{"name": f"B {one}", "limit_member": 5} for one in range(count)])
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.redeem(benefits.version_id.benefit_ids[0])
            return self.env.cr.sql_log_count - start

        queries(1)
        self.assertLessEqual(queries(100), queries(1))
