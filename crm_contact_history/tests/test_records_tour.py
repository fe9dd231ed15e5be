from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .test_front_desk_tour import FrontDeskTourCase


@tagged("post_install", "-at_install")
class TestRecordsTour(FrontDeskTourCase):
    """What stands around the history, as the people at the desk use it."""

    def test_a_plate_tells_owner_mechanic_and_oil_and_goes_to_a_new_owner_with_its_day(self):
        oil = self.env["product.product"].create({"name": "Oil 5W-30", "type": "consu"})
        kind = self.env.ref("crm_contact_history.asset_type_vehicle")
        car = {"identifier": "D 1234 AB", "partner_id": self.siti.id, "type_id": kind.id}
        car = self.env["customer.asset"].create(car)
        service = {"work": "Oil change", "line_ids": [Command.create({"product_id": oil.id})], "asset_id": car.id}
        service |= {"user_ids": self.agus.ids, "date": self.now - timedelta(days=90)}
        self.env["customer.asset.service"].create(service)
        self.tour("crm_contact_history_new_owner", "/odoo/front-desk")
        self.assertEqual(car.partner_id, self.rina)
        self.assertEqual(car.owner_ids.filtered("start").start.date(), (self.now - timedelta(days=5)).date())
        self.assertEqual(car.service_ids.partner_id, self.siti, "what was done before stays in her history")

    def test_pinned_notes_are_reviewed_changed_and_written_on_the_card(self):
        for text in ("No milk", "Calls her brother first"):
            note = {"partner_id": self.siti.id, "text": text, "review_date": "2026-01-31", "kind": "info"}
            self.env["customer.note"].create(note)
        self.tour("crm_contact_history_notes")
        notes = self.env["customer.note"].with_context(active_test=False).search([("partner_id", "=", self.siti.id)])
        self.assertEqual(
            {note.text: note.active for note in notes},
            {"No milk": True, "Calls her brother first": False, "Never call before ten": True},
        )

    def test_the_documents_of_a_customer_by_kind_and_text(self):
        order = self.env["sale.order"].search([("name", "=", "TOUR-NEW")])
        for record, name, text in ((order, "offer.txt", b"the secret blend"), (self.siti, "Passport.txt", b"x")):
            values = {"name": name, "raw": text, "mimetype": "text/plain"}
            self.env["ir.attachment"].create({**values, "res_model": record._name, "res_id": record.id})
        self.tour("crm_contact_history_documents")

    def test_calls_are_planned_with_all_quiet_customers_at_once(self):
        quiet = self.env["res.partner"].create([{"name": "Quiet One"}, {"name": "Quiet Two"}])
        for partner in quiet:
            self.order(partner, user_id=self.agus.id, date_order=self.now - timedelta(days=120))
        self.tour("crm_contact_history_plan_calls", "/odoo/quiet-customers")
        self.assertEqual(quiet.activity_ids.mapped("summary"), ["Ask about the new roast"] * 2)

    def test_anonymising_asks_twice(self):
        self.start_tour(f"/odoo/res.partner/{self.siti.id}", "crm_contact_history_anonymise", login="admin")
        self.assertEqual(self.siti.name, f"Anonymised contact {self.siti.id}")

    def test_logged_contacts_are_imported_and_a_broken_file_is_told(self):
        country = self.env.ref("base.id").id
        self.env["res.partner"].create({"name": "Budi", "phone": "+62 813-2040-7702", "country_id": country})
        self.tour("crm_contact_history_import", "/odoo/logged-contacts")
        self.assertEqual(self.env["crm.touchpoint"].search_count([("subject", "!=", False)]), 3)

    def test_the_contact_form_opens_the_card_by_one_button(self):
        self.tour("crm_contact_history_form_opens_the_card", f"/odoo/res.partner/{self.siti.id}")
