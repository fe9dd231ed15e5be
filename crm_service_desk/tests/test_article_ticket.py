from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .article_case import ArticleCase


@tagged("post_install", "-at_install")
class TestArticleTicket(ArticleCase):
    """Articles beside a ticket."""

    def suggested(self, ticket, search="", user=None):
        return [hit["name"] for hit in ticket.with_user(user or self.agent).article_suggestions(search)]

    def agents_ticket(self, **values):
        return self.new_ticket(**{"user_id": self.agent.id, **values})

    def test_the_subject_suggests_articles_also_those_for_staff(self):
        ticket = self.agents_ticket(name="Angry because of a refund")
        self.assertEqual(set(self.suggested(ticket)), {self.refund.name, self.staff.name})

    def test_of_articles_that_fit_as_well_the_one_of_the_category_comes_first(self):
        category = self.env["service.category"].create({"name": "Money"})
        twin = self.new_article("Refund at the airport", category_id=category.id)
        ticket = self.agents_ticket(name="refund", category_id=category.id)
        self.assertEqual(self.suggested(ticket)[0], twin.name)

    def test_the_agent_searches_himself(self):
        self.assertEqual(self.suggested(self.agents_ticket(), "unopened bags"), [self.beans.name])
        self.suggested(self.agents_ticket(), "helicopter")
        self.assertEqual(self.env["service.article.miss"].search([]).term, "helicopter")

    def test_articles_are_in_the_language_of_the_customer(self):
        indonesian = self.env["res.lang"]._activate_lang("id_ID")
        kembali = self.new_article("Refund: uang kembali", lang_id=indonesian.id, original_id=self.refund.id)
        self.siti.lang = "id_ID"
        self.assertEqual(self.suggested(self.agents_ticket(name="refund")), [kembali.name])

    def test_who_may_not_read_the_ticket_is_told_nothing_of_it(self):
        with self.assertRaises(AccessError):
            self.suggested(self.new_ticket(), user=self.employee)
        with self.assertRaises(AccessError):
            self.new_ticket().with_user(self.budi_user).article_suggestions()

    def test_the_text_or_a_link_goes_into_the_composer(self):
        ticket = self.agents_ticket().with_user(self.agent)
        for part, expected in (("text", "border-left.*Bring the receipt"), ("link", self.refund._page_url())):
            action = ticket.action_answer_with_article(self.refund.id, part)
            composer = (
                self.env["mail.compose.message"].with_user(self.agent).with_context(**action["context"]).create({})
            )
            self.assertRegex(composer.body, expected)
            composer.action_send_mail()
            self.assertRegex(ticket.message_ids[0].body, expected)
        self.assertEqual(sum(self.env["service.article.day"].search([]).mapped("insertions")), 2)

    def test_an_article_for_staff_does_not_go_to_customers(self):
        ticket = self.agents_ticket().with_user(self.agent)
        with self.assertRaisesRegex(UserError, "own words"):
            ticket.action_answer_with_article(self.staff.id)
        with self.assertRaises(AccessError):
            ticket.with_user(self.siti_user).action_answer_with_article(self.refund.id)
        with self.assertRaises(AccessError):
            ticket.action_answer_with_article(self.new_article("Draft", state="draft").id)

    def test_an_article_is_made_from_the_question_and_the_last_answer(self):
        ticket = self.agents_ticket(name="Cold coffee", description="<p>It was cold.</p>")
        self.say(ticket, self.agent, "We are looking into it.")
        self.say(ticket, self.agent, "We make a new one at once.")
        self.say(ticket, self.siti_user, "Thanks")
        ticket.message_post(body="Do not tell him", subtype_xmlid="mail.mt_note", author_id=self.agent.partner_id.id)
        article = self.articles.browse(ticket.with_user(self.agent).action_make_article()["res_id"])
        self.assertEqual((article.state, article.audience, article.user_id), ("draft", "staff", self.agent))
        self.assertRegex(article.plain_text, r"(?s)It was cold.*We make a new one at once")
        self.assertNotRegex(article.plain_text, "looking into|Thanks|Do not tell")

    def test_nothing_tells_who_the_customer_was(self):
        self.siti.write({"phone": "0812 3456 7890", "street": "Jalan Braga 12", "vat": False})
        ticket = self.agents_ticket(name="Coffee of Siti Rahmawati")
        ticket.description = (
            "<p>I am SITI, write to siti@rahmawati.example or +62 812-3456-7890, Jalan Braga 12. "
            f"Mrs Rahmawati, ticket {ticket.number}.</p>"
        )
        self.say(ticket, self.agent, "Dear Siti, we send it to Jalan Braga 12.")
        article = self.articles.browse(ticket.with_user(self.agent).action_make_article()["res_id"])
        for told in ("siti", "rahmawati", "812", "3456", "braga", ticket.number.lower()):
            self.assertNotIn(told, f"{article.name} {article.plain_text}".lower())
        self.assertFalse(article.has_access("read") and article.with_user(self.siti_user).has_access("read"))

    def test_anonymising_the_customer_deletes_the_drafts_that_hold_his_question(self):
        made = self.env["service.article"]
        for words in ("My cup of three years broke", "Do you roast on Sundays?", "Where is the shop?"):
            ticket = self.agents_ticket(name=words, description=words)
            made |= made.browse(ticket.with_user(self.agent).action_make_article()["res_id"])
        draft, published, others = made
        indonesian = self.env["res.lang"]._activate_lang("id_ID")
        translation = self.new_article("Cangkir saya", state="draft", lang_id=indonesian.id, original_id=draft.id)
        published.state = "published"
        others.ticket_id = self.new_ticket(self.budi)
        customer = self.siti.with_user(self.env.ref("base.user_admin"))
        customer._anonymise()
        self.assertFalse((draft | translation).exists())
        self.assertEqual((published | others).exists(), published | others)

    def test_the_leader_of_the_team_is_asked_to_review_it(self):
        self.team.user_id = self.leader
        ticket = self.agents_ticket()
        article = self.articles.browse(ticket.with_user(self.agent).action_make_article()["res_id"])
        self.assertEqual(article.activity_ids.user_id, self.leader)


