from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ServiceDeskCase, ServiceDeskHttpCase


@tagged("post_install", "-at_install")
class TestTicketMerge(ServiceDeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.acknowledgement_template_id = False
        cls.survivor, cls.other = cls.new_ticket(), cls.new_ticket(name="Cold again")

    def merge(self, tickets, survivor, user=None, **values):
        wizard = self.env["service.ticket.merge"].with_user(user or self.manager)
        wizard = wizard.create({"ticket_ids": tickets.ids, "survivor_id": survivor.id, **values})
        wizard.action_merge()

    def test_messages_files_activities_followers_and_ratings_go_on_in_the_survivor(self):
        message = self.say(self.other, self.siti_user, "Cold again")
        file = self.env["ir.attachment"].create({"name": "cup.png", "raw": b"x", "res_model": "service.ticket"})
        self.other.attachment_ids = file
        activity = self.other.activity_schedule("mail.mail_activity_data_call", user_id=self.agent.id)
        self.other.message_subscribe(self.agent.partner_id.ids)
        rating = self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("service.ticket"),
                "res_id": self.other.id,
                "rating": 5,
                "consumed": True,
            }
        )
        self.merge(self.survivor + self.other, self.survivor)
        self.assertEqual({message.res_id, activity.res_id, file.res_id, rating.res_id}, {self.survivor.id})
        self.assertIn(file, self.survivor.attachment_ids)
        self.assertIn(self.agent.partner_id, self.survivor.message_partner_ids)
        self.assertFalse(self.other.message_partner_ids)

    def test_the_merged_one_is_closed_points_to_its_survivor_and_needs_no_answer(self):
        self.merge(self.survivor + self.other, self.survivor)
        self.assertEqual(
            (self.other.stage_category, self.other.merged_into_id, self.other.unanswered),
            ("closed", self.survivor, False),
        )
        self.assertIn(self.survivor.number, self.other.message_ids[0].body)
        self.assertIn(self.other.number, " ".join(self.survivor.message_ids.mapped("body")))

    def test_the_history_of_the_customer_has_each_message_once_on_the_survivor(self):
        message = self.say(self.other, self.siti_user, "Cold again")
        self.merge(self.survivor + self.other, self.survivor)
        entries = self.env["contact.history.entry"].search(
            [("res_model", "=", "mail.message"), ("res_id", "=", message.id)]
        )
        self.assertEqual(entries.commercial_partner_id, self.siti.commercial_partner_id)

    def test_the_oldest_open_one_is_proposed(self):
        self.survivor.stage_id = self.stage("closed")
        third = self.new_ticket()
        wizard = self.env["service.ticket.merge"].create({"ticket_ids": (third + self.other + self.survivor).ids})
        self.assertEqual(wizard.survivor_id, self.other)

    def test_what_the_customer_still_waits_for_is_waited_for_on_the_survivor(self):
        self.say(self.survivor, self.agent)
        self.merge(self.survivor + self.other, self.survivor)
        self.assertTrue(self.survivor.unanswered)

    def test_a_survivor_that_was_done_is_work_again(self):
        self.survivor.stage_id = self.stage("closed")
        self.merge(self.survivor + self.other, self.survivor)
        self.assertEqual((self.survivor.stage_category, self.survivor.unanswered), ("in_progress", True))

    def test_copies_are_united_and_the_urgent_one_wins(self):
        self.survivor.email_cc = "a@x.example"
        self.other.write({"email_cc": "A@x.example, b@x.example", "priority": "3"})
        self.merge(self.survivor + self.other, self.survivor)
        self.assertEqual((self.survivor.email_cc, self.survivor.priority), ("a@x.example, b@x.example", "3"))

    def test_what_was_merged_before_points_to_the_last_survivor(self):
        self.merge(self.survivor + self.other, self.other)
        third = self.new_ticket()
        self.merge(self.other + third, third)
        self.assertEqual(self.survivor.merged_into_id, third)

    def test_a_merged_ticket_is_merged_once(self):
        self.merge(self.survivor + self.other, self.survivor)
        with self.assertRaisesRegex(UserError, f"{self.other.number} was merged already"):
            self.merge(self.other + self.new_ticket(), self.other)

    def test_parts_go_along(self):
        part = self.new_ticket(parent_id=self.other.id)
        self.merge(self.survivor + self.other, self.survivor)
        self.assertEqual(part.parent_id, self.survivor)

    def test_a_part_merged_into_its_whole_is_no_part_of_itself(self):
        self.other.parent_id = self.survivor
        self.merge(self.survivor + self.other, self.survivor)
        self.assertFalse(self.survivor.parent_id)

    def test_a_whole_is_not_merged_into_its_part(self):
        self.other.parent_id = self.survivor
        with self.assertRaisesRegex(UserError, "is a part of"):
            self.merge(self.survivor + self.other, self.other)

    def test_different_customers_need_a_choice(self):
        foreign = self.new_ticket(partner=self.budi)
        with self.assertRaisesRegex(UserError, "different customers"):
            self.merge(self.survivor + foreign, self.survivor)
        self.assertFalse(foreign.merged_into_id)

    def test_the_other_customer_hears_more_or_not_as_chosen(self):
        foreign, another = self.new_ticket(partner=self.budi), self.new_ticket(partner=self.budi)
        self.merge(self.survivor + foreign, self.survivor, foreign="drop")
        self.assertNotIn(self.budi, self.survivor.message_partner_ids)
        self.merge(self.survivor + another, self.survivor, foreign="keep")
        self.assertIn(self.budi, self.survivor.message_partner_ids)

    def test_tickets_of_two_companies_are_not_merged(self):
        company = self.env["res.company"].create({"name": "Roastery Ltd"})
        foreign = self.env["service.ticket"].create({"name": "x", "company_id": company.id})
        self.manager.company_ids += company
        with self.assertRaisesRegex(UserError, "several companies"):
            self.merge(self.survivor + foreign, self.survivor)

    def test_who_may_not_write_one_of_them_merges_nothing(self):
        private = self.env["service.team"].create({"name": "Private", "private": True})
        self.other.team_id = private
        with self.assertRaises(AccessError):
            self.survivor.with_user(self.agent)._merge(self.other.with_user(self.agent))
        self.assertFalse(self.other.merged_into_id)

    def test_the_words_of_a_customer_merged_into_anothers_ticket_go_when_he_is_anonymised(self):
        foreign = self.new_ticket(partner=self.budi, name="Budi is ill")
        self.say(foreign, self.budi_user, "I am Budi")
        kept = self.say(self.survivor, self.siti_user, "I am Siti")
        self.merge(self.survivor + foreign, self.survivor, foreign="keep")
        customer = self.budi.with_user(self.env.ref("base.user_admin"))
        customer._anonymise()
        texts = " ".join(self.survivor.message_ids.mapped("body"))
        self.assertNotIn("Budi", texts)
        self.assertTrue(kept.exists())
        self.assertNotIn(self.budi, self.survivor.message_partner_ids)

    def test_the_promises_of_a_merged_ticket_are_the_survivors(self):
        self.env["service.sla.policy"].create(
            {"name": "All", "target_ids": [(0, 0, {"metric": "resolve", "hours": 8})]}
        )
        survivor, other = self.new_ticket(), self.new_ticket()
        self.merge(survivor + other, survivor)
        self.assertEqual((survivor.clock_ids.state, other.clock_ids.state), ("running", "cancelled"))

    def test_a_word_on_the_merged_one_is_said_on_the_survivor(self):
        self.merge(self.survivor + self.other, self.survivor)
        message = self.say(self.other, self.siti_user, "Any news?")
        self.assertEqual(message.res_id, self.survivor.id)
        self.assertEqual(self.other.stage_category, "closed")


