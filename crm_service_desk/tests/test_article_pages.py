import re

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers import help_pages
from ..models import service_help_limit
from .article_case import ArticleHttpCase


@tagged("post_install", "-at_install")
class TestArticlePages(ArticleHttpCase):
    """The help pages, read and attacked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env["service.category"].create({"name": "Money & beans"})
        cls.refund.category_id = cls.category

    def setUp(self):
        super().setUp()
        self.enter(None)

    def page(self, address, **options):
        return self.url_open(address, **options)

    def vote(self, article=None, **typed):
        return self.page(
            f"/help/{(article or self.refund).id}/vote", data={"csrf_token": self.token(), "helpful": "yes", **typed}
        )

    def votes(self):
        return self.env["service.article.vote"].search([("article_id", "=", self.refund.id)])

    def figure(self, name, article=None):
        days = self.env["service.article.day"].search([("article_id", "=", (article or self.refund).id)])
        return sum(days.mapped(name))

    # Reading

    def test_visitors_and_customers_see_articles_by_category(self):
        for user in (None, self.siti_user, self.employee, self.agent):
            self.enter(user)
            page = self.page("/help")
            self.assertEqual(page.status_code, 200)
            self.assertIn("Money &amp; beans", page.text)
            self.assertIn(self.refund.name, page.text)
            self.assertNotIn(self.staff.name, page.text, "an agent sees here what his customers see")

    def test_a_category_with_many_articles_has_pages(self):
        for number in range(25):
            self.new_article(f"Answer {number:02}", category_id=self.category.id)
        self.assertIn("All 26", re.sub(r"\s+", " ", re.sub("<[^>]+>", "", self.page("/help").text)))
        first = self.page(f"/help?category={self.category.id}").text
        self.assertIn("Answer 19", first)
        self.assertNotIn("Answer 24", first)
        self.assertIn("Answer 24", self.page(f"/help?category={self.category.id}&page=2").text)

    def test_an_article_has_a_page_and_one_address(self):
        page = self.page(self.refund._page_url())
        self.assertEqual(page.status_code, 200)
        self.assertIn("Bring the receipt", page.text)
        for other in (f"/help/{self.refund.id}", f"/help/old-title-{self.refund.id}"):
            answer = self.page(other, allow_redirects=False)
            self.assertEqual(
                (answer.status_code, answer.headers["Location"].endswith(self.refund._page_url())), (301, True)
            )

    def test_a_search_forgives_a_mistake_and_marks_what_was_found(self):
        page = self.page("/help?search=reciept").text
        self.assertIn(self.refund.name, page)
        self.assertIn("<mark>receipt</mark>", page)

    def test_a_search_without_result_says_what_to_do(self):
        page = self.page("/help?search=helicopter")
        self.assertEqual(page.status_code, 200)
        self.assertIn("/service/new", page.text)

    def test_what_is_typed_and_written_is_only_text(self):
        self.new_article("<img src=x onerror=alert(1)> tags", "<p>&lt;script&gt;alert(2)&lt;/script&gt; tags</p>")
        typed = "%3Cscript%3Ealert(3)%3C/script%3E"
        for page in (self.page("/help?search=tags").text, self.page(f"/help?search=tags%20{typed}").text):
            self.assertNotIn("<script>alert", page)
            self.assertNotIn("<img src=x", page)
        self.assertIn("&lt;script&gt;alert(2)", self.page("/help?search=tags").text)

    def test_a_file_is_read_through_its_article_only(self):
        file = self.env["ir.attachment"].create({"name": "plan.txt", "raw": b"map", "res_model": "service.article"})
        self.refund.attachment_ids = file
        address = f"/help/{self.refund.id}/file/{file.id}"
        self.assertEqual(self.page(address).content, b"map")
        self.assertIn(address, self.page(self.refund._page_url()).text)
        for attack in (
            f"/web/content/{file.id}",
            f"/help/{self.beans.id}/file/{file.id}",
            f"/help/{self.refund.id}/file/1",
        ):
            self.assertEqual(self.page(attack).status_code, 404, attack)
        self.refund.action_draft()
        self.assertEqual(self.page(address).status_code, 404)

    def test_other_languages_are_offered(self):
        indonesian = self.env["res.lang"]._activate_lang("id_ID")
        kembali = self.new_article("Uang kembali", lang_id=indonesian.id, original_id=self.refund.id)
        self.assertIn(kembali._page_url(), self.page(self.refund._page_url()).text)
        kembali.action_draft()
        self.assertNotIn(f'-{kembali.id}"', self.page(self.refund._page_url()).text)

    # Attacking

    def test_what_is_not_for_the_public_is_answered_like_what_does_not_exist(self):
        draft = self.new_article("Secret price", state="draft")
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        theirs = self.new_article("Theirs", company_id=other.id)
        for user in (None, self.siti_user, self.employee, self.agent):
            self.enter(user)
            for article in (draft, self.staff, theirs):
                for address in (article._page_url(), f"/help/{article.id}/text", f"/help/x-{article.id}"):
                    page = self.page(address)
                    self.assertEqual(page.status_code, 404, f"{user and user.name}: {address}")
                    self.assertNotIn(article.name, page.text)
            for address in ("/help/99999999", "/help/99999999999999999999", "/help/x", "/help/x-0", "/help/0"):
                self.assertEqual(self.page(address).status_code, 404, address)

    def test_a_category_of_which_there_is_nothing_to_read_is_not_told(self):
        hidden = self.env["service.category"].create({"name": "Lawsuits"})
        self.staff.category_id = hidden
        for address in (
            f"/help?category={hidden.id}",
            "/help?category=abc",
            "/help?category=-1",
            "/help?category=99999999999",
            f"/help?category={self.category.id}&page=x",
            f"/help?category={self.category.id}&page=999999",
        ):
            page = self.page(address)
            self.assertEqual(page.status_code, 404, address)
            self.assertNotIn("Lawsuits", page.text)

    def test_nonsense_is_never_a_server_error(self):
        for address in (
            "/help?search=%00",
            "/help?search=" + "x" * 5000,
            "/help?search=%F0%9F%98%80%27%22%26%7C!()",
            "/help?category=&page=",
            "/help/%00",
            "/help/-1",
            "/help/²",
        ):
            self.assertLess(self.page(address).status_code, 500, address)

    # Voting

    def test_a_visitor_votes_once_and_may_change_his_mind(self):
        self.page(self.refund._page_url())
        self.vote()
        self.vote(helpful="no", comment="Which shop?")
        self.assertEqual([(vote.helpful, vote.comment) for vote in self.votes()], [(False, "Which shop?")])
        self.assertEqual(self.refund.helpful_text, "0 of 1")

    def test_two_people_have_two_votes_and_nobody_is_named(self):
        for user in (self.siti_user, self.budi_user):
            self.enter(user)
            self.vote()
        votes = self.votes()
        self.assertEqual((len(votes), self.refund.helpful_text), (2, "2 of 2"))
        self.assertFalse((self.siti_user | self.budi_user) & (votes.create_uid | votes.write_uid))

    def test_addresses_and_numbers_in_a_comment_are_masked(self):
        self.vote(comment="Call me: 0812 3456 7890 or siti@rahmawati.example")
        self.assertEqual(self.votes().comment, "Call me: … or …")

    @mute_logger("odoo.http")
    def test_without_csrf_token_or_by_get_nobody_votes(self):
        self.assertEqual(self.vote(csrf_token="forged").status_code, 400)
        self.assertEqual(self.page(f"/help/{self.refund.id}/vote?helpful=yes").status_code, 405)
        self.assertEqual(self.page(f"/help/{self.refund.id}/solved").status_code, 405)
        self.assertEqual(self.page(f"/help/{self.refund.id}/solved", data={"csrf_token": "forged"}).status_code, 400)
        self.assertFalse(self.votes() or self.figure("deflections"))

    def test_nonsense_is_no_vote(self):
        for typed in ({"helpful": "perhaps"}, {"helpful": ""}, {"comment": "x" * 1001}):
            page = self.vote(**typed)
            self.assertEqual(page.status_code, 400)
            self.assertIn("Please choose", page.text)
        self.assertEqual(self.vote(self.staff).status_code, 404)
        self.assertFalse(self.env["service.article.vote"].search([]))

    def test_a_machine_that_votes_again_and_again_is_stopped(self):
        self.patch(service_help_limit, "PER_HOUR", {**service_help_limit.PER_HOUR, "vote": 2, "deflection": 1})
        self.assertEqual([self.vote().status_code for _again in range(3)], [200, 200, 429])
        for article, status in ((self.refund, 200), (self.beans, 429)):
            answer = self.page(f"/help/{article.id}/solved", data={"csrf_token": self.token()})
            self.assertEqual(answer.status_code, status)

    # Counting

    def test_a_visitor_counts_once_a_day(self):
        for _again in range(3):
            self.page(self.refund._page_url())
        self.assertEqual(self.figure("views"), 1)
        self.enter(self.siti_user)
        self.page(self.refund._page_url())
        self.assertEqual(self.figure("views"), 2)

    def test_this_solved_it_counts_once(self):
        for _again in range(2):
            self.page(f"/help/{self.refund.id}/solved", data={"csrf_token": self.token()})
        self.assertEqual(self.figure("deflections"), 1)

    def test_what_was_searched_in_vain_is_counted_without_what_tells_who(self):
        for typed in ("Helicopter", "helicopter!", "helicopter siti@rahmawati.example 0812 3456 7890"):
            self.page(f"/help?search={typed}")
        misses = self.env["service.article.miss"].search([])
        self.assertEqual([(miss.term, miss.times) for miss in misses], [("helicopter", 3)])
        self.page("/help?search=refund")
        self.page("/help?search=siti@rahmawati.example")
        self.assertEqual(self.env["service.article.miss"].search([]), misses)


@tagged("post_install", "-at_install")
class TestArticleSuggestions(ArticleHttpCase):
    def suggest(self, subject):
        answer = self.make_jsonrpc_request("/help/suggest", {"subject": subject})
        return [article["name"] for article in answer]

    def test_the_subject_suggests_articles_that_answer_it(self):
        self.enter(self.siti_user)
        self.assertEqual(self.suggest("I want a refnd"), [self.refund.name])
        self.assertEqual(self.suggest("angry guests"), [])
        for nothing in ("", None, ["x"], {"a": 1}, 5, "\x00", "x" * 10_000):
            self.assertEqual(self.suggest(nothing), [])

    def test_what_is_typed_in_a_form_is_not_kept(self):
        self.suggest("my helicopter is broken")
        self.assertFalse(self.env["service.article.miss"].search([]))

    def test_at_most_four_are_suggested(self):
        for number in range(6):
            self.new_article(f"Parking {number}")
        self.assertEqual(len(self.suggest("parking")), help_pages.SUGGESTIONS)

    def test_both_forms_lead_to_the_answers(self):
        self.enter(None)
        self.assertIn('href="/help"', self.url_open("/service/new").text)
        self.enter(self.siti_user)
        self.assertIn('href="/help"', self.url_open("/my/tickets/new").text)
        self.assertIn('href="/help"', self.url_open("/my").text)
