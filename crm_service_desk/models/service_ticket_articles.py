import re

from markupsafe import Markup
from odoo import models
from odoo.addons.crm_contact_history.plausible import legible
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from .article_words import MASK, masked, text_of

SUGGESTIONS = 6
LONGEST_TERM = 200
# What a suggestion must have of the words of the subject: the agent looks himself, so less than for customers.
ENOUGH = 0.3


class ServiceTicket(models.Model):
    """Articles beside a ticket: found by its subject, put into the answer, and made from it."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    def article_suggestions(self, search=""):
        """Articles that fit the ticket, or what the agent searches; in the customer's language where there are.

        :param str search: what the agent typed; the ticket's subject where empty
        :return: list of dicts {id, name, url, title, excerpt, audience}; title and excerpt are safe HTML
        """
        self.ensure_one()
        self.check_access("read")
        search = legible(search, LONGEST_TERM) if isinstance(search, str) else ""
        # sudo: only the customer's language
        articles = self.env["service.article"].with_context(lang=self.sudo().partner_id.lang or self.env.lang)
        hits = articles._hits(
            search or self.name or "", limit=SUGGESTIONS, least=0 if search else ENOUGH, category=self.category_id
        )
        if search and not hits:
            self.env["service.article.miss"]._note(search)
        return hits

    def action_answer_with_article(self, article_id, part="text"):
        """The composer with the article in it: its text as a quote, or a link to its page.

        :param str part: ``text`` or ``link``
        :raise UserError: for an article that customers may not read
        """
        self.ensure_one()
        self.check_access("write")
        article = self.env["service.article"].browse(self._api_id("article_id", article_id)).exists()
        if not article:
            raise UserError(self.env._("There is no such article any more."))
        article.check_access("read")
        if not article.filtered_domain(article._public_domain()):
            raise UserError(
                self.env._("“%s” is not published for the public. Tell the customer in your own words.", article.name)
            )
        self.env["service.article.day"]._count_one(article, "insertions")
        link = Markup('<a href="%s">%s</a>') % (article.get_base_url() + article._page_url(), article.name)
        body = Markup("<p>%s</p>") % link
        if part == "text":
            # no <blockquote>: mail programs and the chatter fold it away as an old message
            quote = Markup(
                '<div style="border-left-width: 3px; border-left-style: solid; padding-left: 1em">%s</div><p>%s</p>'
            )
            body = quote % (article.body or Markup(), link)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer"),
            "res_model": "mail.compose.message",
            "views": [[False, "form"]],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_subtype_xmlid": "mail.mt_comment",
                "default_partner_ids": self.partner_id.ids,
                "default_body": Markup("<p><br></p>") + body,
            },
        }

    # An article from a ticket ---------------------------------------------------------------------------

    def action_make_article(self):
        """A draft of an article from what was asked and what was last answered, without what tells who asked."""
        self.ensure_one()
        self.check_access("read")
        article = self.env["service.article"].create(self._article_values())
        # sudo: who leads the team is no secret to who works in it
        leader = self.sudo().team_id.user_id
        if leader and leader != self.env.user and leader.has_group("crm_service_desk.group_service_leader"):
            article.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=leader.id,
                summary=self.env._("Review and publish"),
                note=self.env._("Made from a ticket: check that nothing personal is left in it."),
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Article"),
            "res_model": "service.article",
            "res_id": article.id,
            "views": [[False, "form"]],
        }

    def _article_values(self):
        customer = self.sudo().partner_id  # sudo: to leave his name and address out
        languages = self.env["res.lang"]
        lang = languages._get_data(code=customer.lang or self.env.lang or "en_US").id
        question = self._without_customer(text_of(self.description))
        answer = self._without_customer(self._last_answer())
        body = Markup("<h3>%s</h3>%s<h3>%s</h3>%s") % (
            self.env._("Question"),
            plaintext2html(question or self._without_customer(self.name)),
            self.env._("Answer"),
            plaintext2html(answer or self.env._("Nobody has answered yet: write the answer here.")),
        )
        return {
            "name": self._without_customer(self.name),
            "body": body,
            "audience": "staff",
            "category_id": self.category_id.id,
            "company_id": self.company_id.id,
            "ticket_id": self.id,
            **({"lang_id": lang} if lang else {}),
        }

    def _last_answer(self):
        """The words of our last answer to the customer, without what it quotes."""
        # sudo: messages of a ticket that the agent may read
        for message in self.sudo().message_ids.sorted("id", reverse=True):
            if self._is_spoken(message) and message.author_id and self._is_of_team(message.author_id):
                lines = text_of(message.body).splitlines()
                return "\n".join(line for line in lines if not line.lstrip().startswith(">")).strip()
        return ""

    def _without_customer(self, text):
        """The text without the customer's name, addresses, numbers, and the ticket's own number."""
        customer = self.sudo().partner_id  # sudo: as above
        account = customer.commercial_partner_id
        told = {self.number, self.sale_order_id.name}
        for contact in customer | account:
            told |= {
                contact.name,
                contact.email,
                contact.phone,
                contact.street,
                contact.street2,
                contact.vat,
                contact.ref,
            }
            if not contact.is_company:
                told |= {word for word in (contact.name or "").split() if len(word) > 2}
        text = masked(text)
        for word in sorted(filter(None, told), key=len, reverse=True):
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", MASK, text, flags=re.IGNORECASE)
        return re.sub(rf"{MASK}(?:\s*{MASK})+", MASK, text).strip()
