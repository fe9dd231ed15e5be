from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from ..controllers import co_marketing_api_call
from ..models import co_marketing_outlet_counter, co_marketing_till_key
from .co_marketing_case import TillCase


@tagged("post_install", "-at_install")
class TestCoMarketingApi(TillCase):
    """A partner's till calls us."""

    def test_a_good_card_tells_first_name_tier_and_what_is_open_and_nothing_else(self):
        self.siti.write({"email": "siti@private.example", "phone": "+62 811-4455-667"})
        used_up = self.make_benefit(name="Once only", limit_member=1)
        self.redeem(used_up)
        thrice = self.make_benefit(name="Thrice", limit_member=3)
        answer = self.verify(amount=250)
        self.assertEqual(answer.status_code, 200, answer.text)
        said = answer.json()
        self.assertEqual(said["member"], {"name": "Siti R.", "club": self.club.name, "tier": "Gold"})
        self.assertCountEqual(
            [(one["id"], one["uses_left"], one["discount"]) for one in said["benefits"]],
            [(self.benefit.id, None, 25.0), (thrice.id, 3, 25.0)],
        )
        for hidden in ("Rahmawati", "private", "4455"):
            self.assertNotIn(hidden, answer.text)

    def test_a_card_that_is_no_good_says_the_same_whyever(self):
        ended = self.club._enrol(self.textile)
        ended._end("moved")
        answers = {self.verify(card=card).text for card in ("0440000000000", "no card", ended.card_code, "%")}
        self.assertEqual(len(answers), 1)
        self.assertIn('"valid": false', answers.pop())

    def test_redeeming_books_for_the_till_and_for_no_person(self):
        answer = self.till_redeem(amount=250.5)
        receipt = self.booked()
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual((answer.json()["number"], answer.json()["discount"]), (receipt.name, 25.05))
        self.assertEqual((receipt.outlet_key_id, receipt.user_id.id, receipt.outlet_id), (self.till, False, self.dago))
        self.assertTrue(self.till.last_used_at)

    def test_the_same_key_gives_back_the_same_answer_also_when_nothing_is_left(self):
        benefit = self.make_benefit(limit_member=1)
        answers = [self.till_redeem(benefit, once="key-of-a-retry") for _try in range(3)]
        self.assertEqual([answer.status_code for answer in answers], [200] * 3)
        self.assertEqual(len({answer.text for answer in answers}), 1)
        self.assertEqual(len(self.booked()), 1)
        self.assertRefused(self.till_redeem(benefit), 409, "refused")

    def test_the_same_key_for_another_bill_benefit_or_card_is_refused(self):
        self.till_redeem(once="key-used-once")
        other = self.club._enrol(self.budi)
        for sent in ({"amount": 99}, {"benefit": self.make_benefit()}, {"card": other.card_code}):
            self.assertRefused(self.till_redeem(once="key-used-once", **sent), 409, "key_used")
        self.assertEqual(len(self.booked()), 1)

    def test_a_refusal_tells_why(self):
        benefit = self.make_benefit(minimum_spend=50)
        answer = self.till_redeem(benefit, amount=20)
        self.assertRefused(answer, 409, "refused")
        self.assertIn("From a bill of", answer.json()["error"]["message"])
        self.assertFalse(self.booked())

    def test_the_till_voids_with_a_reason_and_twice_is_once(self):
        benefit = self.make_benefit(limit_member=1)
        number = self.till_redeem(benefit).json()["id"]
        first = self.call("void", receipt=number, reason="Wrong table")
        self.assertEqual((first.status_code, first.json()["state"]), (200, "voided"))
        self.assertEqual(self.call("void", receipt=number, reason="Again").text, first.text)
        receipt = self.booked()
        self.assertEqual((receipt.void_reason, receipt.voided_by_key_id), ("Wrong table", self.till))
        self.assertFalse(receipt.voided_by_id)
        self.assertTrue(self.offer(benefit).is_open)

    def test_later_the_till_is_told_to_ask_the_manager(self):
        number = self.till_redeem().json()["id"]
        with freeze_time(fields.Datetime.now() + timedelta(minutes=self.agreement.void_minutes + 1)):
            answer = self.call("void", receipt=number, reason="Too late")
        self.assertRefused(answer, 403, "too_late")
        self.assertIn("manager", answer.json()["error"]["hint"])
        self.assertEqual(self.booked().state, "done")

    def test_the_statement_comes_in_pages_and_its_totals_are_the_sum_of_its_receipts(self):
        self.member.date_start = self.today - timedelta(days=2)  # the hour before may have been yesterday
        self.till_redeem(amount=10)
        self.redeem(amount=20, moment=fields.Datetime.now() - timedelta(hours=1))
        self.redeem(amount=40, outlet=self.braga)
        voided = self.redeem(amount=80)
        voided._void("Wrong")
        period = {"from": str(self.today - timedelta(days=2)), "to": str(self.today + timedelta(days=1))}
        pages, after = [], None
        while not pages or after:
            said = self.call("statement", limit=2, **period, **({"after": after} if after else {})).json()
            pages.append(said["receipts"])
            after = said["next"]
        receipts = [row for page in pages for row in page]
        self.assertEqual([len(page) for page in pages], [2, 1])
        self.assertEqual([one["amount"] for one in receipts], [80, 10, 20])
        [total] = said["totals"]
        self.assertEqual((total["redemptions"], total["voided"], total["amount"], total["discount"]), (2, 1, 30, 3))

    def test_too_many_calls_are_told_to_wait(self):
        self.env["ir.config_parameter"].set_param(co_marketing_api_call.CALLS_PARAMETER, 3)
        answers = [self.verify() for _call in range(4)]
        self.assertEqual([answer.status_code for answer in answers], [200, 200, 200, 429])
        self.assertRefused(answers[3], 429, "too_many_calls")
        self.assertTrue(0 < int(answers[3].headers["Retry-After"]) <= 60)
        _other, clear = self.env["co.marketing.outlet.key"]._make(self.dago, "Till 2")
        self.assertEqual(self.verify(key=clear).status_code, 200)
        with freeze_time(fields.Datetime.now() + timedelta(seconds=61)):
            self.assertEqual(self.verify().status_code, 200)

    def test_guessing_cards_is_stopped_as_at_the_counter_and_reported(self):
        self.patch(co_marketing_outlet_counter, "WRONG_NUMBERS", 2)
        self.verify(card="04400000001")
        self.assertRefused(self.till_redeem(card="04400000002"), 404, "no_card")
        answer = self.verify()
        self.assertRefused(answer, 429, "too_many_cards")
        self.assertTrue(0 < int(answer.headers["Retry-After"]) <= 3600)
        self.assertIn("Till 1", self.agreement.activity_ids.note)

    def test_guessing_keys_is_stopped_for_the_address_while_good_keys_go_on(self):
        self.patch(co_marketing_till_key, "WRONG_KEYS_OF_ADDRESS", 2)
        codes = [self.verify(key=f"till_{number}").status_code for number in range(3)]
        self.assertEqual(codes, [401, 401, 429])
        self.assertEqual(self.verify().status_code, 200)

    def test_a_hundred_benefits_cost_no_more_queries_than_one(self):
        def queries(count):
            self.make_agreement([{"name": f"B {one}", "limit_member": 5} for one in range(count)])
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.assertGreaterEqual(len(self.verify(amount=10).json()["benefits"]), count)
            return self.env.cr.sql_log_count - start

        queries(1)
        few = queries(1)
        self.assertLessEqual(queries(100), few)