@tagged("post_install", "-at_install")
class TestTicketMergePortal(ServiceDeskHttpCase):
    def setUp(self):
        super().setUp()
        self.survivor, self.other = self.new_ticket(), self.new_ticket()

    def test_the_page_of_the_merged_ticket_leads_to_the_survivor(self):
        self.survivor._merge(self.other)
        self.enter(self.siti_user)
        page = self.url_open(f"/my/tickets/{self.other.id}")
        self.assertTrue(page.url.endswith(f"/my/tickets/{self.survivor.id}"), page.url)
        self.assertEqual(page.status_code, 200)

    def test_the_link_in_an_old_mail_leads_there_too(self):
        self.survivor._merge(self.other)
        self.enter(None)
        page = self.url_open(f"/my/tickets/{self.other.id}?access_token={self.other.access_token}")
        self.assertEqual(page.status_code, 200)
        self.assertIn(f"/my/tickets/{self.survivor.id}", page.url)

    def test_the_link_of_another_customer_does_not_open_the_survivor(self):
        foreign = self.new_ticket(partner=self.budi)
        self.survivor._merge(foreign)
        self.say(self.survivor, self.siti_user, "My own secret")
        self.enter(None)
        page = self.url_open(f"/my/tickets/{foreign.id}?access_token={foreign.access_token}")
        self.assertNotIn(self.survivor.access_token, page.url + page.text)
        self.assertNotIn("secret", page.text)

    def test_the_link_of_a_colleague_does_not_open_the_survivor_either(self):
        company = self.env["res.partner"].create({"name": "Hotel", "is_company": True})
        (self.siti + self.budi).parent_id = company
        foreign = self.new_ticket(partner=self.budi)
        self.survivor._merge(foreign)
        self.enter(None)
        page = self.url_open(f"/my/tickets/{foreign.id}?access_token={foreign.access_token}")
        self.assertNotIn(self.survivor.access_token, page.url + page.text)
        self.enter(self.budi_user)
        page = self.url_open(f"/my/tickets/{foreign.id}")
        self.assertTrue(page.url.endswith(f"/my/tickets/{foreign.id}"), page.url)

    def test_another_customer_learns_nothing_of_it(self):
        self.survivor._merge(self.other)
        self.enter(self.budi_user)
        self.assertEqual(self.url_open(f"/my/tickets/{self.other.id}").status_code, 404)
