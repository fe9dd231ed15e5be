from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .article_case import ArticleCase


@tagged("post_install", "-at_install")
class TestArticleAccess(ArticleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visitor = cls.env.ref("base.public_user")
        cls.draft = cls.new_article("Price of the new beans", state="draft")
        cls.outside = (cls.visitor, cls.siti_user, cls.employee)

    def reads(self, user, record):
        return record.with_user(user).has_access("read") and bool(
            self.env[record._name].with_user(user).search_count([("id", "=", record.id)])
        )

    def test_everybody_reads_what_is_published_for_the_public(self):
        for user in (*self.outside, self.agent, self.leader):
            self.assertTrue(self.reads(user, self.refund), user.name)

    def test_customers_visitors_and_employees_read_neither_drafts_nor_staff_articles_by_id(self):
        for user in self.outside:
            for article in (self.draft, self.staff):
                self.assertFalse(self.reads(user, article), f"{user.name}: {article.name}")
                with self.assertRaises(AccessError):
                    article.with_user(user).read(["name"])

    def test_an_archived_article_is_gone_for_readers(self):
        self.refund.action_archive_article()
        for user in self.outside:
            self.assertFalse(self.reads(user, self.refund), user.name)

    def test_agents_read_what_is_published_for_staff_and_not_the_drafts_of_others(self):
        self.assertTrue(self.reads(self.agent, self.staff))
        self.assertFalse(self.reads(self.agent, self.draft))

    def test_an_article_of_a_team_is_read_by_its_members(self):
        team = self.env["service.team"].create({"name": "Board", "member_ids": self.leader.ids})
        self.staff.team_ids = team
        self.assertFalse(self.reads(self.agent, self.staff))
        team.member_ids += self.agent
        self.assertTrue(self.reads(self.agent, self.staff))

    def test_readers_change_nothing(self):
        for user in self.outside:
            article = self.refund.with_user(user)
            for attack in (
                lambda article=article: article.write({"body": "<p>x</p>"}),
                lambda article=article: article.unlink(),
                lambda article=article: article.create({"name": "x"}),
                lambda article=article: article.action_draft(),
            ):
                with self.assertRaises(AccessError):
                    attack()

    def test_an_agent_writes_drafts_of_his_own_and_publishes_nothing(self):
        mine = self.articles.with_user(self.agent).create({"name": "Milk", "body": "<p>Oat or cow.</p>"})
        mine.body = "<p>Oat, soy or cow.</p>"
        for attack in (
            lambda: mine.action_publish(),
            lambda: mine.write({"state": "archived"}),
            lambda: mine.create({"name": "x", "state": "published"}),
            lambda: self.refund.with_user(self.agent).write({"name": "x"}),
            lambda: self.draft.with_user(self.agent).write({"name": "x"}),
            lambda: mine.create({"name": "x", "user_id": self.leader.id}),
            lambda: mine.unlink(),
        ):
            with self.assertRaises(AccessError):
                attack()

    def test_what_a_leader_has_published_its_author_changes_no_more(self):
        mine = self.articles.with_user(self.agent).create({"name": "Milk"})
        mine.with_user(self.leader).action_publish()
        with self.assertRaises(AccessError):
            mine.name = "Water"

    def test_a_published_article_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, "Archive it first"):
            self.refund.with_user(self.manager).unlink()

    def test_versions_votes_figures_and_searches_are_for_the_desk(self):
        self.refund.body = "<p>New</p>"
        vote = self.env["service.article.vote"]
        vote._vote(self.refund, "somebody", True)
        self.env["service.article.day"]._count_one(self.refund, "views")
        self.env["service.article.miss"]._note("helicopter")
        for model in ("version", "vote", "day", "miss", "word", "report"):
            records = self.env[f"service.article.{model}"].search([], limit=1)
            self.assertTrue(records, model)
            for user in self.outside:
                with self.assertRaises(AccessError, msg=f"{user.name}: {model}"):
                    records.with_user(user).read(["id"])
        with self.assertRaises(AccessError):
            self.env["service.article.report"].with_user(self.agent).search([])
        with self.assertRaises(AccessError):
            vote.search([], limit=1).with_user(self.manager).read(["voter"])

    def test_an_agent_reads_no_versions_of_what_he_may_not_read(self):
        team = self.env["service.team"].create({"name": "Board", "member_ids": self.leader.ids})
        self.staff.team_ids = team
        self.assertFalse(self.reads(self.agent, self.staff.version_ids))
        self.assertTrue(self.reads(self.leader, self.staff.version_ids))

    def test_nobody_changes_a_version(self):
        version = self.refund.version_ids
        for user in (self.agent, self.manager):
            with self.assertRaisesRegex(UserError, "not changed"):
                version.with_user(user).write({"body": "x"})
            with self.assertRaises(AccessError):
                version.with_user(user).unlink()
        with self.assertRaisesRegex(UserError, "not changed"):
            version.sudo().write({"body": "x"})

    def test_another_company_reads_nothing_of_ours(self):
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        stranger = new_test_user(
            self.env,
            "dago",
            groups="crm_service_desk.group_service_manager",
            company_id=other.id,
            company_ids=other.ids,
        )
        ours = self.new_article("Ours alone", company_id=self.company.id)
        theirs = self.new_article("Theirs alone", company_id=other.id)
        self.env["service.article.vote"]._vote(ours, "somebody", True)
        self.env["service.article.day"]._count_one(ours, "views")
        self.assertFalse(self.reads(stranger, ours))
        self.assertFalse(self.reads(stranger, ours.version_ids))
        for model in ("version", "vote", "day", "report"):
            self.assertFalse(
                self.env[f"service.article.{model}"].with_user(stranger).search([("article_id", "=", ours.id)]), model
            )
        for user in (*self.outside, self.manager):
            self.assertFalse(self.reads(user, theirs), user.name)
        self.assertEqual(self.found("alone", stranger), ["Theirs alone"])
        self.assertEqual(self.found("alone", self.visitor), ["Ours alone"])

    def test_files_of_an_article_are_not_read_by_id_from_outside(self):
        file = self.env["ir.attachment"].create({"name": "a.txt", "raw": b"x", "res_model": "service.article"})
        self.refund.attachment_ids = file
        self.assertEqual(file.res_id, self.refund.id)
        for user in (self.visitor, self.siti_user):
            self.assertFalse(file.with_user(user).has_access("read"), user.name)
        self.assertTrue(file.with_user(self.agent).has_access("read"))
        self.refund.action_draft()
        self.assertFalse(file.with_user(self.employee).has_access("read"))

    def test_what_editors_say_to_each_other_is_not_for_customers(self):
        message = self.refund.message_post(
            body="Is this right?", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertTrue(message.is_internal)
        self.assertFalse(self.env["mail.message"].with_user(self.siti_user).search([("id", "=", message.id)]))
