from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import ContactHistoryCase


class FrontDeskTourCase(HttpCase, ContactHistoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Core's form of a contact and a new customer: what a clerk at the counter needs.
        cls.agus.group_ids = [Command.link(cls.env.ref("base.group_partner_manager").id)]
        now = datetime.now().replace(microsecond=0)
        old = cls.order(user_id=cls.agus.id, date_order=now - timedelta(days=9), name="TOUR-OLD")
        new = cls.order(user_id=cls.agus.id, date_order=now - timedelta(days=1), name="TOUR-NEW")
        asked = cls.mail_from(cls.siti, old, body="Is it ready?", subject="Ready?")
        asked.date = now - timedelta(days=8)
        told = cls.mail_to(
            cls.siti,
            new,
            body="It is on its way with the courier",
            subject="On its way",
            attachments=[("waybill.txt", b"JNE 4711")],
        )
        told.date = now - timedelta(hours=1)
        cls.now = now

    def tour(self, name, path=None):
        self.start_tour(path or f"/odoo/front-desk/{self.siti.id}", name, login=self.agus.login)

    def another_siti(self):
        return self.env["res.partner"].create({"name": "Siti Aminah", "phone": "+62 822-7000-1111"})


@tagged("post_install", "-at_install")
class TestFrontDeskTour(FrontDeskTourCase):
    def test_the_front_desk_finds_a_customer_and_reads_his_history(self):
        self.tour("crm_contact_history_front_desk", "/odoo/front-desk")

    def test_of_two_of_a_name_none_is_guessed(self):
        self.another_siti()
        self.tour("crm_contact_history_two_of_a_name", "/odoo/front-desk")

    def test_the_workshop_from_the_plate_to_the_usual_mechanic_and_the_oil(self):
        oil = self.env["product.product"].create({"name": "Oil 5W-30", "type": "consu"})
        kind = self.env.ref("crm_contact_history.asset_type_vehicle")
        plates = ("D 1234 AB", *(f"D 99{number} ZZ" for number in range(10)))
        cars = self.env["customer.asset"].create(
            [{"identifier": plate, "partner_id": self.siti.id, "type_id": kind.id} for plate in plates]
        )
        service = {"work": "Oil change", "line_ids": [Command.create({"product_id": oil.id})]}
        service |= {"asset_id": cars[0].id, "user_ids": self.agus.ids, "date": self.now - timedelta(days=90)}
        self.env["customer.asset.service"].create(service)
        self.env["customer.asset.service"].create({"work": "Wash", "asset_id": cars[1].id})
        self.env["customer.note"].create({"partner_id": self.siti.id, "text": "No milk", "kind": "dont"})
        self.tour("crm_contact_history_workshop", "/odoo/front-desk")

    def test_a_link_to_a_customer_opens_his_card(self):
        self.tour("crm_contact_history_deep_link")

    def test_the_contact_form_shows_the_history_and_logs(self):
        self.tour("crm_contact_history_form", f"/odoo/res.partner/{self.siti.id}")

    def test_a_customer_is_found_from_anywhere_by_the_shortcut_and_the_bar(self):
        self.tour("crm_contact_history_find_from_anywhere", f"/odoo/res.partner/{self.rina.id}")

    def test_a_customer_is_found_in_the_command_palette(self):
        self.another_siti()
        self.tour("crm_contact_history_palette", f"/odoo/res.partner/{self.rina.id}")

    def test_a_call_pops_up_without_stealing_what_is_typed(self):
        brother = self.another_siti()
        self.env["res.partner"].create({"name": "Brother Aminah", "phone": brother.phone})
        self.tour("crm_contact_history_incoming_call", f"/odoo/res.partner/{self.mill.id}")
        calls = self.env["crm.touchpoint"].search([("user_id", "=", self.agus.id)])
        self.assertEqual(len(calls), 3, "each call is logged once, however often it was told")
        self.assertEqual(set(calls.partner_id.mapped("name")), {"Siti Rahmawati", "Siti Aminah", "Wayan Sudarma"})

    def test_a_note_is_written_while_the_customer_speaks(self):
        self.tour("crm_contact_history_call_note", f"/odoo/res.partner/{self.mill.id}")
        call = self.env["crm.touchpoint"].search([("partner_id", "=", self.siti.id)])
        self.assertEqual((call.summary, call.user_id), ("Wants it delivered on Friday", self.agus))

    def test_a_call_that_is_answered_goes_from_all_tabs_of_the_browser(self):
        self.tour("crm_contact_history_call_in_two_tabs", f"/odoo/res.partner/{self.mill.id}")


@tagged("post_install", "-at_install")
class TestHistoryTour(FrontDeskTourCase):
    def test_the_history_is_filtered_and_the_chips_take_filters_off(self):
        self.tour("crm_contact_history_filters")

    def test_the_history_jumps_to_a_month_and_back(self):
        self.order(user_id=self.agus.id, date_order=datetime(self.now.year - 1, 6, 3, 5), name="TOUR-ANCIENT")
        self.order(date_order=datetime(self.now.year - 1, 6, 30, 23), user_id=self.chief.id, name="NOT-FOR-AGUS")
        self.tour("crm_contact_history_month")

    def test_a_company_shows_its_people_page_by_page_and_can_be_held_to_itself(self):
        phone, letter = (self.env.ref(f"crm_contact_history.channel_{code}").id for code in ("phone", "letter"))
        logged = {"partner_id": self.rina.id, "channel_id": phone, "user_id": self.agus.id}
        calls = [
            {**logged, "subject": f"Call {number} of 70", "start": self.now - timedelta(minutes=number)}
            for number in range(1, 71)
        ]
        posted = {"partner_id": self.mill.id, "channel_id": letter, "start": self.now - timedelta(days=40)}
        self.env["crm.touchpoint"].create([*calls, {**posted, "subject": "Letter to the company"}])
        self.tour("crm_contact_history_scroll", f"/odoo/front-desk/{self.mill.id}")

    def test_the_history_is_read_by_the_keyboard(self):
        self.tour("crm_contact_history_keyboard")

    def test_a_contact_is_logged_in_two_clicks(self):
        self.tour("crm_contact_history_log")
        logged = self.env["crm.touchpoint"].search([("partner_id", "=", self.siti.id)], order="id")
        self.assertEqual(logged.mapped("subject"), ["Asked for decaf", "Brought the samples", "A complaint by post"])
        self.assertEqual(logged.mapped("direction"), ["in", "out", "in"])
        self.assertAlmostEqual(logged[0].duration, 5 / 60)


@tagged("post_install", "-at_install")
class TestHistoryPhoneTour(FrontDeskTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_on_the_phone_the_filters_are_one_button(self):
        self.tour("crm_contact_history_phone")
