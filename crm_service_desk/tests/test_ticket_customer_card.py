from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import RestrictViolation

from .common import ServiceDeskCase


@tagged("post_install", "-at_install")
class TestTicketCustomerCard(ServiceDeskCase):
    """What the service desk adds to the customer's card, history and look-up."""

    def badge(self, partner, user=None):
        return partner.with_user(user or self.agent)._customer_badges()[partner.id]

    def test_open_complaints_are_a_red_badge_that_opens_them(self):
        complaint = self.new_ticket()
        self.new_ticket(type="question")
        self.new_ticket(stage_id=self.stage("closed").id)
        [badge] = self.badge(self.siti)
        self.assertEqual((badge["value"], badge["severity"]), ("1", "danger"))
        self.assertEqual(self.env["service.ticket"].search(badge["action"]["domain"]), complaint)

    def test_a_customer_without_open_complaints_has_no_badge(self):
        self.new_ticket(type="question")
        self.assertEqual(self.badge(self.siti), [])

    def test_the_badge_of_a_contact_counts_for_the_whole_account(self):
        firm = self.env["res.partner"].create({"name": "PT Tekstil", "is_company": True})
        rina, dewi = self.env["res.partner"].create([{"name": name, "parent_id": firm.id} for name in ("Rina", "Dewi")])
        self.new_ticket(partner=rina)
        self.assertEqual([self.badge(partner)[0]["value"] for partner in (firm, rina, dewi)], ["1", "1", "1"])

    def test_a_plain_employee_sees_neither_badge_nor_button(self):
        self.new_ticket()
        self.assertEqual(self.badge(self.siti, self.employee), [])
        methods = [button["method"] for button in self.siti.with_user(self.employee)._front_desk_buttons()]
        self.assertNotIn("action_new_ticket", methods)

    def test_the_button_new_ticket_opens_a_form_for_this_customer(self):
        methods = [button["method"] for button in self.siti.with_user(self.agent)._front_desk_buttons()]
        self.assertIn("action_new_ticket", methods)
        action = self.siti.with_user(self.agent).action_new_ticket()
        self.assertEqual(
            (action["res_model"], action["context"]["default_partner_id"]), ("service.ticket", self.siti.id)
        )

    def test_the_smart_button_counts_and_opens_the_open_tickets(self):
        ticket = self.new_ticket()
        self.new_ticket(stage_id=self.stage("closed").id)
        siti = self.siti.with_user(self.agent)
        self.assertEqual(siti.open_ticket_count, 1)
        self.assertIn(ticket, self.env["service.ticket"].search(siti.action_open_tickets()["domain"]))

    def test_a_plain_employee_cannot_read_the_smart_buttons_number(self):
        with self.assertRaises(AccessError):
            self.siti.with_user(self.employee).read(["open_ticket_count"])

    def test_every_ticket_is_one_source_of_the_history_whatever_its_channel(self):
        specs = self.env["service.ticket"]._contact_history_specs()
        ticket = self.new_ticket()
        for channel, _label in ticket._fields["channel"].selection:
            ticket.channel = channel
            [spec] = [spec for spec in specs if ticket.filtered_domain(list(spec.domain))]
            self.assertEqual((spec.kind, spec.channel), ("ticket", channel))

    def test_the_history_shows_what_it_is_about_and_where_it_stands(self):
        ticket = self.new_ticket(description="<p>It was <b>cold</b>.</p>")
        shown = ticket._contact_history_render()[ticket.id]
        self.assertEqual(shown["title"], f"Complaint {ticket.number} Cold coffee")
        self.assertIn("cold", shown["text"])
        self.assertEqual(shown["status"], "New")

    def history_of(self, partner, user=None):
        return self.env["contact.history.entry"].with_user(user or self.agent).history_page(partner.id)["entries"]

    def test_a_new_ticket_stands_in_the_customers_history(self):
        ticket = self.new_ticket(channel="counter")
        [entry] = [entry for entry in self.history_of(self.siti) if entry["kind"] == "ticket"]
        self.assertEqual((entry["res_id"], entry["channel"]), (ticket.id, "counter"))

    def test_what_is_said_on_a_ticket_stands_in_the_customers_history(self):
        self.say(self.new_ticket(), self.siti_user, "It was the branch in Braga street.")
        self.assertIn("Braga street", str(self.history_of(self.siti)))

    def test_the_acknowledgement_is_a_mail_of_ours_even_when_the_customer_filed_the_ticket(self):
        self.new_ticket().with_user(self.siti_user).sudo()._send_acknowledgement()
        mails = [entry for entry in self.history_of(self.siti) if entry["kind"] == "email"]
        self.assertEqual({(mail["direction"], mail["user"]) for mail in mails}, {("out", False)})

    def test_an_internal_note_on_a_ticket_stands_in_the_customers_history(self):
        ticket = self.new_ticket().with_user(self.agent)
        ticket.message_post(body="He is a regular.", message_type="comment", subtype_xmlid="mail.mt_note")
        [note] = [entry for entry in self.history_of(self.siti) if entry["kind"] == "note"]
        self.assertEqual((note["direction"], note["text"]), ("internal", "He is a regular."))

    def test_the_kind_has_an_icon(self):
        kinds = self.env["contact.history.entry"].history_kinds()
        self.assertIn({"kind": "ticket", "label": "Service Ticket", "icon": "fa-ticket"}, kinds)

    def test_the_history_shows_nobody_a_ticket_he_may_not_read(self):
        private = self.env["service.team"].create({"name": "Board", "member_ids": self.manager.ids})
        self.new_ticket(team_id=private.id)
        self.assertNotIn("ticket", [entry["kind"] for entry in self.history_of(self.siti)])
        self.assertIn("ticket", [entry["kind"] for entry in self.history_of(self.siti, self.manager)])

    def test_the_front_desk_finds_a_customer_by_his_ticket_number(self):
        ticket = self.new_ticket()
        for typed in (ticket.number, ticket.number.lower()):
            [found] = self.env["res.partner"].with_user(self.agent).front_desk_search(typed)
            self.assertEqual((found["partner_id"], found["reason"]), (self.siti.id, "Ticket number"))

    def test_badge_and_button_stand_on_the_card(self):
        self.new_ticket()
        card = self.siti.with_user(self.agent).front_desk_card()
        self.assertIn("Open complaints", [badge["label"] for badge in card["badges"]])
        self.assertIn("action_new_ticket", [button["method"] for button in card["buttons"]])

    def test_merging_contacts_keeps_their_tickets(self):
        tickets = self.new_ticket() + self.new_ticket(partner=self.env["res.partner"].create({"name": "Siti R."}))
        copies = tickets.partner_id
        self.env["base.partner.merge.automatic.wizard"]._merge(copies.ids, self.siti)
        self.env.invalidate_all()
        self.assertEqual((tickets.exists().partner_id, tickets.commercial_partner_id), (self.siti, self.siti))
        self.assertEqual(len(tickets.exists()), 2)

    def test_the_privacy_look_up_finds_the_tickets(self):
        ticket = self.new_ticket()
        wizard = self.env["privacy.lookup.wizard"].create({"name": self.siti.name, "email": self.siti.email})
        wizard.action_lookup()
        self.assertIn(("service.ticket", ticket.id), [(line.res_model, line.res_id) for line in wizard.line_ids])

    def test_a_contact_with_tickets_cannot_be_deleted_unnoticed(self):
        ani = self.env["res.partner"].create({"name": "Ani"})
        self.new_ticket(partner=ani)
        with self.assertRaises(RestrictViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            ani.unlink()
