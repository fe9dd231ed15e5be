import re

from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import PIXEL, ServiceDeskHttpCase


@tagged("post_install", "-at_install")
class TestTicketPortalPages(ServiceDeskHttpCase):
    """The customer's list and his ticket, and what strangers get to see of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.new_ticket(name="Cold coffee in Braga")
        cls.strange = cls.new_ticket(partner=cls.budi, name="Wrong bill of Budi")

    def setUp(self):
        super().setUp()
        self.enter(self.siti_user)

    def post_message(self, ticket, body="I agree", **access):
        return self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": "service.ticket",
                "thread_id": ticket.id,
                "post_data": {"body": body, "message_type": "comment", "subtype_xmlid": "mail.mt_comment"},
                **access,
            },
        )

    # The list

    def test_the_list_shows_own_tickets_only(self):
        page = self.url_open("/my/tickets").text
        self.assertIn("Cold coffee in Braga", page)
        self.assertIn(self.ticket.number, page)
        self.assertNotIn("Wrong bill of Budi", page)

    def test_the_list_can_be_sorted_and_filtered(self):
        for sortby in ("date", "update", "subject"):
            for filterby, shown in {"all": True, "open": True, "waiting": False, "done": False}.items():
                page = self.url_open(f"/my/tickets?sortby={sortby}&filterby={filterby}")
                self.assertEqual(page.status_code, 200)
                self.assertEqual("Cold coffee in Braga" in page.text, shown, (sortby, filterby))

    def test_the_list_can_be_searched_by_number_and_subject(self):
        for search, shown in {
            self.ticket.number: True,
            "coffee": True,
            "bill": False,
            "%": True,
            "\\": False,
            "\x00": True,
        }.items():
            page = self.url_open("/my/tickets", params={"search": search})
            self.assertEqual(page.status_code, 200)
            self.assertEqual("Cold coffee in Braga" in page.text, shown, repr(search))

    def test_the_list_comes_in_pages(self):
        self.env["service.ticket"].create([{"name": f"No. {n:03}", "partner_id": self.siti.id} for n in range(85)])
        first, second = (
            set(re.findall(r"No\. \d+", self.url_open(f"/my/tickets{page}").text)) for page in ("", "/page/2")
        )
        self.assertEqual((len(first), len(second), first & second), (80, 5, set()))

    @mute_logger("odoo.http")
    def test_unknown_sortings_and_filters_are_refused_with_the_choices(self):
        for attack in ("sortby=id;drop", "sortby=partner_id.password", "filterby=[]", "sortby=", "filterby=%00"):
            page = self.url_open(f"/my/tickets?{attack}")
            self.assertEqual(page.status_code, 400, attack)
            self.assertIn("Choose one of", page.text)

    def test_pages_that_do_not_exist_show_the_nearest(self):
        for page in ("0", "7", "99999999999999999999"):
            self.assertEqual(self.url_open(f"/my/tickets/page/{page}").status_code, 200)

    def test_the_empty_list_says_what_to_do(self):
        self.ticket.partner_id = self.budi
        page = self.url_open("/my/tickets").text
        self.assertIn("You have no complaints or requests yet", page)
        self.assertIn('href="/my/tickets/new"', page)

    def test_the_list_costs_the_same_queries_for_1_and_50_tickets(self):
        few = self.count_queries("/my/tickets")
        self.env["service.ticket"].create([{"name": f"No. {n}", "partner_id": self.siti.id} for n in range(50)])
        self.assertEqual(self.count_queries("/my/tickets"), few)

    def count_queries(self, url):
        self.url_open(url)  # registry caches
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(self.url_open(url).status_code, 200)
        return self.env.cr.sql_log_count - before

    def test_the_home_page_has_a_tile_and_counters(self):
        self.assertIn('href="/my/tickets"', self.url_open("/my/home").text)
        counters = {"counters": ["ticket_count", "ticket_waiting_count"]}
        self.assertEqual(
            self.make_jsonrpc_request("/my/counters", counters), {"ticket_count": 1, "ticket_waiting_count": 0}
        )
        self.ticket.stage_id = self.stage("waiting_customer")
        self.assertEqual(self.make_jsonrpc_request("/my/counters", counters)["ticket_waiting_count"], 1)

    # The ticket

    def test_the_customer_reads_his_ticket(self):
        page = self.url_open(f"/my/tickets/{self.ticket.id}")
        self.assertEqual(page.status_code, 200)
        for part in ("Cold coffee in Braga", self.ticket.number, "o_portal_chatter", "We have your message"):
            self.assertIn(part, page.text)

    def test_the_customer_reads_the_answer_and_not_the_note(self):
        self.say(self.ticket, self.agent, "We are sorry, Siti.")
        self.ticket.with_user(self.agent).message_post(body="Complains often", subtype_xmlid="mail.mt_note")
        fetched = self.make_jsonrpc_request(
            "/mail/chatter_fetch", {"thread_model": "service.ticket", "thread_id": self.ticket.id}
        )
        bodies = str(fetched["data"])
        self.assertIn("We are sorry, Siti.", bodies)
        self.assertNotIn("Complains often", bodies)

    def test_the_customer_replies_and_the_ticket_is_to_answer_again(self):
        self.say(self.ticket, self.agent)
        self.ticket.stage_id = self.stage("waiting_customer")
        self.post_message(self.ticket, "It was the branch in Braga street.")
        self.assertEqual((self.ticket.stage_category, self.ticket.unanswered), ("in_progress", True))
        self.assertEqual(self.ticket.message_ids[0].author_id, self.siti)

    def test_the_customer_sends_a_file_with_his_reply(self):
        form = {"csrf_token": self.token(), "thread_model": "service.ticket", "thread_id": self.ticket.id}
        files = [("ufile", ("cup.png", PIXEL, "image/png"))]
        sent = self.url_open("/mail/attachment/upload", data={**form, "is_pending": "true"}, files=files).json()["data"]
        [file] = sent["store_data"]["ir.attachment"]
        post = {"body": "See for yourself", "message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        post |= {"attachment_ids": [file["id"]], "attachment_tokens": [file["ownership_token"]]}
        thread = {"thread_model": "service.ticket", "thread_id": self.ticket.id}
        self.make_jsonrpc_request("/mail/message/post", {**thread, "post_data": post})
        kept = self.ticket.message_ids[0].attachment_ids
        self.assertEqual((kept.name, kept.raw, kept.res_id), ("cup.png", PIXEL, self.ticket.id))

    def test_every_stage_has_its_sentence(self):
        sentences = {
            "new": ("Received", "We have your message. A person of our team reads it"),
            "in_progress": ("In progress", "We are working on it."),
            "waiting_customer": ("Waiting for you", "We wait for your answer."),
            "waiting_third_party": ("Waiting for others", "We wait for somebody outside"),
            "resolved": ("Solved", "This is done. If something is missing, tell us below"),
            "closed": ("Closed", "This is done. If something is missing, tell us below"),
        }
        for stage in self.env["service.stage"].search([]):
            self.ticket.stage_id = stage
            page = self.url_open(f"/my/tickets/{self.ticket.id}")
            self.assertEqual(page.status_code, 200, stage.name)
            state, next_step = sentences[stage.category]
            self.assertRegex(page.text, rf'class="badge[^"]*">\s*{state}\s*<')
            self.assertRegex(page.text, rf'class="o_ticket_steps[^"]*">{next_step}')

    # Strangers

    @mute_logger("odoo.http")
    def test_a_strange_ticket_and_one_that_does_not_exist_look_the_same(self):
        for path in (f"{self.strange.id}", "99999999", "99999999999999999999", f"{self.strange.id}?access_token=guess"):
            page = self.url_open(f"/my/tickets/{path}")
            self.assertEqual(page.status_code, 404, path)
            self.assertNotIn("Wrong bill", page.text)

    @mute_logger("odoo.http")
    def test_the_token_of_one_ticket_opens_no_other(self):
        page = self.url_open(f"/my/tickets/{self.strange.id}?access_token={self.ticket.access_token}")
        self.assertEqual(page.status_code, 404)

    def test_the_link_with_its_token_opens_the_ticket_without_a_login(self):
        self.enter(None)
        page = self.url_open(f"/my/tickets/{self.ticket.id}?access_token={self.ticket.access_token}")
        self.assertIn("Cold coffee in Braga", page.text)

    def test_files_are_shown_to_who_has_the_link(self):
        self.ticket._attach([("cup.png", PIXEL)])
        self.enter(None)
        page = self.url_open(f"/my/tickets/{self.ticket.id}?access_token={self.ticket.access_token}").text
        link = re.search(r'href="(/web/content/[^"]+)"', page).group(1).replace("&amp;", "&")
        self.assertEqual(self.url_open(link).content, PIXEL)

    @mute_logger("odoo.http")
    def test_files_are_not_for_strangers(self):
        self.strange._attach([("bill.png", PIXEL)])
        file = self.strange.attachment_ids
        for user in (self.siti_user, self.employee, None):
            self.enter(user)
            for url in (
                f"/web/content/{file.id}",
                f"/web/image/{file.id}",
                f"/web/content/{file.id}?access_token=guess",
            ):
                self.assertNotIn(PIXEL, self.url_open(url).content)

    @mute_logger("odoo.http")
    def test_the_file_of_an_internal_note_is_not_for_the_customer_by_its_id(self):
        file = self.env["ir.attachment"].create(
            {"name": "n", "raw": PIXEL, "res_model": "service.ticket", "res_id": self.ticket.id}
        )
        self.ticket.message_post(body="Evidence", subtype_xmlid="mail.mt_note", attachment_ids=file.ids)
        self.assertNotIn(PIXEL, self.url_open(f"/web/content/{file.id}").content)

    def test_without_a_login_one_is_asked_to_log_in(self):
        self.enter(None)
        self.assertIn("/web/login", self.url_open(f"/my/tickets/{self.ticket.id}").url)

    @mute_logger("odoo.http")
    def test_nobody_writes_on_the_ticket_of_somebody_else(self):
        for user in (self.siti_user, self.employee):
            self.enter(user)
            with self.assertRaises(JsonRpcException, msg=user.name):
                self.post_message(self.strange, "Intruder")
        self.assertNotIn("Intruder", str(self.strange.message_ids.mapped("body")))

    @mute_logger("odoo.http")
    def test_nobody_writes_with_the_token_of_another_ticket(self):
        with self.assertRaises(JsonRpcException):
            self.post_message(self.strange, "Intruder", token=self.ticket.access_token)
        self.assertNotIn("Intruder", str(self.strange.message_ids.mapped("body")))

    def test_a_plain_employee_sees_an_empty_list(self):
        self.enter(self.employee)
        page = self.url_open("/my/tickets")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("Cold coffee", page.text)

    @mute_logger("odoo.http")
    def test_a_customer_of_another_company_does_not_reach_the_ticket(self):
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        self.ticket.write({"company_id": other.id, "team_id": False})
        self.assertEqual(self.url_open(f"/my/tickets/{self.ticket.id}").status_code, 404)
        self.assertNotIn("Cold coffee in Braga", self.url_open("/my/tickets").text)
