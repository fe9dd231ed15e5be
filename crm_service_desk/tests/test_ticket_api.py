"""Other programs file tickets: HTTP with an API key, and the method itself."""

import base64
from datetime import datetime, timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import PIXEL, ServiceDeskCase

QUESTIONS = [
    {"name": "cups", "type": "integer", "string": "How many cups?"},
    {"name": "bad", "type": "tags", "string": "What was bad?", "tags": [["heat", "Heat", 1], ["taste", "Taste", 2]]},
]


def api_key(user):
    """A key of a user's own for the external API, of today."""
    return user.env["res.users.apikeys"].with_user(user)._generate("rpc", "Shop", datetime.now() + timedelta(days=1))


@tagged("post_install", "-at_install")
class TestTicketApi(ServiceDeskCase):
    def file(self, subject="Cold coffee", user=None, **arguments):
        """File as the agent's program and return the ticket."""
        answer = self.env["service.ticket"].with_user(user or self.agent).file(subject, **arguments)
        return self.env["service.ticket"].browse(answer["id"])

    def assertRefused(self, sentence, **arguments):
        before = self.env["service.ticket"].search_count([])
        with self.assertRaisesRegex(ValidationError, sentence):
            self.file(**arguments)
        self.assertEqual(self.env["service.ticket"].search_count([]), before)

    def test_a_known_customer_is_taken_by_his_address(self):
        ticket = self.file(description="It was cold.\nVery.", customer={"email": "SITI@rahmawati.example"})
        self.assertEqual((ticket.partner_id, ticket.channel, ticket.company_id), (self.siti, "api", self.company))
        self.assertRegex(ticket.description, r"cold\.<br\s*/?>\s*Very")
        self.assertTrue(ticket.acknowledgement_due)

    def test_an_unknown_one_becomes_a_contact(self):
        partner = self.file(customer={"email": "ani@baru.example", "name": "Ani", "phone": "0811"}).partner_id
        self.assertEqual((partner.name, partner.email, partner.phone), ("Ani", "ani@baru.example", "0811"))

    def test_between_two_customers_nobody_guesses(self):
        self.env["res.partner"].create({"name": "Sister", "email": "siti@rahmawati.example"})
        self.assertTrue(self.file(customer={"email": "siti@rahmawati.example"}).sender_is_unclear)

    def test_the_same_key_gives_the_same_ticket_and_says_so(self):
        tickets = self.env["service.ticket"].with_user(self.agent)
        first = tickets.file("Cold coffee", key="shop-17", files=[{"name": "a", "content": "eA=="}])
        again = tickets.file("Something else", key="shop-17")
        self.assertEqual((first["id"], first["number"]), (again["id"], again["number"]))
        self.assertEqual((first["created"], again["created"]), (True, False))

    def test_a_key_is_the_callers_own(self):
        other = new_test_user(self.env, "till", "crm_service_desk.group_service_user")
        self.assertNotEqual(self.file(key="17"), self.file(key="17", user=other))

    def test_everything_that_can_be_told_is_recorded(self):
        category = self.env["service.category"].create({"name": "Taste", "ticket_properties_definition": QUESTIONS})
        product = self.env["product.product"].create({"name": "Latte", "default_code": "LATTE-7"})
        asset = self.env["customer.asset"].create({"identifier": "D 1234 AB", "partner_id": self.siti.id})
        branch = self.env["res.partner"].create({"name": "Braga street", "parent_id": self.company.partner_id.id})
        manager = new_test_user(self.env, "shop", "crm_service_desk.group_service_user,sales_team.group_sale_manager")
        order = self.env["sale.order"].create({"partner_id": self.siti.id})
        ticket = self.file(
            user=manager,
            customer={"id": self.siti.id},
            type="question",
            category="Taste",
            answers={"How many cups?": 2, "bad": ["heat"]},
            remedy_sought="refund",
            remedy_sought_text="My money",
            severity="high",
            safety_concern=True,
            impact="many",
            product="LATTE-7",
            asset="D 1234 AB",
            branch="Braga street",
            order=order.name,
            team=self.team.id,
            received_on="2026-10-31 09:30:00",
            files=[{"name": "cup.png", "content": base64.b64encode(PIXEL).decode()}],
        )
        self.assertEqual((ticket.type, ticket.category_id, ticket.remedy_sought), ("question", category, "refund"))
        self.assertEqual((ticket.severity, ticket.impact, ticket.safety_concern), ("high", "many", True))
        self.assertEqual((ticket.product_id, ticket.asset_id, ticket.branch_id), (product, asset, branch))
        self.assertEqual((ticket.sale_order_id, ticket.attachment_ids.raw), (order, PIXEL))
        self.assertEqual(str(ticket.date_received), "2026-10-31 09:30:00")
        self.assertEqual(ticket._answers()[ticket], [("How many cups?", "2"), ("What was bad?", "Heat")])

    def test_what_is_wrong_is_said_and_nothing_is_filed(self):
        for sentence, arguments in {
            "subject.*is empty": {"subject": " "},
            "subject.*is to be a text": {"subject": 17},
            "201 characters": {"subject": "x" * 201},
            "no argument “colour”": {"colour": "red"},
            "key is to be a text": {"key": "x" * 129},
            "customer.*is to be an object": {"customer": "Siti"},
            "one e-mail address": {"customer": {"email": "siti"}},
            "email.*is empty": {"customer": {"name": "Siti"}},
            "no contact with the id": {"customer": {"id": 2**31 - 1}},
            "whole number above zero": {"customer": {"id": "1"}},
            "type.*one of: complaint, question, request": {"type": "praise"},
            "severity.*is to be one of": {"severity": ["high"]},
            "category.*no single record": {"category": "None of ours"},
            "does not ask “x”": {"answers": {"x": 1}},
            "answers.*is to be an object": {"answers": [1]},
            "time in UTC": {"received_on": "yesterday"},
            "no time that there is": {"received_on": "2026-13-45 09:30:00"},
            "year 26 cannot be meant": {"received_on": "0026-01-31 09:30:00"},
            "lies ahead": {"received_on": "2999-01-01 00:00:00"},
            "no single branch": {"branch": "Moon"},
            "list of at most 10": {"files": [{"name": "a", "content": ""}] * 11},
            "in base64": {"files": [{"name": "a", "content": "%"}]},
            "asset.*no single record": {"asset": "Z 9"},
        }.items():
            self.assertRefused(sentence, **arguments)

    def test_records_of_another_company_or_without_the_right_to_read_are_not_there(self):
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        theirs = self.env["res.partner"].create({"name": "Ani", "company_id": other.id})
        team = self.env["service.team"].create({"name": "Dago", "company_id": other.id})
        order = self.env["sale.order"].create({"partner_id": self.siti.id})
        self.assertRefused("no contact with the id", customer={"id": theirs.id})
        self.assertRefused("team.*no single record", team=team.id)
        self.assertRefused("order.*no single record", order=order.name)

    def test_only_the_desk_files(self):
        for user in (self.employee, self.siti_user, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self.file(user=user)


@tagged("post_install", "-at_install")
class TestTicketApiOverHttp(HttpCase, ServiceDeskCase):
    def post(self, values, key):
        headers = {"Authorization": f"bearer {key}", "X-Odoo-Database": self.env.cr.dbname}
        return self.url_open("/json/2/service.ticket/file", json=values, headers=headers, method="POST")

    def test_a_ticket_over_json_2_with_an_api_key(self):
        values = {"subject": "Cold coffee", "key": "shop-1", "customer": {"email": "siti@rahmawati.example"}}
        answers = [self.post(values, api_key(self.agent)) for _twice in range(2)]
        self.assertEqual([answer.status_code for answer in answers], [200, 200], answers[0].text)
        self.assertEqual(len({answer.json()["number"] for answer in answers}), 1)

    def test_nonsense_is_answered_with_422_and_a_sentence(self):
        for values in ({}, {"subject": 17}, {"subject": "x", "type": "praise"}, {"subject": "x", "colour": "red"}):
            with mute_logger("odoo.http"):
                answer = self.post(values, api_key(self.agent))
            self.assertEqual(answer.status_code, 422, answer.text)
            self.assertTrue(answer.json()["message"])

    def test_without_a_key_or_the_right_nothing_is_filed(self):
        before = self.env["service.ticket"].search_count([])
        with mute_logger("odoo.http"):
            self.assertEqual(self.post({"subject": "x"}, "no-such-key").status_code, 401)
            self.assertEqual(self.post({"subject": "x"}, api_key(self.employee)).status_code, 403)
        self.assertEqual(self.env["service.ticket"].search_count([]), before)
