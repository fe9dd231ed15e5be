from odoo.tests import tagged

from .common import ContactHistoryCase


@tagged("post_install", "-at_install")
class TestHistoryMerge(ContactHistoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.twins = cls.env["res.partner"].create([{"name": "Siti R.", "email": cls.siti.email} for _i in range(2)])

    def merge(self):
        self.env["base.partner.merge.automatic.wizard"]._merge((self.siti | self.twins).ids, self.siti)

    def test_three_merged_contacts_keep_every_order(self):
        orders = [self.order(partner) for partner in self.siti | self.twins]
        self.Entry._sync()
        self.merge()
        self.assertCountEqual([e["title"] for e in self.history(self.siti)], [order.name for order in orders])

    def test_a_mail_to_all_of_them_stands_once_afterwards_and_nothing_else_is_lost(self):
        order = self.order(self.twins[0])
        self.mail_to(self.siti | self.twins, order)
        self.mail_from(self.twins[1], order)
        self.Entry._sync()
        self.merge()
        self.assertEqual(sorted(self.kinds(self.siti)), ["email", "email", "quotation"])

    def test_a_mail_between_them_is_from_the_customer_as_a_rebuild_says(self):
        self.mail_from(self.twins[0], self.order(), partner_ids=self.siti.ids)
        self.Entry._sync()
        self.merge()
        kept = self.rows()
        self.assertEqual(kept, self.rebuilt_rows())

    def test_contacts_of_a_merged_company_stand_under_the_one_that_is_left(self):
        other = self.env["res.partner"].create({"name": "PT Paris van Java", "is_company": True})
        self.order(self.rina)
        self.Entry._sync()
        self.env["base.partner.merge.automatic.wizard"]._merge((self.mill | other).ids, other)
        self.assertEqual(self.kinds(other), ["quotation"])
        self.assertEqual(self.rows(), self.rebuilt_rows())

    def test_three_merged_contacts_keep_leads_meetings_calls_notes_invoices_and_payments(self):
        for partner in self.siti | self.twins:
            self.lead(partner_id=partner.id)
            self.meeting(partner)
            self.activity(partner, "mail.mail_activity_data_call").action_feedback(feedback="x")
            self.note_on(partner)
            self.posted_invoice(partner_id=partner.id)
            self.payment(partner_id=partner.id).action_post()
        self.Entry._sync()
        self.merge()
        kinds = ["activity", "invoice", "lead", "meeting", "note", "payment"]
        self.assertEqual(sorted(self.kinds(self.siti)), sorted(kinds * 3))
        self.assertEqual(self.rows(), self.rebuilt_rows())

    def test_a_meeting_of_all_three_stands_once(self):
        self.meeting(self.siti | self.twins)
        self.Entry._sync()
        self.merge()
        self.assertEqual(self.kinds(self.siti), ["meeting"])
        self.assertEqual(self.rows(), self.rebuilt_rows())
