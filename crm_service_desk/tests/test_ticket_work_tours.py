from odoo.tests import tagged

from .common import ServiceDeskHttpCase


@tagged("post_install", "-at_install")
class TestTicketWorkTours(ServiceDeskHttpCase):
    def setUp(self):
        super().setUp()
        # Only what the tour is about is in the list.
        self.env["service.ticket"].search([]).write({"unanswered": False, "stage_id": self.stage("closed").id})
        self.ticket = self.new_ticket(name="Cold coffee in Braga street", description="<p>I say it was cold.</p>")

    def test_a_day_of_an_agent(self):
        self.env["mail.canned.response"].create(
            {
                "source": "apology",
                "substitution": "Dear {{customer}}, about {{subject}}: we are sorry.",
                "group_ids": [(4, self.env.ref("crm_service_desk.group_service_user").id)],
            }
        )
        self.new_ticket(
            name="Cold coffee in Dago street", stage_id=self.stage("resolved").id, user_id=self.agent.id
        ).unanswered = False
        by_keyboard = self.new_ticket(name="Wrong invoice", partner=self.budi)
        self.start_tour("/odoo/tickets", "crm_service_desk.day_of_an_agent", login=self.agent.login, timeout=180)
        for ticket, said in {self.ticket: "Dear Siti Rahmawati", by_keyboard: "it was one bottle"}.items():
            self.assertEqual((ticket.user_id, ticket.stage_category), (self.agent, "resolved"))
            self.assertIn(said, " ".join(ticket.message_ids.mapped("body")))
        self.assertIn("The bank", " ".join(by_keyboard.message_ids.mapped("body")))

    def test_merge(self):
        other = self.new_ticket(name="Cold again")
        self.say(other, self.siti_user, "I wrote twice")
        self.start_tour("/odoo/tickets", "crm_service_desk.merge", login=self.manager.login, timeout=120)
        self.assertEqual(other.merged_into_id, self.ticket)

    def test_split(self):
        self.say(self.ticket, self.siti_user, "It was cold")
        message = self.say(self.ticket, self.siti_user, "And where is my order?")
        self.start_tour("/odoo/tickets", "crm_service_desk.split", login=self.manager.login, timeout=120)
        self.assertEqual(self.env["service.ticket"].browse(message.res_id).origin_id, self.ticket)
