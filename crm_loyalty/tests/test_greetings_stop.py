import re

from odoo.tests import HttpCase, tagged

from .occasion_case import OccasionCase


@tagged("post_install", "-at_install")
class TestGreetingsStop(OccasionCase, HttpCase):
    """The link at the end of a greeting."""

    def press(self, link, **data):
        return self.url_open(link, data={"csrf_token": self.csrf(link), **data}, method="POST")

    def csrf(self, link):
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.url_open(link).text)
        return found[1] if found else ""

    def test_the_link_of_the_mail_stops_greetings_only_when_the_button_is_pressed(self):
        self.greet()
        body = self.greetings().filtered(lambda one: one.partner_id == self.siti).message_id.body
        link = re.search(r'href="[^"]*(/greetings/stop/[^"]+)"', body)[1]
        self.assertIn("No more greetings", self.url_open(link).text)
        self.assertFalse(self.siti.greeting_consent)
        self.assertIn("no more greetings from us", self.press(link).text)
        self.assertEqual(self.siti.greeting_consent, "refused")
        self.press(link, again="1")
        self.assertEqual(self.siti.greeting_consent, "agreed")

    def test_a_forged_link_and_one_of_a_former_address_stop_nothing(self):
        link = self.siti._greetings_stop_url().replace(self.siti.get_base_url(), "")
        for wrong in (link[:-3], "/greetings/stop/x", "/greetings/stop/%00"):
            self.assertEqual(self.url_open(wrong).status_code, 404, wrong)
        token = self.csrf(link)
        self.siti.email = "another@rahmawati.example"
        self.assertEqual(self.url_open(link, data={"csrf_token": token}, method="POST").status_code, 404)
        self.assertFalse(self.siti.greeting_consent)

    def test_pressing_without_the_token_of_the_page_is_refused(self):
        link = self.siti._greetings_stop_url()
        self.assertEqual(self.url_open(link, data={"again": ""}, method="POST").status_code, 400)
        self.assertFalse(self.siti.greeting_consent)
