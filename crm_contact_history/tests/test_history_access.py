from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import ContactHistoryCase


@tagged("post_install", "-at_install")
class TestHistoryAccess(ContactHistoryCase):
    def test_a_salesperson_with_own_documents_only_sees_only_these(self):
        mine, other = self.order(user_id=self.agus.id), self.order(user_id=self.chief.id)
        self.assertEqual([entry["title"] for entry in self.history(self.siti, self.agus)], [mine.name])
        self.assertEqual({entry["title"] for entry in self.history(self.siti, self.chief)}, {mine.name, other.name})

    def test_a_mail_on_an_order_he_may_not_read_is_not_shown(self):
        self.mail_to(self.siti, self.order(user_id=self.chief.id))
        self.assertEqual(self.kinds(self.siti, user=self.agus), [])
        self.assertEqual(self.kinds(self.siti, user=self.chief), ["email", "quotation"])

    def test_a_plain_employee_sees_no_orders(self):
        self.order(user_id=self.agus.id)
        self.siti.message_post(body="note", message_type="comment", subtype_xmlid="mail.mt_note")
        self.assertEqual(self.kinds(self.siti, user=self.clerk), ["note"])

    def test_another_companys_contacts_are_not_shown(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids = [Command.link(elsewhere.id)]
        there = self.order(company_id=elsewhere.id, user_id=False)
        here = self.order(user_id=False)
        self.assertEqual([entry["title"] for entry in self.history(self.siti, self.chief)], [here.name])
        self.chief.company_ids = [Command.link(elsewhere.id)]
        both = self.Entry.with_user(self.chief).with_context(allowed_company_ids=[elsewhere.id, self.env.company.id])
        self.assertEqual(
            {entry["title"] for entry in both.history_page(self.siti.id)["entries"]}, {here.name, there.name}
        )

    def test_a_contact_of_another_company_cannot_be_asked_for(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.siti.company_id = elsewhere
        with self.assertRaises(AccessError):
            self.history(self.siti, self.chief)

    def test_the_portal_reaches_nothing_not_even_his_own(self):
        portal = new_test_user(self.env, "portal-history", "base.group_portal", partner_id=self.siti.id)
        self.order()
        with self.assertRaises(AccessError):
            self.history(self.siti, portal)
        with self.assertRaises(AccessError):
            self.Entry.with_user(portal).search([])
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(portal).front_desk_search("siti")

    def test_the_table_itself_is_closed_to_employees(self):
        self.order()
        entry = self.Entry.search([], limit=1)
        for user in (self.clerk, self.agus, self.chief):
            for attempt in (lambda Entry: Entry.search([]), lambda Entry: Entry.search_count([])):
                with self.assertRaises(AccessError):
                    attempt(self.Entry.with_user(user))
            with self.assertRaises(AccessError):
                entry.with_user(user).read(["partner_id"])

    def test_nobody_writes_the_table_by_hand(self):
        self.order()
        entry = self.Entry.search([], limit=1)
        admin = self.env.ref("base.user_admin")
        self.assertTrue(entry.with_user(admin).has_access("read"))
        for operation in ("write", "create", "unlink"):
            self.assertFalse(entry.with_user(admin).has_access(operation))

    def test_a_page_is_filled_up_with_what_he_may_read(self):
        mine = [self.order(user_id=self.agus.id) for _i in range(3)]
        for _i in range(20):
            self.order(user_id=self.chief.id)
        page = self.history(self.siti, self.agus, limit=3)
        self.assertEqual({entry["title"] for entry in page}, {order.name for order in mine})
