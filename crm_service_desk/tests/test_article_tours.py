from odoo.tests import tagged

from .article_case import ArticleHttpCase


@tagged("post_install", "-at_install")
class TestArticleTours(ArticleHttpCase):
    def test_a_leader_writes_and_publishes(self):
        self.start_tour(
            "/odoo/articles", "crm_service_desk.article_written_and_published", login=self.leader.login, timeout=120
        )
        article = self.articles.search([("name", "=", "Where do I park?")])
        self.assertEqual((article.state, article.audience, article.version_count), ("published", "public", 1))
        self.assertEqual(self.found("garage"), [article.name])

    def test_a_customer_searches_with_a_mistake_and_votes(self):
        self.start_tour("/my", "crm_service_desk.help_searched_and_voted", login=self.siti_user.login, timeout=120)
        vote = self.env["service.article.vote"].search([("article_id", "=", self.refund.id)])
        self.assertEqual((vote.helpful, vote.comment), (False, "Which shop?"))

    def test_the_form_suggests_an_article_that_solves_the_matter(self):
        self.start_tour(
            "/my/tickets/new", "crm_service_desk.form_suggests_article", login=self.siti_user.login, timeout=120
        )
        self.assertEqual(self.env["service.article.day"].search([]).mapped("deflections"), [1])

    def test_an_agent_puts_an_article_into_his_answer(self):
        ticket = self.new_ticket(name="I want a refund", user_id=self.agent.id)
        self.start_tour(
            f"/odoo/tickets/{ticket.id}", "crm_service_desk.article_into_answer", login=self.agent.login, timeout=120
        )
        self.assertTrue(ticket.message_ids.filtered(lambda message: "Bring the receipt" in message.body))
