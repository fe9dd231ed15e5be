import logging
import time

from odoo.tests import tagged
from odoo.tools import SQL

from .article_case import ArticleCase
from .article_volume import fill, searches

_logger = logging.getLogger(__name__)


class ArticleSpeedCase(ArticleCase):
    def queries(self, action):
        """The number of queries of ``action`` on a cold cache."""
        action()  # registry caches
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestArticleQueries(ArticleSpeedCase):
    """One article and many cost the same number of queries."""

    def many(self, count=50, **values):
        return self.articles.create(
            [{"name": f"Parking {n}", "state": "published", "audience": "public", **values} for n in range(count)]
        )

    def assertNoMoreQueriesAfterwards(self, action, change):
        before = self.queries(action)
        change()
        self.assertEqual(self.queries(action), before)

    def test_a_search_that_finds_one_and_one_that_finds_many(self):
        self.new_article("Parking")
        hits = lambda: self.articles.with_user(self.siti_user)._hits("parkign", limit=100)  # noqa: E731
        self.assertNoMoreQueriesAfterwards(hits, self.many)

    def test_a_search_of_one_word_and_one_of_twelve(self):
        self.new_article("Parking")
        find = self.articles.with_user(self.siti_user)._hits
        one = self.queries(lambda: find("parkign"))
        self.assertEqual(
            self.queries(lambda: find("parkign refnd reciept beans bags days three take get do how a")), one
        )

    def test_the_help_page_with_few_and_with_many_categories(self):
        self.new_article("Parking", category_id=self.env["service.category"].create({"name": "First"}).id)

        def add():
            for number in range(10):
                category = self.env["service.category"].create({"name": f"Category {number}"})
                self.many(8, category_id=category.id)

        page = lambda: self.articles.with_user(self.siti_user)._by_category()  # noqa: E731
        self.assertNoMoreQueriesAfterwards(page, add)

    def test_publishing_one_and_many(self):
        quiet = self.articles.with_context(tracking_disable=True, mail_notrack=True)
        drafts = quiet.create([{"name": f"Draft {n}", "body": "<p>x</p>"} for n in range(51)])
        drafts[0].write({"state": "published"})

        def publish(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.write({"state": "published"})
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few = publish(drafts[1:2])
        self.assertLessEqual(publish(drafts[2:]), few)

    def test_the_list_of_articles(self):
        articles = self.many(100).with_user(self.leader)
        columns = {"name": {}, "helpful_text": {}, "vote_count": {}, "version_count": {}, "needs_review": {}}
        self.assertEqual(
            self.queries(lambda: articles.web_read(columns)), self.queries(lambda: articles[:1].web_read(columns))
        )


@tagged("post_install", "-at_install")
class TestArticleSearchPlans(ArticleSpeedCase):
    """With ten thousand articles each step of a search uses its index."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        fill(cls.env, 10_000, cls.env.ref("base.lang_en").id)

    def plan(self, query):
        self.env.flush_all()
        return "\n".join(row[0] for row in self.env.execute_query(SQL("EXPLAIN %s", query)))

    def test_each_step_of_a_search_has_its_index(self):
        words = self.env["service.article.word"]
        typed = ["gufoki", "lomuan"]
        plan = self.plan(words._known_query(typed))
        self.assertIn("service_article_word_word_prefix_idx", plan)
        self.assertIn("service_article_word_word_uidx", plan)
        self.assertIn("service_article_word_trigram_idx", self.plan(words._alike_query(typed)))
        articles = self.articles.with_user(self.siti_user)
        query = articles._find_query(words._meanings(typed), articles._public_domain())
        query.limit = 10
        self.assertIn("service_article_search_vector_idx", self.plan(query.select()))

    def test_a_mistyped_word_is_found_among_ten_thousand_articles(self):
        self.assertEqual(self.found("reciept"), [self.refund.name])

    def test_ninety_five_of_a_hundred_searches_are_quick(self):
        """Measured and written to the log; the limit is far above what it takes, for the machine may be busy."""
        find = self.articles.with_user(self.siti_user)._hits
        find("warm up")
        laps, found = [], 0
        for term in searches(100):
            self.env.invalidate_all()
            start = time.perf_counter()
            found += bool(find(term))
            laps.append(time.perf_counter() - start)
        laps.sort()
        _logger.info("Search of 10,000 articles: p50 %.1f ms, p95 %.1f ms", laps[50] * 1000, laps[95] * 1000)
        self.assertEqual(found, 100)
        self.assertLess(laps[95], 2)
