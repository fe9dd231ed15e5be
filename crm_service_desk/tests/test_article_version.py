from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .article_case import ArticleCase


@tagged("post_install", "-at_install")
class TestArticleVersion(ArticleCase):
    def test_a_draft_has_no_versions_and_publishing_makes_the_first(self):
        draft = self.new_article("Milk", "<p>Oat</p>", state="draft")
        draft.body = "<p>Oat or soy</p>"
        self.assertFalse(draft.version_ids)
        draft.with_user(self.leader).action_publish()
        self.assertEqual((draft.version_ids.number, draft.version_ids.user_id), (1, self.leader))
        self.assertEqual(draft.version_ids.body, "<p>Oat or soy</p>")

    def test_each_change_of_what_readers_see_is_a_version(self):
        self.refund.with_user(self.leader).body = "<p>Bring the receipt.</p>"
        self.refund.with_user(self.manager).name = "Refunds"
        self.assertEqual(self.refund.version_ids.mapped("number"), [3, 2, 1])
        self.assertEqual(self.refund.version_ids.mapped("user_id")[:2], self.manager | self.leader)

    def test_what_readers_do_not_see_makes_no_version(self):
        self.refund.write({"review_date": fields.Date.today(), "user_id": self.leader.id, "body": self.refund.body})
        self.refund.action_draft()
        self.refund.action_publish()
        self.assertEqual(self.refund.version_count, 1)

    def test_two_versions_are_compared(self):
        self.refund.body = "<p>Bring the receipt. Refunds take five days.</p>"
        version = self.refund.version_ids[0]
        self.assertEqual(version.compare_id.number, 1)
        self.assertRegex(version.comparison, "<added>.*five days.*</added>")
        self.assertRegex(version.comparison, "<removed>.*three days.*</removed>")

    def test_an_old_version_is_made_the_text_again(self):
        self.refund.write({"name": "Nonsense", "body": "<p>Nonsense</p>"})
        self.refund.version_ids[-1].with_user(self.leader).action_restore()
        self.assertEqual(self.refund.name, "How do I get a refund?")
        self.assertEqual(self.refund.version_ids.mapped("number"), [3, 2, 1])
        self.assertEqual(self.refund.version_ids[0].body, self.refund.version_ids[-1].body)

    def test_scripts_do_not_get_into_an_article(self):
        self.refund.body = '<p onclick="alert(1)">x<script>alert(1)</script></p>'
        self.assertNotRegex(str(self.refund.version_ids[0].body), "script|onclick")


@tagged("post_install", "-at_install")
class TestArticleReview(ArticleCase):
    def asked(self, article):
        return self.env["mail.activity"].search_count(
            [("res_model", "=", "service.article"), ("res_id", "=", article.id)]
        )

    def ask(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_service_desk.ir_cron_article_review").method_direct_trigger()

    def test_the_author_is_asked_once_for_each_date(self):
        self.refund.write({"review_date": fields.Date.today(), "user_id": self.leader.id})
        self.ask()
        self.ask()
        self.assertEqual(self.asked(self.refund), 1)
        self.assertEqual(self.refund.activity_ids.user_id, self.leader)
        self.refund.review_date = fields.Date.today() - timedelta(days=1)
        self.ask()
        self.assertEqual(self.asked(self.refund), 2)

    def test_nobody_is_asked_of_drafts_and_of_what_is_not_due(self):
        self.refund.review_date = fields.Date.today() + timedelta(days=1)
        self.new_article("Draft", state="draft", review_date=fields.Date.today())
        self.ask()
        self.assertFalse(self.env["mail.activity"].search_count([("res_model", "=", "service.article")]))

    def test_still_right_asks_again_in_a_year_and_ends_the_activity(self):
        self.refund.review_date = fields.Date.today()
        self.ask()
        self.assertTrue(self.refund.needs_review)
        self.assertEqual(self.articles.search([("needs_review", "=", True)]), self.refund)
        self.refund.action_reviewed()
        self.assertFalse(self.refund.needs_review or self.asked(self.refund))
        self.assertGreater(self.refund.review_date, fields.Date.today() + timedelta(days=360))

    def test_where_the_author_has_left_somebody_else_is_asked(self):
        gone = self.leader.copy({"login": "gone"})
        self.refund.write({"review_date": fields.Date.today(), "user_id": gone.id})
        gone.active = False
        self.ask()
        self.assertTrue(self.refund.activity_ids.user_id.active)

    def test_publishing_sets_the_day_of_review(self):
        draft = self.new_article("Milk", state="draft")
        draft.action_publish()
        self.assertTrue(draft.review_date)
