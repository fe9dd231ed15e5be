from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ServiceDeskHttpCase
from .common_remedy import RemedyCase


class PortalActionCase(ServiceDeskHttpCase, RemedyCase):
    def post(self, path, csrf=True, **form):
        """Send a form of the ticket's page; no redirect is followed."""
        if csrf:
            form["csrf_token"] = self.token()
        return self.url_open(f"/my/tickets/{path}", data=form or {"x": "1"}, allow_redirects=False, timeout=60)

    def remedy_path(self, remedy, act, ticket=None):
        return f"{(ticket or self.ticket).id}/remedies/{remedy.id}/{act}"


@tagged("post_install", "-at_install")
class TestPortalDecision(PortalActionCase):
    """The customer decides about an offer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.remedy = cls.a_coupon()

    def setUp(self):
        super().setUp()
        self.enter(self.siti_user)

    def test_he_sees_the_offer_with_its_two_answers(self):
        page = self.url_open(f"/my/tickets/{self.ticket.id}").text
        for part in ("Our offer", "Coupon “Free latte”.", "I accept", "I do not accept", "We have made you an offer"):
            self.assertIn(part, page)

    def test_he_accepts_and_finds_his_code(self):
        answer = self.post(self.remedy_path(self.remedy, "accept"))
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.remedy.decision, "accepted")
        page = self.url_open(f"/my/tickets/{self.ticket.id}?done=accepted").text
        self.assertIn(self.remedy.card_id.code, page)
        self.assertIn("You have accepted our offer", page)

    def test_he_rejects_with_his_reason(self):
        self.company.service_external_route = "<p>BPSK Bandung</p>"
        self.assertEqual(self.post(self.remedy_path(self.remedy, "reject"), reason="Too little").status_code, 303)
        self.assertEqual((self.remedy.decision, self.remedy.decision_reason), ("rejected", "Too little"))
        self.assertIn("BPSK Bandung", self.url_open(f"/my/tickets/{self.ticket.id}").text)

    def test_a_second_answer_is_told_and_changes_nothing(self):
        self.post(self.remedy_path(self.remedy, "accept"))
        for act in ("accept", "reject"):
            answer = self.post(self.remedy_path(self.remedy, act), reason="Now no")
            self.assertEqual(answer.status_code, 409)
            self.assertIn("decided already", answer.text)
        self.assertEqual((self.remedy.decision, len(self.coupons.coupon_ids)), ("accepted", 1))

    def test_a_rejection_needs_a_reason_of_a_possible_length_and_loses_no_words(self):
        for reason, status in (("", 400), (" \x00 ", 400), ("x" * 5001, 400)):
            answer = self.post(self.remedy_path(self.remedy, "reject"), reason=reason)
            self.assertEqual(answer.status_code, status, len(reason))
            self.assertEqual(self.remedy.state, "proposed")
        self.assertIn("x" * 5001, answer.text)

    @mute_logger("odoo.http")
    def test_without_csrf_token_nothing_happens(self):
        for act in ("accept", "reject"):
            self.assertEqual(self.post(self.remedy_path(self.remedy, act), csrf=False, reason="x").status_code, 400)
        self.assertEqual(self.remedy.state, "proposed")

    @mute_logger("odoo.http")
    def test_opening_an_address_changes_nothing(self):
        for path in (self.remedy_path(self.remedy, "accept"), f"{self.ticket.id}/close", f"{self.ticket.id}/rate"):
            self.assertIn(self.url_open(f"/my/tickets/{path}").status_code, (404, 405), path)
        self.assertEqual((self.remedy.state, self.ticket.stage_category), ("proposed", "waiting_customer"))

    @mute_logger("odoo.http")
    def test_strangers_decide_nothing(self):
        for user in (self.budi_user, None, self.employee):
            self.enter(user)
            for act in ("accept", "reject"):
                for query in ("", "?access_token=guess"):
                    answer = self.post(self.remedy_path(self.remedy, act) + query, reason="x")
                    self.assertEqual(answer.status_code, 404, (user and user.name, act))
        self.assertEqual(self.remedy.state, "proposed")

    @mute_logger("odoo.http")
    def test_our_own_people_do_not_decide_for_the_customer(self):
        for user in (self.agent, self.leader, self.manager):
            self.enter(user)
            for query in ("", f"?access_token={self.ticket.access_token}"):
                self.assertEqual(self.post(self.remedy_path(self.remedy, "accept") + query).status_code, 403, user.name)
        self.assertEqual(self.remedy.state, "proposed")

    @mute_logger("odoo.http")
    def test_a_remedy_is_decided_on_its_own_ticket_only(self):
        other = self.new_ticket(self.budi)
        strange = other.with_user(self.manager)._offer_remedy({"kind": "apology", "text": "Sorry, Budi"})
        for remedy_id in (strange.id, 99999999, 99999999999999999999):
            answer = self.post(f"{self.ticket.id}/remedies/{remedy_id}/accept")
            self.assertEqual(answer.status_code, 404, remedy_id)
        self.assertEqual(self.post(self.remedy_path(strange, "accept", other)).status_code, 404)
        self.assertEqual(strange.state, "proposed")

    @mute_logger("odoo.http")
    def test_what_waits_for_the_leader_is_not_there_yet(self):
        self.team.remedy_limit = 1
        waiting = self.a_coupon()
        self.assertEqual(self.post(self.remedy_path(waiting, "accept")).status_code, 404)

    def test_the_link_of_the_mail_is_enough(self):
        self.enter(None)
        token = self.ticket.access_token
        answer = self.post(self.remedy_path(self.remedy, "accept"), access_token=token)
        self.assertEqual(answer.status_code, 303)
        self.assertIn(token, answer.headers["Location"])
        self.assertEqual(self.remedy.decision, "accepted")


@tagged("post_install", "-at_install")
class TestPortalCloseReopenRate(PortalActionCase):
    def setUp(self):
        super().setUp()
        self.enter(self.siti_user)

    marks = {"csat": "5", "csat_handling": "4", "ces": "6", "comment": "Fine"}

    def done(self):
        self.ticket.stage_id = self.stage("resolved")

    def test_he_closes_it_himself_once(self):
        self.assertEqual(self.post(f"{self.ticket.id}/close").status_code, 303)
        self.assertEqual((self.ticket.stage_category, self.ticket.unanswered), ("closed", False))
        self.assertEqual(self.post(f"{self.ticket.id}/close").status_code, 409)

    def test_he_reopens_it_within_the_days_of_the_team(self):
        self.done()
        self.assertEqual(self.post(f"{self.ticket.id}/reopen", reopen_reason="Still cold").status_code, 303)
        self.assertEqual((self.ticket.stage_category, self.ticket.unanswered), ("in_progress", True))
        self.assertIn("Still cold", str(self.ticket.message_ids.mapped("body")))

    def test_reopening_needs_words_a_done_ticket_and_to_be_in_time(self):
        self.assertEqual(self.post(f"{self.ticket.id}/reopen", reopen_reason="x").status_code, 409)
        self.done()
        self.assertEqual(self.post(f"{self.ticket.id}/reopen", reopen_reason=" ").status_code, 400)
        self.team.reopen_days = 0
        self.assertEqual(self.post(f"{self.ticket.id}/reopen", reopen_reason="x").status_code, 409)
        self.assertEqual(self.ticket.stage_category, "resolved")
        self.assertNotIn("It is not solved", self.url_open(f"/my/tickets/{self.ticket.id}").text)

    def test_he_rates_when_it_is_done(self):
        self.assertEqual(self.post(f"{self.ticket.id}/rate", **self.marks).status_code, 409)
        self.done()
        self.assertEqual(self.post(f"{self.ticket.id}/rate", **self.marks).status_code, 303)
        self.assertEqual((self.ticket.csat, self.ticket.csat_handling, self.ticket.ces), (5, 4, 6))
        self.assertEqual((self.ticket.rating_last_value, self.ticket.feedback_ids.comment), (5, "Fine"))
        self.assertEqual(self.ticket.stage_category, "resolved", "rating does not take it up again")

    def test_he_changes_his_marks_and_there_is_still_one_rating(self):
        self.done()
        self.post(f"{self.ticket.id}/rate", **self.marks)
        self.post(f"{self.ticket.id}/rate", **self.marks | {"csat": "2"})
        self.assertEqual((self.ticket.csat, self.ticket.rating_count, len(self.ticket.feedback_ids)), (2, 1, 1))

    def test_wrong_marks_are_refused(self):
        self.done()
        wrong = [{"csat": value} for value in ("", "0", "6", "-1", "4.5", "five", "１", "5 OR 1=1", "9" * 999)]
        wrong += [{"ces": "8"}, {"csat_handling": "6"}, {"comment": "x" * 5001}]
        for attack in wrong:
            self.assertEqual(self.post(f"{self.ticket.id}/rate", **self.marks | attack).status_code, 400, attack)
        self.assertFalse(self.ticket.feedback_ids)

    @mute_logger("odoo.http")
    def test_strangers_and_our_own_people_do_none_of_it(self):
        self.done()
        for user, status in ((self.budi_user, 404), (None, 404), (self.employee, 404), (self.agent, 403)):
            self.enter(user)
            for act in ("close", "reopen", "rate"):
                answer = self.post(f"{self.ticket.id}/{act}", reopen_reason="x", **self.marks)
                self.assertEqual(answer.status_code, status, (user and user.name, act))
        self.assertEqual((self.ticket.stage_category, self.ticket.feedback_ids.ids), ("resolved", []))
