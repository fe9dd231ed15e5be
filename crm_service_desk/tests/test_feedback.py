from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import service_feedback_survey
from .common import ServiceDeskHttpCase
from .common_remedy import RemedyCase

MARKS = {"csat": 5, "csat_handling": 4, "ces": 6, "comment": "Fine"}


@tagged("post_install", "-at_install")
class TestSurvey(RemedyCase):
    """Who is asked, when, and how often."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.write({"survey": True, "survey_days": 2, "acknowledgement_template_id": False})
        cls.stage_done = cls.stage("resolved")
        with freeze_time("2026-03-02 10:00:00"):
            cls.ticket.stage_id = cls.stage_done
            cls.ticket.flush_recordset()

    def run_job(self, day="2026-03-05"):
        with freeze_time(f"{day} 10:00:00"), self.enter_registry_test_mode():
            self.env.ref("crm_service_desk.cron_feedback_ask").method_direct_trigger()
        return self.env["service.feedback"].search([])

    def mails(self):
        return self.env["mail.mail"].search([("model", "=", "service.feedback")])

    def test_the_customer_is_asked_after_the_days_of_the_team(self):
        self.assertFalse(self.run_job("2026-03-03"))
        asked = self.run_job("2026-03-04")
        self.assertEqual((asked.ticket_id, asked.partner_id, asked.user_id), (self.ticket, self.siti, self.agent))
        mail = self.mails()
        self.assertEqual(mail.recipient_ids, self.siti)
        self.assertIn(asked.access_token, mail.body_html)

    def test_he_is_asked_once_per_closing(self):
        self.run_job()
        self.run_job("2026-03-06")
        self.assertEqual(len(self.mails()), 1)
        with freeze_time("2026-03-07 10:00:00"):
            self.ticket.stage_id = self.stage("in_progress")
            self.ticket.flush_recordset()
            self.ticket.stage_id = self.stage_done
            self.ticket.flush_recordset()
        self.run_job("2026-03-10")
        self.assertEqual(len(self.mails()), 2)

    def test_who_is_not_asked(self):
        for name, values in {
            "no address": {"email": False},
            "archived": {"active": False},
            "does not want it": {"no_ticket_survey": True},
        }.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                self.siti_user.active = False
                self.siti.write(values)
                self.assertFalse(self.run_job())
                savepoint.close(rollback=True)
            self.env.invalidate_all()

    def test_the_blacklist_is_honoured(self):
        self.env["mail.blacklist"].create({"email": self.siti.email})
        self.assertFalse(self.run_job())

    def test_a_team_that_does_not_ask(self):
        self.team.survey = False
        self.assertFalse(self.run_job())

    def test_old_tickets_are_left_alone(self):
        self.assertFalse(self.run_job("2026-04-20"))

    def test_who_has_rated_by_himself_is_not_asked(self):
        with freeze_time("2026-03-03 10:00:00"):
            self.ticket._customer_rates(**MARKS)
        self.run_job()
        self.assertFalse(self.mails())

    def test_many_are_asked_in_batches_and_the_next_run_goes_on(self):
        with freeze_time("2026-03-02 11:00:00"):
            for _number in range(4):
                self.new_ticket(stage_id=self.stage_done.id)
            self.env.flush_all()
        with patch.object(service_feedback_survey, "SURVEY_BATCH", 2):
            # the job is told that its time is over after the first batch
            with patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=0):
                self.assertEqual(len(self.run_job()), 2)
            self.assertEqual(len(self.run_job()), 5)
        self.assertEqual(len(self.mails()), 5)

    def test_the_question_is_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.siti.lang = "fr_FR"
        template = self.env.ref("crm_service_desk.mail_template_feedback")
        template.with_context(lang="fr_FR").subject = "Êtes-vous satisfait ?"
        self.run_job()
        self.assertEqual(self.mails().subject, "Êtes-vous satisfait ?")

    def test_days_are_possible_ones(self):
        for days in (-1, 30):
            with self.assertRaises(ValidationError):
                self.team.survey_days = days


@tagged("post_install", "-at_install")
class TestFeedbackAnswer(RemedyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket.stage_id = cls.stage("resolved")
        cls.feedback = cls.ticket._new_feedback()

    def test_a_low_answer_tells_the_leader_once(self):
        self.feedback._answer(**MARKS | {"csat": 1})
        self.feedback._answer(**MARKS | {"csat": 2})
        self.assertEqual(len(self.ticket.activity_ids), 1)
        self.assertEqual(self.ticket.activity_ids.user_id, self.leader)
        self.assertTrue(self.feedback.is_low)

    def test_a_leader_who_may_not_see_the_ticket_is_not_told(self):
        self.team.user_id = self.employee
        self.feedback._answer(**MARKS | {"ces": 1})
        self.assertEqual(self.ticket.activity_ids.user_id, self.agent)

    def test_good_marks_tell_nobody(self):
        self.feedback._answer(**MARKS)
        self.assertFalse(self.ticket.activity_ids or self.feedback.is_low)

    def test_the_ticket_shows_the_last_marks(self):
        self.feedback._answer(**MARKS)
        self.assertEqual((self.ticket.csat, self.ticket.csat_handling, self.ticket.ces), (5, 4, 6))

    def test_anonymising_takes_the_words_and_keeps_the_marks(self):
        self.feedback._answer(**MARKS)
        remedy = self.a_coupon(text="Dear Siti")
        remedy._decide("rejected", "I am Siti and angry")
        action = self.env["service.action"].create({"ticket_id": self.ticket.id, "text": "Call Siti"})
        self.ticket.findings = "<p>Siti spilled it</p>"
        token = self.feedback.access_token
        self.ticket._anonymise()
        texts = (self.feedback.comment, remedy.text, remedy.offered, remedy.decision_reason, self.ticket.findings)
        self.assertFalse(any(texts))
        self.assertNotIn("Siti", action.text)
        self.assertEqual((self.feedback.csat, remedy.decision), (5, "rejected"))
        self.assertNotEqual(self.feedback.access_token, token)
        self.assertFalse(action.activity_ids or action.message_ids)

    def test_merging_contacts_keeps_the_feedback(self):
        self.feedback._answer(**MARKS)
        self.siti_user.unlink()
        merged = self.env["res.partner"].create({"name": "Siti R."})
        self.env["base.partner.merge.automatic.wizard"]._merge((self.siti | merged).ids, merged)
        self.env.invalidate_all()
        self.assertEqual((self.feedback.exists().partner_id, self.feedback.csat), (merged, 5))


@tagged("post_install", "-at_install")
class TestFeedbackPage(ServiceDeskHttpCase, RemedyCase):
    """The link in the mail, without a login."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket.stage_id = cls.stage("resolved")
        cls.feedback = cls.ticket._new_feedback()
        cls.path = f"/tickets/feedback/{cls.feedback.access_token}"

    def answer(self, path=None, csrf=True, **typed):
        form = {key: str(value) for key, value in (MARKS | typed).items()}
        if csrf:
            form["csrf_token"] = self.token()
        return self.url_open(path or self.path, data=form, timeout=60)

    def setUp(self):
        super().setUp()
        self.enter(None)

    def test_opening_the_link_changes_nothing(self):
        page = self.url_open(self.path)
        self.assertEqual((page.status_code, self.feedback.answered_on), (200, False))
        self.assertIn("How easy was it for you?", page.text)

    def test_he_answers_and_may_change_it_for_some_days(self):
        with freeze_time("2026-03-02 10:00:00"):
            self.feedback.closed_on = "2026-03-01 10:00:00"
            self.assertIn("Thank you", self.answer().text)
            self.answer(csat=3)
        self.assertEqual((self.feedback.csat, self.feedback.comment), (3, "Fine"))
        with freeze_time("2026-03-10 10:00:00"):
            self.assertEqual(self.answer(csat=1).status_code, 409)
            self.assertIn("closed", self.url_open(self.path).text)
        self.assertEqual(self.feedback.csat, 3)

    @mute_logger("odoo.http")
    def test_forged_links_lead_nowhere(self):
        token = self.feedback.access_token
        for forged in ("x", token[:-1], token.swapcase(), token + "x", "%00", "' OR 1=1", "a" * 5000):
            self.assertIn(self.url_open(f"/tickets/feedback/{forged}").status_code, (404, 400), forged)
            self.assertIn(self.answer(f"/tickets/feedback/{forged}").status_code, (404, 400), forged)
        self.assertFalse(self.feedback.answered_on)

    @mute_logger("odoo.http")
    def test_without_csrf_token_nothing_happens(self):
        self.assertEqual(self.answer(csrf=False).status_code, 400)
        self.assertEqual(self.url_open(f"{self.path}/never", data={"x": "1"}).status_code, 400)
        self.assertFalse(self.feedback.answered_on or self.siti.no_ticket_survey)

    def test_wrong_marks_are_refused_and_words_come_back(self):
        page = self.answer(ces=8, comment="My words")
        self.assertEqual(page.status_code, 400)
        self.assertIn("My words", page.text)
        self.assertEqual(self.answer(comment="x" * 5001).status_code, 400)
        self.assertFalse(self.feedback.answered_on)

    @mute_logger("odoo.http")
    def test_our_own_people_give_no_marks_to_themselves(self):
        for user in (self.agent, self.employee):
            self.enter(user)
            self.assertEqual(self.answer().status_code, 403)
        self.assertFalse(self.feedback.answered_on)

    def test_he_is_not_asked_again(self):
        page = self.url_open(f"{self.path}/never", data={"csrf_token": self.token()})
        self.assertIn("do not ask you again", page.text)
        self.assertTrue(self.siti.no_ticket_survey)
        self.assertEqual(self.url_open(f"{self.path}/never").status_code, 405)
