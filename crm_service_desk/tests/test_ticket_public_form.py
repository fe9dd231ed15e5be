import re
from datetime import timedelta

from odoo import fields
from odoo.addons.crm_contact_history.models import public_form_attempt
from odoo.addons.crm_service_desk.controllers import ticket_form_input
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import PIXEL, ServiceDeskHttpCase

QUESTIONS = [
    {"name": "when", "type": "date", "string": "When was it?"},
    {"name": "cups", "type": "integer", "string": "How many cups?"},
    {"name": "roast", "type": "selection", "string": "Which roast?", "selection": [["l", "Light"], ["d", "Dark"]]},
    {"name": "bad", "type": "tags", "string": "What was bad?", "tags": [["heat", "Heat", 1], ["taste", "Taste", 2]]},
    {"name": "owner", "type": "many2one", "string": "Whose?", "comodel": "res.partner"},
]


class PublicFormCase(ServiceDeskHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env["service.category"].create({"name": "Taste", "ticket_properties_definition": QUESTIONS})
        cls.requests = cls.env["service.filing.request"]

    def setUp(self):
        super().setUp()
        self.enter(None)
        self.before = self.newest_ticket()

    def ask(self, files=(), **typed):
        """Fill the form in and send it, by default rightly, as Dewi, who is unknown."""
        form = {
            "type": "complaint",
            "subject": "Cold coffee",
            "description": "It was cold.",
            "name": "Dewi Lestari",
            "email": "dewi@lestari.example",
            "csrf_token": self.token(),
        }
        files = [("files", (name, content)) for name, content in files] or None
        return self.url_open("/service/new", data={**form, **typed}, files=files, timeout=60)

    def asked(self):
        return self.requests.search([], limit=1)

    def mail(self, asked=None):
        asked = asked or self.asked()
        return self.env["mail.mail"].search([("model", "=", asked._name), ("res_id", "=", asked.id)], limit=1)

    def link(self, asked=None):
        """The path of the link in the mail."""
        return re.search(r"/service/confirm/[^\"]+", self.mail(asked).body_html)[0]

    def confirm(self, link=None):
        return self.url_open(link or self.link(), data={"csrf_token": self.token()}, timeout=60)


@tagged("post_install", "-at_install")
class TestPublicForm(PublicFormCase):
    """Filing a ticket without a login."""

    def test_the_form_is_open_to_everybody_and_offers_categories_with_their_questions(self):
        page = self.url_open("/service/new")
        self.assertEqual(page.status_code, 200)
        for part in ("Taste", "When was it?", "How many cups?", "Dark", 'name="files"', 'data-captcha="service_new"'):
            self.assertIn(part, page.text)
        self.assertNotIn("Whose?", page.text, "a question for records of ours")

    def test_the_way_to_the_form_is_on_the_login_page_and_on_the_help_pages(self):
        for page in ("/web/login", "/help"):
            self.assertIn('href="/service/new"', self.url_open(page).text, page)

    def test_a_form_that_is_not_open_is_neither_shown_nor_taken_nor_pointed_to(self):
        self.company.public_ticket_form = False
        for page in (self.url_open("/service/new"), self.ask()):
            self.assertEqual(page.status_code, 404)
            self.assertIn("Log in and write to us", page.text)
        self.assertFalse(self.asked())
        for page in ("/web/login", "/help"):
            self.assertNotIn("/service/new", self.url_open(page).text, page)

    def test_what_was_asked_while_the_form_was_open_is_confirmed(self):
        self.ask()
        self.company.public_ticket_form = False
        self.assertIn(self.confirm().status_code, (200, 303))
        self.assertNotEqual(self.newest_ticket(), self.before)

    def test_a_category_that_is_not_offered_is_not_shown_and_not_taken(self):
        self.category.is_offered = False
        self.assertNotIn("When was it?", self.url_open("/service/new").text)
        self.assertEqual(self.ask(category_id=str(self.category.id)).status_code, 400)

    def test_a_category_of_another_company_is_not_offered(self):
        self.category.company_id = self.env["res.company"].create({"name": "Kopi Dago"})
        self.assertNotIn("When was it?", self.url_open("/service/new").text)
        self.assertEqual(self.ask(category_id=str(self.category.id)).status_code, 400)

    def test_a_customer_with_a_login_writes_in_his_portal(self):
        self.enter(self.siti_user)
        self.assertTrue(self.url_open("/service/new").url.endswith("/my/tickets/new"))

    def test_asking_sends_a_link_and_makes_no_ticket_and_no_contact(self):
        page = self.ask()
        self.assertIn("Look into your mail", page.text)
        self.assertEqual(self.newest_ticket(), self.before)
        self.assertFalse(self.env["res.partner"].search([("email", "=", "dewi@lestari.example")]))
        self.assertEqual(self.mail().email_to, "dewi@lestari.example")
        self.assertNotIn("Dewi", self.mail().body_html, "nobody sends his own words to others by our page")

    def test_the_answer_is_the_same_for_customers_and_strangers(self):
        self.env["res.partner"].create([{"name": "Twin", "email": "twin@surel.example"}] * 2)
        answers = {
            re.sub(r"csrf_token.*|/web/assets/\S+", "", self.ask(email=email).text)
            for email in ("siti@rahmawati.example", "nobody@surel.example", "twin@surel.example")
        }
        self.assertEqual(len(answers), 1)

    def test_opening_the_link_confirms_nothing(self):
        self.ask()
        self.assertIn("Confirm and send", self.url_open(self.link()).text)
        self.assertEqual(self.newest_ticket(), self.before)

    def test_the_button_makes_a_contact_and_a_ticket_and_tells_its_number(self):
        self.ask(phone="0811 222 333", remedy_sought="refund", remedy_sought_text="My money", safety_concern="1")
        page = self.confirm()
        ticket = self.newest_ticket()
        self.assertIn(f"Your number is <strong>{ticket.number}</strong>", page.text)
        self.assertEqual((ticket.name, ticket.channel, ticket.company_id), ("Cold coffee", "web", self.company))
        self.assertEqual((ticket.partner_id.name, ticket.partner_id.phone), ("Dewi Lestari", "0811 222 333"))
        self.assertEqual((ticket.remedy_sought, ticket.remedy_sought_text), ("refund", "My money"))
        self.assertTrue(ticket.safety_concern)
        self.assertEqual(ticket.sender_email, "dewi@lestari.example")

    def test_the_one_customer_with_this_address_is_taken_and_not_changed(self):
        self.ask(email="SITI@rahmawati.example", name="Somebody Else", phone="1")
        self.confirm()
        self.assertEqual(self.newest_ticket().partner_id, self.siti)
        self.assertEqual(self.siti.name, "Siti Rahmawati")
        self.assertIn("Somebody Else", self.newest_ticket().message_ids[0].body)

    def test_between_two_customers_with_one_address_nobody_guesses(self):
        self.env["res.partner"].create({"name": "Siti's sister", "email": "siti@rahmawati.example"})
        self.ask(email="siti@rahmawati.example")
        self.confirm()
        ticket = self.newest_ticket()
        self.assertFalse(ticket.partner_id)
        self.assertTrue(ticket.sender_is_unclear)
        self.assertIn(self.siti, self.env["res.partner"].search(ticket.action_choose_customer()["domain"]))

    def test_the_answers_to_the_questions_stand_on_the_ticket(self):
        prefix = f"answer_{self.category.id}"
        self.ask(
            category_id=str(self.category.id),
            **{f"{prefix}_when": "2026-11-20", f"{prefix}_cups": "2", f"{prefix}_roast": "d"},
            **{f"{prefix}_bad": ["heat", "taste"], f"{prefix}_owner": str(self.siti.id), f"{prefix}_more": "x"},
        )
        self.confirm()
        ticket = self.newest_ticket()
        self.assertEqual(
            ticket._answers()[ticket],
            [
                ("When was it?", "2026-11-20"),
                ("How many cups?", "2"),
                ("Which roast?", "Dark"),
                ("What was bad?", "Heat, Taste"),
            ],
        )

    def test_files_go_over_to_the_ticket_as_they_were_sent(self):
        self.ask(files=[("cup.png", PIXEL), ("damaged.png", PIXEL[:40])])
        self.assertEqual(len(self.asked()._files()), 2)
        self.confirm()
        files = self.newest_ticket().attachment_ids
        self.assertEqual({file.name: file.raw for file in files}, {"cup.png": PIXEL, "damaged.png": PIXEL[:40]})
        self.assertEqual(set(files.mapped("res_model")), {"service.ticket"})

    def test_after_confirming_nothing_of_what_was_typed_is_kept_twice(self):
        self.ask(phone="0811")
        self.confirm()
        asked = self.asked()
        self.assertFalse(asked.name or asked.phone or asked.subject or asked.description)

    def test_a_link_is_good_once(self):
        self.ask()
        link = self.link()
        self.confirm(link)
        ticket = self.newest_ticket()
        self.assertEqual((self.confirm(link).status_code, self.newest_ticket()), (410, ticket))
        self.assertEqual(self.url_open(link).status_code, 410)

    def test_a_link_is_good_for_two_days(self):
        self.ask()
        link = self.link()
        with freeze_time(fields.Datetime.now() + timedelta(hours=49)):
            self.assertEqual(self.url_open(link).status_code, 404)

    def test_a_forged_link_confirms_nothing(self):
        self.ask()
        link = self.link()
        for forged in (link[:-2], link[:-2] + "xx", "/service/confirm/x", "/service/confirm/" + "a" * 4000):
            self.assertEqual(self.confirm(forged).status_code, 404, forged[:60])
        self.assertEqual(self.newest_ticket(), self.before)

    def test_a_request_confirms_itself_once_only(self):
        self.ask()
        asked = self.asked()
        asked._confirm()
        with self.assertRaises(UserError):
            asked._confirm()

    def test_what_was_never_confirmed_is_deleted_with_its_files(self):
        self.ask(files=[("cup.png", PIXEL)])
        files = self.asked()._files()
        self.requests._gc_old()
        self.assertTrue(self.asked(), "not before the link is too old")
        self.asked().asked_on -= timedelta(days=4)
        self.requests._gc_old()
        self.assertFalse(self.asked() or files.exists())

    def test_only_administrators_read_what_waits(self):
        self.ask()
        for user in (self.manager, self.agent, self.employee, self.siti_user, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self.asked().with_user(user).read(["subject"])

    def test_anonymising_deletes_what_he_asked_and_takes_his_address_from_others(self):
        self.ask(email="siti@rahmawati.example")
        other = self.new_ticket(self.budi, email_cc='"Siti" <siti@rahmawati.example>, "Ani" <ani@baru.example>')
        self.siti.with_user(self.env.ref("base.user_admin"))._anonymise()
        self.assertFalse(self.asked())
        self.assertEqual(other.email_cc, '"Ani" <ani@baru.example>')


@tagged("post_install", "-at_install")
class TestPublicFormRefusals(PublicFormCase):
    """Wrong input and attacks."""

    def assertRefused(self, response, sentence, status=400):
        self.assertEqual(response.status_code, status)
        self.assertRegex(re.sub(r"&#?\w+;", " ", response.text), sentence)
        self.assertIn("It was cold", response.text, "what was typed is still there")
        self.assertFalse(self.asked())

    def test_what_is_missing_or_wrong_is_said(self):
        for typed, sentence in (
            ({"name": " "}, "Your name.*is empty"),
            ({"name": "x" * 81}, "81 characters, at most 80"),
            ({"email": ""}, "E-mail.*is empty"),
            ({"email": "dewi"}, "one e-mail address"),
            ({"email": "dewi@lestari"}, "one e-mail address"),
            ({"email": "a@b.example, c@d.example"}, "one e-mail address"),
            ({"subject": ""}, "Subject.*is empty"),
            ({"type": "praise"}, "complaint, a question or a request"),
            ({"phone": "1" * 33}, "33 characters, at most 32"),
            ({"remedy_sought": "gold"}, "what would put it right"),
            ({"remedy_sought_text": "x" * 501}, "501 characters"),
            ({"category_id": "0"}, "what it is about"),
            ({"category_id": "99999999999999999999"}, "what it is about"),
            ({"branch_id": "1 OR 1=1"}, "not one of ours"),
            ({"branch_id": str(self.siti.id)}, "not one of ours"),
        ):
            self.assertRefused(self.ask(**typed), sentence)

    def test_a_wrong_answer_to_a_question_names_the_question(self):
        prefix = f"answer_{self.category.id}"
        for name, answer, sentence in (
            ("when", "yesterday", "When was it.*please enter a date"),
            ("cups", "many", "How many cups.*whole number"),
            ("cups", "9" * 30, "How many cups.*whole number"),
            ("roast", "burnt", "Which roast.*one of the answers offered"),
            ("bad", "all", "What was bad.*one of the answers offered"),
        ):
            page = self.ask(category_id=str(self.category.id), **{f"{prefix}_{name}": answer})
            self.assertRefused(page, sentence)

    def test_fields_sent_twice_or_as_files_are_no_crash(self):
        for typed in (
            {"subject": ["a", "b"]},
            {"name": ["a", "b"]},
            {"category_id": ["1", "2"]},
            {"email": ["a", "b"]},
        ):
            self.assertEqual(self.ask(**typed).status_code, 400, typed)
        self.assertEqual(self.ask(subject="", files=[("a.txt", b"x")]).status_code, 400)

    def test_too_many_or_too_large_files_are_refused(self):
        self.patch(ticket_form_input, "MAX_FILES", 1)
        self.assertRefused(self.ask(files=[("a", b"x"), ("b", b"x")]), "2 files; at most 1")
        self.patch(ticket_form_input, "MAX_FILE_MEGABYTES", 0)
        self.assertRefused(self.ask(files=[("big.mov", b"x")]), "big.mov.*larger than 0 MB", status=413)

    def test_a_program_that_fills_the_hidden_field_gets_the_same_answer_and_nothing_happens(self):
        self.assertIn("Look into your mail", self.ask(website_url="http://spam.example").text)
        self.assertFalse(self.asked())

    def test_an_address_is_sent_three_links_an_hour(self):
        codes = [self.ask().status_code for _time in range(public_form_attempt.PER_ADDRESS + 1)]
        self.assertEqual(codes, [200] * public_form_attempt.PER_ADDRESS + [429])
        self.assertEqual(self.requests.search_count([]), public_form_attempt.PER_ADDRESS)

    def test_a_network_address_sends_so_many_an_hour(self):
        self.env["ir.config_parameter"].set_param("crm_contact_history.public_forms_per_ip", "2")
        codes = [self.ask(email=f"guest{n}@surel.example").status_code for n in range(3)]
        self.assertEqual(codes, [200, 200, 429])

    def test_neither_address_is_kept_in_clear_by_the_counting(self):
        self.ask()
        kept = self.env["public.form.attempt"].search([]).mapped("key")
        self.assertEqual(len(kept), 2)
        self.assertFalse([key for key in kept if "dewi" in key or "127.0" in key])

    def test_cores_captcha_is_asked_and_its_refusal_is_said(self):
        def refuse(this, action):
            raise UserError(f"Suspicious activity: {action}")  # pylint: disable=translation-required

        self.patch(self.registry["ir.http"], "_verify_request_recaptcha_token", refuse)
        self.assertRefused(self.ask(), "no robot: Suspicious activity: service_new")

    @mute_logger("odoo.http")
    def test_without_the_csrf_token_nothing_is_asked_or_confirmed(self):
        self.assertEqual(self.ask(csrf_token="forged").status_code, 400)
        self.assertFalse(self.asked())
        self.ask()
        self.assertEqual(self.url_open(self.link(), data={"csrf_token": "forged"}).status_code, 400)
        self.assertEqual(self.newest_ticket(), self.before)

    def test_hidden_fields_cannot_be_set_from_outside(self):
        self.ask(partner_id=str(self.siti.id), company_id="99", ticket_id="1", confirmed_on="2026-01-01", lang="xx")
        asked = self.asked()
        self.assertEqual((asked.company_id, asked.ticket_id.ids, asked.lang), (self.company, [], "en_US"))
