import base64
import io

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged
from PIL import Image

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestPortal(ClubCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.siti.email = "siti@rahmawati.example"
        cls.user_siti = new_test_user(cls.env, "siti", "base.group_portal", partner_id=cls.siti.id)
        cls.user_budi = new_test_user(cls.env, "budi", "base.group_portal", partner_id=cls.budi.id)
        cls.user_rina = new_test_user(cls.env, "rina", "base.group_portal", partner_id=cls.rina.id)
        cls.membership = cls.club._enrol(cls.siti, tier=cls.gold)

    def test_the_customer_sees_the_card(self):
        self.authenticate("siti", "siti" * 2)
        for url in ("/my/clubs", f"/my/clubs/{self.membership.id}"):
            page = self.url_open(url)
            self.assertEqual(page.status_code, 200)
            self.assertIn(self.membership.card_code, page.text)
            self.assertIn("Kopi Braga Club", page.text)
            self.assertIn("Gold", page.text)

    def test_the_barcode_is_an_image(self):
        self.authenticate("siti", "siti" * 2)
        image = self.url_open(f"/report/barcode/Code128/{self.membership.card_code}?width=900&height=220&quiet=1")
        self.assertEqual((image.status_code, image.headers["Content-Type"]), (200, "image/png"))

    def test_another_customer_does_not(self):
        self.authenticate("budi", "budi" * 2)
        self.assertNotIn(self.membership.card_code, self.url_open("/my/clubs").text)
        for attempt in (self.membership.id, f"{self.membership.id}?access_token=x", 10**9, 0):
            page = self.url_open(f"/my/clubs/{attempt}")
            self.assertEqual(page.status_code, 404, attempt)
            self.assertNotIn(self.membership.card_code, page.text)

    def test_an_employee_sees_only_his_own_card_in_the_portal(self):
        for login in ("employee", "clerk"):
            self.authenticate(login, login.ljust(8, "x"))
            self.assertEqual(self.make_jsonrpc_request("/my/counters", {"counters": ["club_count"]})["club_count"], 0)
            self.assertNotIn(self.membership.card_code, self.url_open("/my/clubs").text)
            self.assertEqual(self.url_open(f"/my/clubs/{self.membership.id}").status_code, 404)

    def test_by_remote_call_a_customer_reads_and_changes_nothing_of_others(self):
        self.authenticate("budi", "budi" * 2)
        for method, args in (
            ("search_read", [[], ["card_code"]]),
            ("read", [self.membership.ids, ["card_code", "partner_id"]]),
            ("action_end", [self.membership.ids]),
            ("write", [self.membership.ids, {"tier_id": self.green.id}]),
        ):
            answer = self.url_open(
                "/web/dataset/call_kw",
                json={"params": {"model": "loyalty.membership", "method": method, "args": args, "kwargs": {}}},
            )
            self.assertNotIn(self.membership.card_code, answer.text, method)
            self.assertFalse(answer.json().get("result"), method)
        self.assertEqual((self.membership.tier_id, self.membership.state), (self.gold, "running"))

    def test_nonsense_is_not_found(self):
        self.authenticate("siti", "siti" * 2)
        for attempt in ("abc", "-1", "1%27", "9" * 30):
            self.assertEqual(self.url_open(f"/my/clubs/{attempt}").status_code, 404, attempt)

    def test_nobody_is_asked_to_log_in(self):
        page = self.url_open("/my/clubs", allow_redirects=False)
        self.assertIn("/web/login", page.headers["Location"])

    def test_a_contact_sees_the_card_of_its_company_where_they_share_it(self):
        shared = self.club._enrol(self.textile)
        self.authenticate("rina", "rina" * 2)
        self.assertIn(shared.card_code, self.url_open("/my/clubs").text)
        shared._end("changed")
        self.club.member_level = "person"
        own = self.club._enrol(self.textile)
        self.assertNotIn(own.card_code, self.url_open("/my/clubs").text)
        self.assertEqual(self.url_open(f"/my/clubs/{own.id}").status_code, 404)

    def test_a_colleague_does_not_see_a_persons_card(self):
        self.club.member_level = "person"
        tono = self.env["res.partner"].create({"name": "Tono", "parent_id": self.textile.id})
        membership = self.club._enrol(tono)
        self.authenticate("rina", "rina" * 2)
        self.assertEqual(self.url_open(f"/my/clubs/{membership.id}").status_code, 404)

    def test_the_home_page_counts_the_clubs(self):
        self.authenticate("siti", "siti" * 2)
        self.assertIn("/my/clubs", self.url_open("/my/home").text)
        counted = self.make_jsonrpc_request("/my/counters", {"counters": ["club_count"]})
        self.assertEqual(counted["club_count"], 1)

    def test_a_customer_without_club_is_told_what_to_do(self):
        self.authenticate("budi", "budi" * 2)
        self.assertIn("Ask us at the counter", self.url_open("/my/clubs").text)

    def test_a_future_and_an_ended_card_say_so(self):
        self.membership._end("moved away")
        self.authenticate("siti", "siti" * 2)
        self.assertNotIn(self.membership.card_code, self.url_open("/my/clubs").text)
        self.assertIn("has ended", self.url_open(f"/my/clubs/{self.membership.id}").text)

    def test_the_customer_sees_points_their_last_day_and_the_newest_movements(self):
        card = self.membership.card_id
        card._book(30, "gift", "a", reason="He complained a lot", expires_on=fields.Date.to_date("2031-12-31"))
        card._book(-12, "redeem", "b")
        self.authenticate("siti", "siti" * 2)
        page = self.url_open(f"/my/clubs/{self.membership.id}").text
        for text in ("18 Points", "12/31/2031", "Redeemed", "-12", "+30"):
            self.assertIn(text, page)
        self.assertNotIn("complained", page)

    def test_the_card_has_the_colours_and_the_logo_of_the_club(self):
        stream = io.BytesIO()
        Image.new("RGB", (30, 12), "#ffcc00").save(stream, "PNG")
        self.club.write({"card_color": "#fde047", "card_logo": base64.b64encode(stream.getvalue())})
        self.authenticate("siti", "siti" * 2)
        page = self.url_open(f"/my/clubs/{self.membership.id}").text
        self.assertIn("background-color: #fde047; color: #000000;", page)
        self.assertIn('src="data:image/png;base64,', page)

    def test_the_codes_are_in_the_page_and_need_no_network(self):
        self.authenticate("siti", "siti" * 2)
        page = self.url_open(f"/my/clubs/{self.membership.id}").text
        self.assertNotIn("/report/barcode", page)
        for code in self.membership._card_codes().values():
            self.assertIn(str(code), page)

    def test_the_customer_sees_what_he_can_have_for_his_points(self):
        self.club.program_id.reward_ids.required_points = 50
        self.membership.card_id._book(30, "gift", "a")
        self.authenticate("siti", "siti" * 2)
        self.assertIn("20 Points", self.url_open(f"/my/clubs/{self.membership.id}").text)  # missing
        self.membership.card_id._book(30, "gift", "b")
        page = self.url_open(f"/my/clubs/{self.membership.id}").text
        self.assertIn("You can have it", page)
        self.assertIn("50.00", page)  # what the one portion that he can have is worth

    def test_the_customer_sees_how_far_it_is_to_the_next_tier(self):
        self.authenticate("siti", "siti" * 2)
        self.assertNotIn("o_club_progress", self.url_open(f"/my/clubs/{self.membership.id}").text)
        self.club.write({"qualification_metric": "spend", "qualification_period": "rolling"})
        self.silver.threshold, self.gold.threshold = 500, 1000
        self.membership._change_tier(self.silver, "by hand")
        self.membership.qualified_value = 250
        page = self.url_open(f"/my/clubs/{self.membership.id}").text
        self.assertIn('aria-valuenow="25"', page)
        self.assertRegex(page, "750.* to Gold")

    def test_the_history_is_paged_newest_first(self):
        for number in range(45):
            self.membership.card_id._book(number + 1, "gift", f"h/{number}")
        self.authenticate("siti", "siti" * 2)
        url = f"/my/clubs/{self.membership.id}/points"
        self.assertIn(url, self.url_open(f"/my/clubs/{self.membership.id}").text)
        pages = [self.url_open(f"{url}?page={page}").text for page in (1, 2, 3)]
        for page, inside, outside in zip(pages, ("+45<", "+25<", "+5<"), ("+25<", "+45<", "+25<"), strict=True):
            self.assertIn(inside, page)
            self.assertNotIn(outside, page)
        self.assertIn("+45<", self.url_open(url).text)
        self.assertIn("Page 2 of 3", " ".join(pages[1].split()).replace("<span>", ""))

    def test_a_page_that_is_none_is_not_found(self):
        self.authenticate("siti", "siti" * 2)
        for page in ("0", "2", "-1", "abc", "", "1e3", "٣", "9" * 40, "1%00", "1;drop"):
            self.assertEqual(self.url_open(f"/my/clubs/{self.membership.id}/points?page={page}").status_code, 404, page)

    def test_the_customer_prints_the_card(self):
        self.authenticate("siti", "siti" * 2)
        answer = self.url_open(f"/my/clubs/{self.membership.id}/card.pdf")
        self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, "application/pdf"))
        self.assertTrue(answer.content.startswith(b"%PDF"))
        self.membership._end("moved away")
        answer = self.url_open(f"/my/clubs/{self.membership.id}/card.pdf")
        self.assertEqual(answer.status_code, 409)
        self.assertIn("ended", answer.text)

    def test_points_and_card_of_somebody_else_are_not_found(self):
        self.authenticate("budi", "budi" * 2)
        for page in ("points", "points?page=1", "card.pdf"):
            self.assertEqual(self.url_open(f"/my/clubs/{self.membership.id}/{page}").status_code, 404, page)
        for report in ("card", "card_sheets"):
            answer = self.url_open(f"/report/pdf/crm_loyalty.{report}/{self.membership.id}")
            self.assertEqual(answer.status_code, 403, report)

    def test_by_remote_call_a_customer_reads_and_books_no_points(self):
        self.membership.card_id._book(30, "gift", "a")
        card = self.membership.card_id
        self.authenticate("siti", "siti" * 2)
        for model, method, args in (
            ("loyalty.ledger.entry", "search_read", [[], ["points"]]),
            ("loyalty.card", "redeem_points", [card.ids, 5, "portal-0001"]),
            ("loyalty.card", "adjust_points", [card.ids, 500, "mine"]),
            ("loyalty.card", "write", [card.ids, {"points": 500}]),
            ("loyalty.card", "_book", [card.ids, 500, "gift", "x"]),
        ):
            answer = self.url_open(
                "/web/dataset/call_kw",
                json={"params": {"model": model, "method": method, "args": args, "kwargs": {}}},
            )
            self.assertTrue(answer.json().get("error"), method)
        self.assertEqual(card.points, 30)
