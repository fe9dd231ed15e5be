import re
from datetime import timedelta

from odoo import Command, fields, http
from odoo.addons.crm_contact_history.models import public_form_attempt
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common import ClubCase


class JoinCase(ClubCase, HttpCase):
    """A club that anybody may join by himself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.club.write({"enrolment": "open", "join_slug": "kopi-braga"})
        cls.siti.email = "siti@rahmawati.example"
        cls.requests = cls.env["loyalty.join.request"]
        cls.memberships = cls.env["loyalty.membership"]

    def post(self, url, csrf=True, **data):
        if csrf:
            data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(url, data=data or {"nothing": ""})

    def ask(self, slug="kopi-braga", **data):
        """Fill the form in and send it."""
        self.authenticate(None, None)
        page = {"name": "Dewi", "email": "dewi@lestari.example", "consent": self.club._consent().version, **data}
        return self.post(f"/club/{slug}", **page)

    def newest(self):
        return self.requests.search([], limit=1)

    def link(self, wish=None):
        """The path of the link in the mail."""
        return re.search(r"/club/confirm/[^\"]+", self.mail_of(wish or self.newest()).body_html)[0]

    def mail_of(self, wish):
        return self.env["mail.mail"].sudo().search([("model", "=", wish._name), ("res_id", "=", wish.id)], limit=1)


@tagged("post_install", "-at_install")
class TestClubJoin(JoinCase):
    """The public page."""

    def test_the_page_shows_club_and_consent(self):
        page = self.url_open("/club/kopi-braga")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Kopi Braga Club", page.text)
        self.assertIn("I can leave the club", page.text)

    def test_a_new_club_has_an_address_that_nobody_guesses(self):
        first, second = (self.make_club(name) for name in ("Klub Teh", "Klub Susu"))
        self.assertRegex(first.join_slug, "^[0-9a-f]{12}$")
        self.assertNotEqual(first.join_slug, second.join_slug)

    def test_an_address_is_taken_once_and_is_a_plain_word(self):
        for slug in ("x", "Kopi Braga", "confirm", "a--b", "../etc", "a" * 65, ""):
            with self.assertRaises(ValidationError, msg=slug):
                self.club.join_slug = slug

    def test_an_unknown_or_forged_address_is_not_found(self):
        for slug in ("unknown", "kopi%25", "kopi_braga", "a" * 3000, str(self.club.id), "kopi-braga'--"):
            self.assertEqual(self.url_open(f"/club/{slug}").status_code, 404, slug)

    def test_only_an_open_club_is_joined_by_oneself(self):
        self.club.enrolment = "invitation"
        self.assertEqual(self.url_open("/club/kopi-braga").status_code, 404)
        self.assertEqual(self.ask().status_code, 404)
        self.assertFalse(self.newest())

    def test_asking_sends_a_mail_and_enrols_nobody(self):
        page = self.ask()
        self.assertIn("Look into your mail", page.text)
        self.assertEqual(self.newest().state, "waiting")
        self.assertFalse(self.env["res.partner"].search([("email", "=", "dewi@lestari.example")]))
        mail = self.mail_of(self.newest())
        self.assertEqual(mail.email_to, "dewi@lestari.example")
        self.assertNotIn("Dewi", mail.body_html)

    def test_the_answer_is_the_same_for_members_customers_and_strangers(self):
        self.club._enrol(self.siti)
        self.env["res.partner"].create([{"name": "Twin", "email": "twin@example.com"}] * 2)
        answers = [
            re.sub(r"csrf_token.*|/web/assets/\S+", "", self.ask(email=email).text)
            for email in ("siti@rahmawati.example", "nobody@example.com", "twin@example.com")
        ]
        self.assertEqual(len(set(answers)), 1)

    def test_opening_the_link_confirms_nothing(self):
        self.ask()
        self.assertIn("press the button", self.url_open(self.link()).text)
        self.assertEqual(self.newest().state, "waiting")

    def test_the_button_makes_a_customer_and_a_member(self):
        self.ask(phone="0811 222 333", email="Dewi@Lestari.example")
        page = self.post(self.link())
        wish = self.newest()
        self.assertEqual(
            (wish.state, wish.membership_id.way_in, wish.membership_id.tier_id), ("joined", "public", self.green)
        )
        self.assertEqual((wish.partner_id.name, wish.partner_id.phone), ("Dewi", "0811 222 333"))
        self.assertIn(wish.membership_id.card_code, page.text)
        self.assertIn("/web/signup?", page.text)
        self.assertIn(wish.membership_id.card_code, self.mail_of(wish).body_html)

    def test_the_one_customer_with_this_address_joins_and_is_not_changed(self):
        self.ask(name="Somebody Else", email="SITI@rahmawati.example", phone="1")
        self.post(self.link())
        self.assertEqual(self.newest().partner_id, self.siti)
        self.assertEqual((self.siti.name, self.siti.phone), ("Siti", False))

    def test_a_member_is_told_his_card_only_after_he_has_confirmed(self):
        code = self.club._enrol(self.siti).card_code
        self.assertNotIn(code, self.ask(email=self.siti.email).text)
        self.assertNotIn(code, self.url_open(self.link()).text)
        self.assertIn(code, self.post(self.link()).text)
        self.assertEqual(self.newest().state, "member")

    def test_of_several_customers_with_one_address_staff_says_who_it_is(self):
        twins = self.env["res.partner"].create([{"name": "Twin", "email": "twin@example.com"}] * 2)
        self.ask(email="twin@example.com")
        self.assertIn("look which one you are", self.post(self.link()).text)
        wish = self.newest()
        self.assertEqual(wish.state, "review")
        review = self.env["loyalty.join.review"].with_user(self.clerk).create({"request_id": wish.id})
        self.assertEqual(review.candidate_ids, twins)
        review.partner_id = twins[1]
        review.action_apply()
        self.assertEqual((wish.state, wish.membership_id.partner_id), ("joined", twins[1]))
        self.assertEqual(wish.reviewer_id, self.clerk)

    def test_staff_chooses_only_among_those_with_the_address(self):
        self.env["res.partner"].create([{"name": "Twin", "email": "twin@example.com"}] * 2)
        self.ask(email="twin@example.com")
        self.post(self.link())
        review = self.env["loyalty.join.review"].with_user(self.clerk).create({"request_id": self.newest().id})
        review.partner_id = self.budi
        with self.assertRaisesRegex(UserError, "Choose the customer"):
            review.action_apply()
        review.write({"choice": "refuse"})
        review.action_apply()
        self.assertEqual(self.newest().state, "refused")
        with self.assertRaisesRegex(UserError, "not waiting"):
            review.action_apply()

    def test_two_contacts_of_one_company_are_one_member(self):
        self.textile.email = self.rina.email = "office@tekstil.example"
        self.ask(email="office@tekstil.example")
        page = self.post(self.link())
        self.assertEqual(self.newest().membership_id.partner_id, self.textile)
        self.assertNotIn("/web/signup?", page.text, "the portal would show all papers of the company")

    def test_the_consent_is_kept_as_it_was_agreed_to(self):
        self.ask()
        wish = self.newest()
        agreed, text = wish.consent_id, wish.consent_id.text
        self.club.consent_text = "We sell your data"
        self.post(self.link(wish))
        self.assertEqual((wish.consent_id, wish.consent_id.text), (agreed, text))
        self.assertTrue(wish.agreed_on and wish.confirmed_on)
        self.assertEqual(self.club._consent().version, agreed.version + 1)
        with self.assertRaises(UserError):
            agreed.text = "We sell your data"

    def test_who_saw_the_old_text_is_shown_the_new_one(self):
        version = self.club._consent().version
        self.club.consent_text = "Something else"
        page = self.ask(consent=version)
        self.assertEqual(page.status_code, 422)
        self.assertIn("Something else", page.text)

    # ------------------------------------------------------------ nonsense and attacks

    def test_what_is_missing_or_nonsense_is_said_and_kept(self):
        for wrong, sentence in (
            ({"name": ""}, "Enter your name"),
            ({"name": "Win at www.win.example"}, "Enter your name"),
            ({"name": "x" * 81}, "too long"),
            ({"name": "a\x00b"}, "too long, or no text"),
            ({"email": "dewi"}, "Enter your e-mail address"),
            ({"email": "a@b.example, c@d.example"}, "Enter your e-mail address"),
            ({"email": "a@b.example\r\nBcc: c@d.example"}, "too long, or no text"),
            ({"email": "a" * 300 + "@b.example"}, "too long"),
            ({"phone": "9" * 10_000}, "too long"),
            ({"consent": ""}, "tick that you agree"),
            ({"consent": "1 OR 1=1"}, "tick that you agree"),
            ({"card_number": "12"}, "is no card number"),
        ):
            page = self.ask(**wrong)
            self.assertEqual(page.status_code, 422, wrong)
            self.assertIn(sentence, page.text, wrong)
        self.assertFalse(self.newest())

    def test_a_file_in_the_place_of_a_text_is_refused(self):
        self.authenticate(None, None)
        token = http.Request.csrf_token(self)
        answer = self.url_open(
            "/club/kopi-braga", data={"csrf_token": token, "email": "a@b.example"}, files={"name": ("x.txt", b"x" * 99)}
        )
        self.assertEqual(answer.status_code, 422)

    @mute_logger("odoo.http")
    def test_another_page_cannot_ask_or_confirm_in_a_visitors_name(self):
        self.assertEqual(self.post("/club/kopi-braga", csrf=False, name="x").status_code, 400)
        self.ask()
        self.assertEqual(self.post(self.link(), csrf=False).status_code, 400)
        self.assertEqual(self.newest().state, "waiting")

    def test_a_program_that_fills_every_field_is_thanked_and_forgotten(self):
        self.assertIn("Look into your mail", self.ask(subject="Cheap watches").text)
        self.assertFalse(self.newest())

    def test_a_forged_changed_or_foreign_link_is_refused(self):
        self.ask()
        good, wish = self.link(), self.newest()
        other = self.requests.create(
            {"club_id": self.club.id, "email": "x@example.com", "consent_id": self.club._consent().id}
        )
        for bad in (
            good[:-1],
            good + "A",
            good[:40],
            "/club/confirm/x",
            "/club/confirm/%FF",
            "/club/confirm/" + "A" * 4000,
        ):
            self.assertEqual(self.url_open(bad).status_code, 404, bad)
            self.assertEqual(self.post(bad).status_code, 404, bad)
        self.assertEqual((wish | other).mapped("state"), ["waiting", "waiting"])

    def test_a_link_is_good_once(self):
        self.ask()
        link = self.link()
        self.post(link)
        code = self.newest().membership_id.card_code
        for again in (self.url_open(link), self.post(link)):
            self.assertEqual(again.status_code, 410)
            self.assertNotIn(code, again.text)
        self.assertEqual(self.memberships.search_count([("club_id", "=", self.club.id)]), 1)

    def test_a_link_is_good_for_48_hours(self):
        self.ask()
        link = self.link()
        self.newest().agreed_on = fields.Datetime.now() - timedelta(hours=49)
        old = self.newest()._confirm_url()
        self.assertEqual(self.url_open(old[old.index("/club") :]).status_code, 404)
        self.assertEqual(self.url_open(link).status_code, 200)

    def test_a_club_that_closed_meanwhile_says_so(self):
        self.ask()
        self.club.enrolment = "invitation"
        page = self.post(self.link())
        self.assertEqual(page.status_code, 409)
        self.assertIn("does not take new members", page.text)
        self.assertEqual((self.newest().state, self.newest().confirmed_on), ("waiting", False))

    def test_two_links_for_one_address_make_one_customer(self):
        self.ask()
        first = self.newest()
        self.ask()
        self.post(self.link(first))
        self.post(self.link(self.newest()))
        self.assertEqual(self.newest().state, "member")
        self.assertEqual(self.newest().partner_id, first.partner_id)

    def test_an_address_is_not_flooded_with_mails(self):
        codes = [self.ask().status_code for _time in range(public_form_attempt.PER_ADDRESS + 1)]
        self.assertEqual(codes, [200] * public_form_attempt.PER_ADDRESS + [429])
        self.assertEqual(self.requests.search_count([]), public_form_attempt.PER_ADDRESS)

    def test_one_network_address_asks_so_often_an_hour(self):
        self.env["ir.config_parameter"].set_param("crm_contact_history.public_forms_per_ip", 2)
        codes = [self.ask(email=f"a{number}@example.com").status_code for number in range(3)]
        self.assertEqual(codes, [200, 200, 429])

    def test_the_network_address_is_not_kept(self):
        self.ask()
        rows = self.env["public.form.attempt"].search([])
        self.assertEqual(len(rows), 2)
        self.assertNotIn("127.0.0.1", str(rows.read()) + str(self.newest().read()))

    def test_attempts_and_unconfirmed_requests_are_forgotten(self):
        self.ask()
        wish = self.newest()
        with freeze_time(fields.Datetime.now() + timedelta(days=10)):
            self.env["public.form.attempt"]._gc_old()
            self.requests._gc_unconfirmed()
        self.assertFalse(wish.exists())
        self.assertFalse(self.env["public.form.attempt"].search([]))

    # ------------------------------------------------------------ rights, merging, anonymising

    def test_requests_and_wordings_are_written_by_nobody(self):
        self.ask()
        for record in (self.newest(), self.club._consent()):
            for user in (self.clerk, self.manager):
                self.assertTrue(record.with_user(user).has_access("read"))
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(record.with_user(user).has_access(operation))
            with self.assertRaises(AccessError):
                record.with_user(self.employee).read(["display_name"])

    def test_another_company_sees_no_request_and_reviews_none(self):
        self.ask()
        self.newest().state = "review"
        company = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "crm_loyalty.group_club_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        for model in ("loyalty.join.request", "loyalty.club.consent"):
            self.assertFalse(self.env[model].with_user(stranger).search([]))
        review = self.env["loyalty.join.review"].with_user(stranger).create({"request_id": self.newest().id})
        with self.assertRaises(AccessError):
            review.write({"choice": "new"})
            review.action_apply()

    def test_a_plain_employee_reviews_nothing(self):
        with self.assertRaises(AccessError):
            self.env["loyalty.join.review"].with_user(self.employee).create({"request_id": 1})

    def test_merging_contacts_keeps_the_requests(self):
        self.ask()
        self.post(self.link())
        wish = self.newest()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((wish.partner_id | self.budi).ids, self.budi)
        self.assertEqual(wish.partner_id, self.budi)

    def test_an_anonymised_customer_leaves_the_consent_without_his_name(self):
        self.ask(phone="0811")
        self.post(self.link())
        wish = self.newest()
        wish.partner_id._anonymise()
        self.assertEqual((wish.name, wish.email, wish.email_normalized, wish.phone), (False,) * 4)
        self.assertTrue(wish.consent_id)

    def test_the_poster_has_the_address_as_qr_code(self):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html("crm_loyalty.report_club_poster", self.club.ids)
        self.assertIn("data:image/png;base64", html.decode())
        self.assertIn("/club/kopi-braga", html.decode())
        picture = self.url_open(self.club.action_download_qr_code()["url"])
        self.assertEqual(picture.headers["Content-Type"], "image/png")
