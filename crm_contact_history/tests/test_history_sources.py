from datetime import datetime, timedelta

from odoo.tests import tagged

from .common import ContactHistoryCase

NOTES = [("note", "Likes it strong"), ("note", "Check stock")]


@tagged("post_install", "-at_install")
class TestHistorySources(ContactHistoryCase):
    def test_a_quotation_becomes_an_order_when_confirmed(self):
        order = self.order()
        self.assertEqual(self.kinds(self.siti), ["quotation"])
        order.action_confirm()
        self.assertEqual(self.kinds(self.siti), ["order"])

    def test_a_cancelled_order_stays_with_its_state(self):
        order = self.order()
        order.action_confirm()
        order._action_cancel()
        [entry] = self.history(self.siti)
        self.assertEqual((entry["kind"], entry["status"]), ("quotation", "Cancelled"))

    def test_an_entry_shows_number_products_and_amount(self):
        order = self.order(quantity=3)
        [entry] = self.history(self.siti)
        self.assertEqual((entry["title"], entry["text"]), (order.name, "Kopi Gayo"))
        self.assertEqual(entry["amount"], order.currency_id.format(order.amount_total))

    def test_contacts_stand_newest_first(self):
        self.order(date_order=datetime(2020, 5, 1), client_order_ref="old")
        newest = self.order(date_order=datetime(2022, 5, 1))
        self.order(date_order=datetime(2021, 5, 1))
        dates = [entry["happened_at"][:4] for entry in self.history(self.siti)]
        self.assertEqual(dates, ["2022", "2021", "2020"])
        self.assertEqual(self.history(self.siti)[0]["title"], newest.name)

    def test_a_mail_to_the_customer_is_outgoing_and_opens_its_document(self):
        order = self.order()
        self.mail_to(self.siti, order, body="Halo Bu Siti")
        [mail] = self.history(self.siti, kinds=["email"])
        self.assertEqual((mail["direction"], mail["text"]), ("out", "Halo Bu Siti"))
        self.assertEqual((mail["model"], mail["res_id"]), ("sale.order", order.id))

    def test_a_mail_from_the_customer_is_incoming(self):
        self.mail_from(self.siti, self.order())
        [mail] = self.history(self.siti, kinds=["email"])
        self.assertEqual((mail["direction"], mail["channel"]), ("in", "email"))

    def test_a_message_sent_to_followers_is_theirs_too(self):
        order = self.order()
        order.message_subscribe(self.rina.ids)
        order.message_post(body="To all", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.assertEqual(self.kinds(self.rina), ["email"])

    def test_a_message_on_his_order_written_to_somebody_else_is_not_the_customers(self):
        self.mail_to(self.rina, self.order())
        self.assertEqual(self.kinds(self.siti, kinds=["email"]), [])
        self.assertEqual(self.kinds(self.rina, kinds=["email"]), ["email"])

    def test_field_changes_and_automatic_messages_are_no_contacts(self):
        order = self.order()
        for noise in ("notification", "auto_comment"):
            order.message_post(
                body="noise", message_type=noise, partner_ids=self.siti.ids, subtype_xmlid="mail.mt_comment"
            )
        self.assertEqual(self.kinds(self.siti), ["quotation"])

    def test_a_note_on_the_contact_and_one_on_his_order_are_notes(self):
        self.siti.message_post(body="Likes it strong", message_type="comment", subtype_xmlid="mail.mt_note")
        order = self.order()
        order.message_post(body="Check stock", message_type="comment", subtype_xmlid="mail.mt_note")
        notes = self.history(self.siti, kinds=["note", "email"])
        self.assertEqual([(note["kind"], note["text"]) for note in notes][::-1], NOTES)
        self.assertEqual((notes[0]["model"], notes[0]["res_id"]), ("sale.order", order.id))

    def test_a_note_follows_its_document_to_another_customer(self):
        order = self.order()
        order.message_post(body="Check stock", message_type="comment", subtype_xmlid="mail.mt_note")
        self.Entry._sync()
        order.partner_id = self.mill
        self.assertEqual(self.kinds(self.siti), [])
        self.assertEqual(self.kinds(self.mill), ["note", "quotation"])

    def test_what_lies_ahead_is_no_history_yet(self):
        self.order(date_order=datetime.now() + timedelta(days=40))
        self.assertEqual(self.kinds(self.siti), [])

    def test_our_own_people_have_no_mail_history(self):
        self.mail_to(self.agus.partner_id, self.order(), author_id=self.chief.partner_id.id)
        self.assertEqual(self.kinds(self.agus.partner_id), [])
        self.assertEqual(self.kinds(self.chief.partner_id), [])

    def test_a_company_shows_its_contacts_and_can_be_held_to_itself(self):
        self.order(self.rina)
        self.order(self.mill)
        self.assertEqual(self.kinds(self.mill), ["quotation", "quotation"])
        self.assertEqual(self.kinds(self.mill, only_this_contact=True), ["quotation"])
        self.assertEqual(self.kinds(self.rina), ["quotation"])

    def test_a_person_takes_his_history_to_his_new_company(self):
        self.order(self.siti)
        self.siti.parent_id = self.mill
        self.assertEqual(self.kinds(self.mill), ["quotation"])

    def test_deleting_a_document_takes_its_entry_away(self):
        order = self.order()
        self.assertEqual(self.kinds(self.siti), ["quotation"])
        order.unlink()
        self.assertEqual(self.rows_of(self.siti), [])

    def test_deleting_a_contact_takes_his_entries_away_and_leaves_those_of_the_others(self):
        boss = self.env["res.partner"].create({"name": "Boss", "is_company": True})
        clerk = self.env["res.partner"].create({"name": "Clerk", "parent_id": boss.id})
        thread = self.order()
        for contact in (boss, clerk):
            self.mail_to(contact, thread)
        boss.unlink()
        self.assertEqual(self.kinds(clerk), ["email"])
        self.assertEqual(self.rows(), self.rebuilt_rows())

    def rows_of(self, partner):
        return [row for row in self.rows() if row[3] == partner.id]