@tagged("post_install", "-at_install")
class TestArticleFigures(ArticleCase):
    def vote(self, yes, no):
        for number in range(yes + no):
            self.env["service.article.vote"]._vote(self.refund, f"voter {number}", number < yes)

    def report(self):
        return self.env["service.article.report"].browse(self.refund.id)

    def test_the_interval_is_wilsons(self):
        """81 of 263: the example of Newcombe 1998 (Statistics in Medicine 17, page 861), 0.2553 to 0.3662."""
        self.vote(81, 182)
        self.assertAlmostEqual(self.report().helpful_share, 0.3080, 4)
        self.assertAlmostEqual(self.report().helpful_low, 0.2553, 4)
        self.assertAlmostEqual(self.report().helpful_high, 0.3662, 4)

    def test_few_votes_say_little_and_none_say_nothing(self):
        self.assertEqual((self.report().vote_count, self.report().helpful_share), (0, 0))
        self.vote(3, 0)
        self.env.invalidate_all()
        self.assertAlmostEqual(self.report().helpful_low, 0.4385, 4)
        self.assertAlmostEqual(self.report().helpful_high, 1, 6)

    def test_views_and_deflections_and_insertions_are_counted(self):
        days = self.env["service.article.day"]
        for what in ("views", "views", "deflections", "insertions"):
            days._count_one(self.refund, what)
        report = self.report()
        self.assertEqual((report.views, report.deflections, report.insertions), (2, 1, 1))
        with self.assertRaisesRegex(ValueError, "not counted"):
            days._count_one(self.refund, "id = 1; --")

    def test_searches_in_vain_are_forgotten_after_a_year(self):
        miss = self.env["service.article.miss"]
        miss._note("helicopter")
        miss._note("submarine")
        self.env.cr.execute("UPDATE service_article_miss SET last_date = '2020-01-01' WHERE term = 'submarine'")
        self.env.invalidate_all()
        miss._gc_old()
        self.assertEqual(miss.search([]).mapped("term"), ["helicopter"])

    def test_anonymising_a_contact_forgets_searches_that_name_him_and_what_he_commented(self):
        self.env["service.article.miss"]._note("where is Siti Rahmawati")
        self.env["service.article.miss"]._note("helicopter")
        votes = self.env["service.article.vote"]
        votes._vote(self.refund, votes._voter_of("user", self.siti_user.id), False, "I am Siti")
        votes._vote(self.refund, votes._voter_of("user", self.budi_user.id), False, "I am Budi")
        customer = self.siti.with_user(self.env.ref("base.user_admin"))
        customer._check_anonymise()
        customer._anonymise()
        self.assertEqual(self.env["service.article.miss"].search([]).mapped("term"), ["helicopter"])
        self.assertEqual(sorted(filter(None, votes.search([]).mapped("comment"))), ["I am Budi"])
        self.assertEqual(len(votes.search([])), 2)

    def test_a_search_in_vain_becomes_an_article(self):
        miss = self.env["service.article.miss"]
        miss._note("opening hours")
        action = miss.search([]).with_user(self.leader).action_write_article()
        self.assertEqual(action["context"]["default_name"], "Opening hours")
