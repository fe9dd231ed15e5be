from odoo.addons.crm_contact_history.tests.common import ContactHistoryCase
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestHistorySms(ContactHistoryCase):
    def text(self, document, partners=None):
        return document._message_sms("Your order is ready", partner_ids=(partners or self.siti).ids, put_in_queue=True)

    def test_a_text_message_stands_in_the_history_of_who_got_it(self):
        self.text(self.order(self.rina))
        [entry] = self.history(self.siti)
        self.assertEqual((entry["kind"], entry["direction"], entry["channel_label"]), ("sms", "out", "SMS"))
        self.assertEqual(entry["text"], "Your order is ready")
        self.assertEqual(self.kinds(self.rina), ["quotation"])

    def test_one_sent_to_many_at_once_belongs_to_the_contact_of_each_document(self):
        orders = self.order() | self.order(self.mill)
        orders._message_log_batch(bodies=dict.fromkeys(orders.ids, "Open on Sunday"), message_type="sms")
        self.assertEqual(sorted(self.kinds(self.siti)), ["quotation", "sms"])
        self.assertEqual(sorted(self.kinds(self.mill)), ["quotation", "sms"])

    def text_to(self, number, document=None, user=None):
        document = (document or self.order(self.mill, user_id=False)).with_user(user or self.env.user)
        document._message_sms("Hello", sms_numbers=[number], partner_ids=[], put_in_queue=True)

    def test_one_to_a_mere_number_belongs_to_the_contact_who_has_it(self):
        self.text_to("+62 812 2345 6701")
        self.assertEqual(self.kinds(self.siti), ["sms"])
        self.assertEqual(self.kinds(self.mill), ["quotation"], "and not to the customer of the document")
        kept = self.rows()
        self.siti.phone = False
        self.assertEqual(kept, self.rows(), "whose number it is later changes nothing")
        self.assertEqual(kept, self.rebuilt_rows())

    def test_one_to_a_number_that_nobody_or_several_have_is_in_no_history(self):
        self.env["res.partner"].create({"name": "Brother", "phone": self.siti.phone})
        for number in ("+62 812 2345 6701", "+62 811-0000-0000"):
            self.text_to(number)
        self.Entry._sync()
        self.assertFalse(self.Entry.search([("kind", "=", "sms")]))

    def test_one_to_a_number_of_somebody_who_is_sent_it_anyway_is_there_once(self):
        order = self.order(self.mill)
        order._message_sms("Hello", sms_numbers=[self.siti.phone], partner_ids=self.siti.ids, put_in_queue=True)
        self.assertEqual(self.kinds(self.siti), ["sms"])

    def test_a_contact_that_the_sender_may_not_read_is_not_found_by_his_number(self):
        self.siti.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        self.text_to("+62 812 2345 6701", user=self.chief)
        self.Entry._sync()
        self.assertFalse(self.Entry.search([("kind", "=", "sms")]))

    def test_a_hundred_numbers_are_looked_up_at_once(self):
        order = self.order(self.mill)

        def send(number):
            numbers = [f"+62 811 0000 {at:04}" for at in range(number)]
            order._message_sms("Hello", sms_numbers=numbers, partner_ids=[], put_in_queue=True)

        send(1)
        one, many = self.count_queries(lambda: send(1)), self.count_queries(lambda: send(100))
        self.assertLess(many - one, 10)

    def test_a_salesperson_sees_those_on_his_own_documents_only(self):
        self.text(self.order(user_id=self.chief.id))
        self.assertEqual(self.kinds(self.siti, user=self.agus), [])
        self.assertEqual(sorted(self.kinds(self.siti, user=self.chief)), ["quotation", "sms"])

    def test_a_rebuilt_history_equals_the_kept_one(self):
        order = self.order()
        self.text(order)
        self.text(self.siti, self.rina | self.mill)
        order._message_log_batch(bodies={order.id: "Open on Sunday"}, message_type="sms")
        self.Entry._sync()
        order.partner_id = self.rina
        kept = self.rows()
        self.assertEqual(len([row for row in kept if row[2] == "sms"]), 4)
        self.assertEqual(kept, self.rebuilt_rows())

    def test_a_hundred_are_written_by_as_many_queries_as_one(self):
        order = self.order()
        self.text(order)

        def count(number):
            self.Entry._sync()
            for _i in range(number):
                self.text(order)
            self.env.flush_all()
            return self.count_queries(self.Entry._sync_pending)

        self.assertEqual(count(100), count(1))
