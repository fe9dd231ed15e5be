from datetime import datetime, timedelta

from odoo.tests import HttpCase, tagged

from .common import ContactHistoryCase


@tagged("post_install", "-at_install")
class TestFrontDeskTour(HttpCase, ContactHistoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        now = datetime.now().replace(microsecond=0)
        old = cls.order(user_id=cls.agus.id, date_order=now - timedelta(days=9), name="TOUR-OLD")
        new = cls.order(user_id=cls.agus.id, date_order=now - timedelta(days=1), name="TOUR-NEW")
        asked = cls.mail_from(cls.siti, old, body="Is it ready?", subject="Ready?")
        asked.date = now - timedelta(days=8)
        told = cls.mail_to(cls.siti, new, body="It is on its way", subject="On its way")
        told.date = now - timedelta(hours=1)

    def test_the_front_desk_finds_a_customer_and_reads_his_history(self):
        self.start_tour("/odoo/front-desk", "crm_contact_history_front_desk", login=self.agus.login)

    def test_a_link_to_a_customer_opens_his_card(self):
        self.start_tour(f"/odoo/front-desk/{self.siti.id}", "crm_contact_history_deep_link", login=self.agus.login)

    def test_the_contact_form_shows_the_history(self):
        self.start_tour(f"/odoo/res.partner/{self.siti.id}", "crm_contact_history_form", login=self.agus.login)
