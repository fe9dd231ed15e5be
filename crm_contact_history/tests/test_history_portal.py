import re
from datetime import datetime, timedelta

from odoo.tests import HttpCase, new_test_user, tagged

from .common import ContactHistoryCase

TAMPERED = (
    "x",
    "20240101000000",
    "20240101000000-",
    "20240101000000--1",
    "20240101000000-0",
    "20240101000000-99999999999999",
    "20240101000000-4294967296",
    "20241341000000-1",
    "00000101000000-1",
    "-1",
    "9" * 5000,
    "20240101000000-1'; DROP TABLE res_partner; --",
    "２０２４０１０１００００００-1",
    "%00",
)


@tagged("post_install", "-at_install")
class TestHistoryPortal(ContactHistoryCase, HttpCase):
    """My history: what a customer sees of himself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = new_test_user(cls.env, "siti-portal", "base.group_portal", partner_id=cls.siti.id)
        cls.purchaser = new_test_user(cls.env, "rina-portal", "base.group_portal", partner_id=cls.rina.id)
        cls.Entry._sync()

    def own(self, user=None, **options):
        return self.Entry.with_user(user or self.customer)._portal_page(**options)["entries"]

    def own_kinds(self, user=None, **options):
        return sorted(entry["kind"] for entry in self.own(user, **options))

    # what is shown

    def test_he_sees_orders_invoices_payments_messages_and_meetings_of_his_own(self):
        order = self.order()
        order.action_confirm()
        self.mail_to(self.siti, order, body="On its way")
        self.mail_from(self.siti, order)
        self.posted_invoice()
        self.payment().action_post()
        self.meeting(self.siti)
        self.assertEqual(self.own_kinds(), ["email", "email", "invoice", "meeting", "order", "payment"])
        [shown] = self.own(kind="order")
        self.assertEqual((shown["title"], shown["url"]), (order.name, f"/my/orders/{order.id}"))
        self.assertEqual(self.own(kind="invoice")[0]["status"], "Not Paid")

    def test_he_never_sees_notes_activities_leads_or_drafts(self):
        order = self.order()
        self.note_on(order)
        self.note_on(self.siti)
        self.activity(self.siti, "mail.mail_activity_data_call").action_feedback(feedback="grumpy")
        self.lead()
        self.invoice()
        self.assertEqual(self.own(), [])

    def test_a_cancelled_order_is_not_shown_and_a_sent_quotation_is(self):
        sent, cancelled = self.order(), self.order()
        sent.action_quotation_sent()
        cancelled.action_confirm()
        cancelled._action_cancel()
        self.assertEqual([entry["title"] for entry in self.own()], [sent.name])

    def test_an_internal_note_that_mentions_him_is_not_shown(self):
        self.order().message_post(
            body="Rina must not know", message_type="comment", subtype_xmlid="mail.mt_note", partner_ids=self.siti.ids
        )
        self.assertEqual(self.kinds(self.siti, kinds=["email"]), ["email"], "our own people see it")
        self.assertEqual(self.own(), [])

    def test_his_firm_shares_orders_and_invoices_but_not_letters_and_meetings(self):
        boss = new_test_user(self.env, "mill-portal", "base.group_portal", partner_id=self.mill.id)
        order = self.order(self.rina)
        order.action_confirm()
        self.mail_to(self.rina, order, body="Private")
        self.meeting(self.rina)
        self.assertEqual(self.own_kinds(boss), ["order"])
        self.assertEqual(self.own_kinds(self.purchaser), ["email", "meeting", "order"])

    def test_nobody_sees_another_customers(self):
        self.order().action_confirm()
        self.posted_invoice()
        self.payment().action_post()
        self.meeting(self.siti)
        self.assertEqual(self.own(self.purchaser), [])

    def test_our_own_robots_and_people_stay_out_of_the_way(self):
        self.order().action_confirm()
        self.assertEqual(self.own(self.agus), [])

    def test_one_and_a_hundred_entries_cost_the_same_queries(self):
        few, many = (self.fresh_customer(count) for count in (1, 25))
        for user in (few, many, few, many):
            count = self.count_queries(lambda user=user: self.own(user, limit=100))
            self.counts = {**getattr(self, "counts", {}), user: count}
        self.assertEqual(len(self.own(many, limit=100)), 100)
        self.assertEqual(self.counts[many], self.counts[few])

    def fresh_customer(self, count):
        partner = self.env["res.partner"].create({"name": f"Customer {count}"})
        for _i in range(count):
            order = self.order(partner)
            order.action_confirm()
            self.mail_to(partner, order)
            self.posted_invoice(partner_id=partner.id)
            self.payment(partner_id=partner.id).action_post()
        return new_test_user(self.env, f"customer-{count}", "base.group_portal", partner_id=partner.id)

    # the page

    def get(self, path="/my/history", user="siti-portal"):
        self.authenticate(user, user)
        return self.url_open(path, allow_redirects=False)

    def test_the_page_shows_them_and_the_home_page_leads_there(self):
        order = self.order()
        order.action_confirm()
        self.assertIn(order.name, self.get().text)
        self.assertIn('href="/my/history"', self.get("/my/home").text)

    def test_an_empty_history_says_what_will_stand_there(self):
        self.assertIn("will stand here", self.get().text)
        self.assertIn("Show all", self.get("/my/history?kind=payment").text)

    def test_pages_go_on_to_the_end_without_gap_or_double(self):
        # Half of them of a year that is a slip of the pen: the second page ends there.
        starts = (datetime(2024, 1, 1), datetime(26, 1, 1))
        orders = [self.order(date_order=starts[i % 2] + timedelta(hours=i // 3)) for i in range(45)]
        for order in orders:
            order.write({"state": "sale"})
        seen, path = [], "/my/history?kind=order"
        while path:
            page = self.get(path).text.replace("&amp;", "&")
            seen += re.findall(r"/my/orders/(\d+)", page)
            older = re.search(r'href="(/my/history\?[^"]*before=[^"]*)"', page)
            path = older and older[1]
        self.assertEqual(len(seen), 45)
        self.assertEqual(set(seen), {str(order.id) for order in orders})

    def test_a_tampered_place_or_kind_is_answered_with_a_clear_sentence(self):
        for place in TAMPERED:
            answer = self.get(f"/my/history?before={place}")
            self.assertEqual(answer.status_code, 400, place)
            self.assertIn("does not exist", answer.text)
        for kind in ("note", "lead", "activity", "x", "order'--", "9" * 3000, "%00"):
            answer = self.get(f"/my/history?kind={kind}")
            self.assertEqual(answer.status_code, 400, kind)
            self.assertIn("cannot be chosen", answer.text)

    def test_a_place_in_somebody_elses_history_shows_only_ones_own(self):
        foreign = self.order(self.rina)
        foreign.action_confirm()
        mine = self.order(date_order=datetime(2020, 1, 1))
        mine.write({"state": "sale"})
        [row] = self.Entry.search([("res_id", "=", foreign.id), ("res_model", "=", "sale.order")])
        page = self.get(f"/my/history?before=20991231235959-{row.id}").text
        self.assertIn(mine.name, page)
        self.assertNotIn(foreign.name, page)

    def test_unknown_parameters_change_nothing(self):
        foreign = self.order(self.rina)
        foreign.action_confirm()
        page = self.get(
            f"/my/history?partner_id={self.rina.id}&commercial_partner_id={self.mill.id}&limit=-1&user_id=1"
        )
        self.assertEqual(page.status_code, 200)
        self.assertNotIn(foreign.name, page.text)

    def test_a_text_that_a_customer_wrote_does_no_harm(self):
        self.mail_from(self.siti, self.siti, body="<script>alert(1)</script>", subject="<b>Hi</b>")
        page = self.get().text
        self.assertNotIn("<script>alert(1)", page)
        self.assertIn("&lt;b&gt;Hi", page)

    def test_who_is_not_logged_in_is_sent_to_the_log_in(self):
        answer = self.url_open("/my/history", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])

    def test_the_methods_for_our_own_people_stay_closed(self):
        self.order()
        self.authenticate("siti-portal", "siti-portal")
        for method, arguments in (("history_page", [self.siti.id]), ("history_read", [1]), ("_portal_page", [])):
            answer = self.make_jsonrpc_request_error(method, arguments)
            self.assertIn("error", answer)

    def make_jsonrpc_request_error(self, method, arguments):
        params = {"model": "contact.history.entry", "method": method, "args": arguments, "kwargs": {}}
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        return self.url_open("/web/dataset/call_kw", json=body).json()
