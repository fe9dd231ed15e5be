from odoo.addons.mail.tests.common import MailCommon
from odoo.tests import tagged

from .common import ServiceDeskCase


@tagged("post_install", "-at_install")
class TestTicketAnswer(ServiceDeskCase, MailCommon):
    def answer(self, ticket, **values):
        """The agent answers; the addresses that his answer is mailed to."""
        with self.mock_mail_gateway():
            ticket.with_user(self.agent).message_post(
                body="We are sorry", message_type="comment", subtype_xmlid="mail.mt_comment", **values
            )
        return sorted(address for mail in self._mails for address in mail["email_to"])

    def test_those_in_copy_get_the_answer(self):
        ticket = self.new_ticket(email_cc="Ratna <ratna@office.example>, budi@surel.example")
        addresses = " ".join(self.answer(ticket))
        for email in ("siti@rahmawati.example", "ratna@office.example", "budi@surel.example"):
            self.assertIn(email, addresses)

    def test_who_is_in_copy_and_follows_gets_it_once(self):
        ticket = self.new_ticket(email_cc="siti@rahmawati.example")
        self.assertEqual(len([one for one in self.answer(ticket) if "siti@" in one]), 1)

    def test_a_note_goes_to_nobody(self):
        ticket = self.new_ticket(email_cc="ratna@office.example")
        with self.mock_mail_gateway():
            ticket.with_user(self.agent).message_post(body="He is angry", subtype_xmlid="mail.mt_note")
        self.assertFalse(self._mails)

    def test_those_in_copy_are_not_suggested_to_become_contacts(self):
        ticket = self.new_ticket(email_cc="ratna@office.example")
        suggested = ticket._message_get_suggested_recipients(no_create=True)
        self.assertNotIn("ratna@office.example", [one["email"] for one in suggested])

    def test_placeholders_are_filled_in_and_what_is_none_stays(self):
        ticket = self.new_ticket(name="<b>Cold</b>")
        text = ticket._fill_in("<p>{{customer}}, {{ Number }}: {{subject}} {{unknown}}</p>")
        self.assertEqual(text, f"<p>Siti Rahmawati, {ticket.number}: &lt;b&gt;Cold&lt;/b&gt; {{{{unknown}}}}</p>")

    def test_a_template_is_filled_in_from_the_ticket_and_answers_the_customer(self):
        template = self.env["mail.template"].create(
            {
                "name": "We are sorry",
                "model_id": self.env["ir.model"]._get_id("service.ticket"),
                "subject": "About {{ object.number }}",
                "body_html": "<p>Dear <t t-out='object.partner_id.name'/>, <t t-out='object.name'/>: we are sorry.</p>",
            }
        )
        ticket = self.new_ticket()
        composer = self.env["mail.compose.message"].with_user(self.agent)
        values = {"default_model": ticket._name, "default_res_ids": ticket.ids, "default_template_id": template.id}
        with self.mock_mail_gateway():
            composer.with_context(**values).create({})._action_send_mail()
        answer = ticket.message_ids.filtered("subject")[:1]
        self.assertEqual(answer.subject, f"About {ticket.number}")
        self.assertIn("Dear Siti Rahmawati, Cold coffee: we are sorry.", answer.body)
        self.assertIn("siti@rahmawati.example", str([mail["email_to"] for mail in self._mails]))
        self.assertEqual((ticket.unanswered, ticket.stage_category), (False, "in_progress"))

    def test_an_answer_to_many_names_each_customer_and_closes(self):
        tickets = self.new_ticket(user_id=self.agent.id) + self.new_ticket(partner=self.budi, user_id=self.agent.id)
        wizard = (
            self.env["service.ticket.bulk"]
            .with_user(self.agent)
            .create(
                {"ticket_ids": tickets.ids, "answer": "<p>Dear {{customer}}</p>", "move_to": "closed", "priority": "2"}
            )
        )
        wizard.action_apply()
        self.assertEqual(tickets.mapped("stage_category"), ["closed", "closed"])
        self.assertEqual(set(tickets.mapped("priority")), {"2"})
        for ticket in tickets:
            self.assertIn(f"Dear {ticket.partner_id.name}", " ".join(ticket.message_ids.mapped("body")))


@tagged("post_install", "-at_install")
class TestTicketQueue(ServiceDeskCase):
    def test_the_next_one_is_my_most_urgent_then_the_oldest_then_one_of_nobody(self):
        self.env["service.ticket"].search([]).unanswered = False
        nobody = self.new_ticket()
        old, urgent = self.new_ticket(user_id=self.agent.id), self.new_ticket(user_id=self.agent.id, priority="3")
        self.new_ticket(user_id=self.manager.id)
        current, order = self.new_ticket(user_id=self.agent.id), []
        current.unanswered = False
        while True:
            action = current.with_user(self.agent).action_next()
            if action["type"] != "ir.actions.act_window":
                break
            current = self.env["service.ticket"].browse(action["res_id"])
            order.append(current)
            self.say(current, self.agent)
        self.assertEqual(order, [urgent, old, nobody])


@tagged("post_install", "-at_install")
class TestTicketSimilar(ServiceDeskCase):
    def test_solved_tickets_with_words_alike_come_first_then_those_of_the_category(self):
        category = self.env["service.category"].create({"name": "Coffee"})
        alike = self.new_ticket(name="Coffee was cold in Braga", stage_id=self.stage("resolved").id)
        same = self.new_ticket(name="Rude", category_id=category.id, stage_id=self.stage("closed").id)
        self.new_ticket(name="Coffee was cold in Braga street")  # open
        ticket = self.new_ticket(name="Coffee was cold, Braga", category_id=category.id)
        found = [row["id"] for row in ticket.similar_tickets()]
        self.assertEqual(found[:2], [alike.id, same.id])

    def test_it_says_how_it_ended(self):
        alike = self.new_ticket(name="Coffee was cold in Braga", stage_id=self.stage("resolved").id)
        self.env["service.remedy"].create({"ticket_id": alike.id, "kind": "apology", "state": "done"})
        row = self.new_ticket(name="Coffee was cold in Braga").similar_tickets()[0]
        self.assertEqual((row["number"], row["remedies"]), (alike.number, ["Apology"]))

    def test_what_the_agent_may_not_read_is_not_shown(self):
        private = self.env["service.team"].create({"name": "Private", "private": True})
        secret = self.new_ticket(
            name="Coffee was cold in Braga", team_id=private.id, stage_id=self.stage("resolved").id
        )
        ticket = self.new_ticket(name="Coffee was cold in Braga", user_id=self.agent.id)
        self.assertNotIn(secret.id, [row["id"] for row in ticket.with_user(self.agent).similar_tickets()])


@tagged("post_install", "-at_install")
class TestTicketLead(ServiceDeskCase):
    def test_a_ticket_becomes_an_opportunity_once_and_the_two_refer_to_each_other(self):
        self.agent.group_ids += self.env.ref("sales_team.group_sale_salesman")
        ticket = self.new_ticket(name="Wants a machine for the office", user_id=self.agent.id).with_user(self.agent)
        ticket.action_make_opportunity()
        lead = ticket.lead_id
        self.assertEqual((lead.type, lead.partner_id, lead.name), ("opportunity", self.siti, ticket.name))
        self.assertIn(ticket.number, " ".join(lead.message_ids.mapped("body")))
        self.assertEqual(ticket.action_make_opportunity()["res_id"], lead.id)
