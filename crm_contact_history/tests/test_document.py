from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import ContactHistoryCase


@tagged("post_install", "-at_install")
class TestDocument(ContactHistoryCase):
    @classmethod
    def attach(cls, record, name, **values):
        values = {"name": name, "raw": b"text", "res_model": record._name, "res_id": record.id, **values}
        return cls.env["ir.attachment"].create(values)

    def documents(self, partner, user=None, words=()):
        self.Entry._sync()
        partner = partner.with_user(user or self.chief)
        domain = partner.action_front_desk_documents()["domain"]
        found = partner.env["ir.attachment"].search([*domain, *words])
        return sorted(found.mapped("name"))

    def test_those_of_all_his_records_stand_in_one_place(self):
        touchpoint = self.env["crm.touchpoint"].create({"partner_id": self.siti.id, "user_id": self.agus.id})
        asset = self.env["customer.asset"].create({"identifier": "D 1", "partner_id": self.siti.id})
        lead = self.env["crm.lead"].create({"name": "Hampers", "partner_id": self.siti.id, "user_id": self.chief.id})
        for record, name in (
            (self.siti, "id"),
            (self.order(), "order"),
            (touchpoint, "call"),
            (asset, "car"),
            (lead, "lead"),
        ):
            self.attach(record, name)
        self.attach(self.order(self.rina), "of somebody else")
        self.assertEqual(self.documents(self.siti), ["call", "car", "id", "lead", "order"])

    def test_one_sent_with_a_message_on_somebody_elses_record_is_his_too(self):
        order = self.order(self.rina, user_id=self.chief.id)
        file = self.attach(order, "offer.pdf")
        self.mail_to(self.siti, order, attachment_ids=file.ids)
        self.assertEqual(self.documents(self.siti), ["offer.pdf"])
        self.assertEqual(self.documents(self.siti, self.agus), [])

    def test_a_company_shows_those_of_its_people_and_a_person_his_own(self):
        self.attach(self.order(self.rina), "rina")
        self.attach(self.mill, "mill")
        self.assertEqual(self.documents(self.mill), ["mill", "rina"])
        self.assertEqual(self.documents(self.rina), ["rina"])

    def test_a_salesperson_with_own_documents_only_sees_these(self):
        self.attach(self.order(user_id=self.agus.id), "mine")
        self.attach(self.order(user_id=self.chief.id), "other")
        self.assertEqual(self.documents(self.siti, self.agus), ["mine"])
        self.assertEqual(self.documents(self.siti), ["mine", "other"])

    def test_a_plain_employee_sees_those_of_the_contact_only(self):
        self.attach(self.order(), "order")
        self.attach(self.siti, "contact")
        self.assertEqual(self.documents(self.siti, self.clerk), ["contact"])

    def test_another_companys_are_not_seen(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids = [Command.link(elsewhere.id)]
        self.attach(self.order(company_id=elsewhere.id, user_id=False), "there")
        self.attach(self.order(), "here")
        self.assertEqual(self.documents(self.siti), ["here"])

    def test_a_picture_stored_in_a_field_is_no_document(self):
        self.siti.image_1920 = b"R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
        self.assertEqual(self.documents(self.siti), [])

    def test_they_are_searched_by_name_and_say_what_they_belong_to(self):
        file = self.attach(self.order(name="SX-1"), "Delivery note.txt").with_user(self.chief)
        self.attach(self.siti, "Passport")
        self.assertEqual(self.documents(self.siti, words=[("name", "ilike", "delivery")]), ["Delivery note.txt"])
        self.assertEqual((file.document_kind, file.customer_id, file.res_name), ("sale.order", self.siti, "SX-1"))

    def kinds(self, partner, user=None):
        """{what the user reads: number of documents}, as the list groups them."""
        self.Entry._sync()
        partner = partner.with_user(user or self.chief)
        attachments = partner.env["ir.attachment"]
        labels = dict(attachments._fields["document_kind"]._description_selection(attachments.env))
        domain = partner.action_front_desk_documents()["domain"]
        return {labels[kind]: count for kind, count in attachments._read_group(domain, ["document_kind"], ["__count"])}

    def test_they_are_grouped_under_the_users_words(self):
        lead = self.env["crm.lead"].create({"name": "Hampers", "partner_id": self.siti.id, "user_id": self.chief.id})
        for record in (self.order(), self.order(), lead, self.posted_invoice(), self.siti):
            self.attach(record, "file")
        words = {"Quotations and orders": 2, "Leads and opportunities": 1, "Invoices": 1, "Contacts": 1}
        self.assertEqual(self.kinds(self.siti), words)
        self.assertEqual(self.kinds(self.siti, self.clerk), {"Contacts": 1}, "and count what he may read only")

    def test_a_kind_is_chosen_and_searched_in(self):
        self.attach(self.order(), "offer")
        self.attach(self.order(), "drawing")
        self.attach(self.siti, "offer")
        of_orders = ("document_kind", "=", "sale.order")
        self.assertEqual(self.documents(self.siti, words=[of_orders]), ["drawing", "offer"])
        self.assertEqual(self.documents(self.siti, words=[of_orders, ("name", "ilike", "off")]), ["offer"])

    def test_what_came_with_a_mail_on_a_record_of_no_known_kind_is_grouped_too(self):
        product = self.coffee.with_user(self.env.ref("base.user_admin"))
        file = self.attach(self.coffee, "sheet.pdf")
        self.mail_to(self.siti, product, attachment_ids=file.ids)
        admin = self.env.ref("base.user_admin")
        self.assertEqual(self.kinds(self.siti, admin), {"Other records": 1})
        self.assertEqual(self.documents(self.siti, admin, words=[("document_kind", "=", "other")]), ["sheet.pdf"])

    def test_100_documents_cost_as_many_queries_as_one(self):
        self.attach(self.order(user_id=self.chief.id), "one")
        for at in range(100):
            self.attach(self.order(self.rina, user_id=self.chief.id), f"file {at}")
        self.documents(self.rina)
        one, many = (self.count_queries(lambda p=p: self.documents(p)) for p in (self.siti, self.rina))
        self.assertEqual(one, many)

    def test_a_customer_cannot_ask_for_the_documents_of_another(self):
        portal = new_test_user(self.env, "portal-documents", "base.group_portal")
        self.attach(self.order(self.rina), "offer.pdf")
        with self.assertRaises(AccessError):
            self.env["ir.attachment"].with_user(portal).search([("customer_id", "=", self.rina.id)])
