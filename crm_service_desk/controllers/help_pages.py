import re
import uuid
from http import HTTPStatus

from odoo import fields, http
from odoo.addons.crm_contact_history.plausible import database_text
from odoo.addons.portal.controllers.portal import pager
from odoo.http import request
from werkzeug.exceptions import BadRequest, NotFound

MAX_ID = 2**31 - 1  # PostgreSQL's integer; a larger id in an address belongs to no record
PER_PAGE = 20
LONGEST_TERM = 200
LONGEST_COMMENT = 1000
SUGGESTIONS = 4
# What a suggestion must have of the words typed: a wrong one costs the reader's trust.
ENOUGH = 0.5


class HelpPages(http.Controller):
    """Articles for everybody: by category, by search, and each on a page of its own.

    All is read with the rights of who asks, and of what he may read only what is published for the public: an agent
    sees here what his customers see.
    """

    # The list and the search ----------------------------------------------------------------------------

    @http.route("/help", type="http", auth="public", website=True, methods=["GET"])
    def help_home(self, search="", category="", page="1", **_other):
        """All categories; one of them; or what a search finds."""
        search = database_text(search).strip()[:LONGEST_TERM]
        if search:
            return self._search_page(search)
        if category:
            return self._category_page(self._number(category), self._number(page))
        articles = request.env["service.article"]
        values = {"categories": articles._by_category(articles._public_domain()), "search": ""}
        values |= self._ways()
        return request.render("crm_service_desk.help_home", values)

    def _search_page(self, search):
        articles = request.env["service.article"]
        hits = articles._hits(search, domain=articles._public_domain(), limit=PER_PAGE)
        if not hits and not self._too_often("missing"):
            request.env["service.article.miss"]._note(search)
        return request.render("crm_service_desk.help_search", {"search": search, "hits": hits} | self._ways())

    def _category_page(self, category_id, page):
        articles = request.env["service.article"]
        found, number = articles._of_category(
            category_id, articles._public_domain(), limit=PER_PAGE, offset=PER_PAGE * (max(page, 1) - 1)
        )
        # a category of which there is nothing to read is like one that does not exist
        if not found:
            raise NotFound()
        name = articles._category_names([category_id])[category_id]
        pages = pager(url="/help", total=number, page=page, step=PER_PAGE, url_args={"category": category_id})
        values = {"name": name, "articles": found, "pager": pages, "search": ""} | self._ways()
        return request.render("crm_service_desk.help_category", values)

    @staticmethod
    def _number(text):
        """:raise NotFound: for what is no number of a record or a page"""
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise NotFound()
        return int(text)

    # The article ----------------------------------------------------------------------------------------

    @http.route("/help/<string:slug>", type="http", auth="public", website=True, methods=["GET"])
    def help_article(self, slug, voted=None, **_other):
        """One article. What is not published for the public is answered like what does not exist."""
        if "\x00" in slug:  # on which core's page of what is not found would stumble
            raise BadRequest()
        article = self._article(request.env["ir.http"]._unslug(slug)[1])
        if article._page_url() != f"/help/{slug}":
            return request.redirect(article._page_url(), code=HTTPStatus.MOVED_PERMANENTLY)
        self._count_view(article)
        return self._article_page(article, thanks=bool(voted))

    def _article_page(self, article, status=HTTPStatus.OK, **values):
        # sudo: _article has checked that the visitor may read it, with its category, day and files
        return request.render(
            "crm_service_desk.help_article",
            {
                "article": article,
                "search": "",
                "category": article._category_names(article.sudo().category_id.ids).get(article.sudo().category_id.id),
                "languages": self._other_languages(article),
                "published": article.sudo().version_ids[:1].create_date,
                "files": article.sudo().attachment_ids,
                "vote": request.session.get("help_votes", {}).get(str(article.id)),
                "longest_comment": LONGEST_COMMENT,
                **self._ways(),
                **values,
            },
            status=status,
        )

    @staticmethod
    def _article(article_id):
        """The article, with the reader's own rights.

        :raise NotFound: when there is none that is published for the public and that he may read
        """
        articles = request.env["service.article"]
        if not article_id or not 0 < article_id <= MAX_ID:
            raise NotFound()
        article = articles.search(articles._public_domain() & fields.Domain("id", "=", article_id))
        if not article:
            raise NotFound()
        return article

    @staticmethod
    def _other_languages(article):
        """The same article in other languages."""
        subject = article.original_id.id or article.id
        same = fields.Domain("id", "=", subject) | fields.Domain("original_id", "=", subject)
        in_use = fields.Domain("lang_id.active", "=", True) & fields.Domain("id", "!=", article.id)
        others = article.search(article._public_domain() & same & in_use)
        # sudo: names of languages
        return [
            {"url": other._page_url(), "name": other.sudo().lang_id.name.split("/")[-1].strip()} for other in others
        ]

    @http.route("/help/<int:article_id>/file/<int:file_id>", type="http", auth="public", methods=["GET"])
    def help_file(self, article_id, file_id, **_other):
        """A file of an article that the reader may read."""
        article = self._article(article_id)
        # sudo: visitors read no attachments; this one belongs to an article that was just read with their own rights
        file = article.sudo().attachment_ids.filtered(lambda file: file.id == file_id)
        if not file:
            raise NotFound()
        return request.env["ir.binary"].sudo()._get_stream_from(file).get_response(as_attachment=True)

    # What is counted --------------------------------------------------------------------------------------

    def _count_view(self, article):
        if self._first_today("help_seen", article):
            request.env["service.article.day"]._count_one(article, "views")

    @staticmethod
    def _first_today(what, article):
        """Whether this visitor does this with this article for the first time today. His session remembers."""
        today = fields.Date.to_string(fields.Date.context_today(article))
        done = [key for key in request.session.get(what, []) if key.startswith(today)]
        key = f"{today} {article.id}"
        if key in done:
            return False
        request.session[what] = [*done[-200:], key]
        return True

    @staticmethod
    def _too_often(what):
        # sudo: only counts; nothing is handed out
        return request.env["service.help.limit"].sudo()._too_often(what, request.httprequest.remote_addr)

    @http.route("/help/<int:article_id>/vote", type="http", auth="public", website=True, methods=["POST"])
    def help_vote(self, article_id, helpful="", comment="", **_other):
        """Was this helpful? One vote per login or session; voting again changes it."""
        article = self._article(article_id)
        if helpful not in ("yes", "no") or not isinstance(comment, str) or len(comment) > LONGEST_COMMENT:
            error = request.env._("Please choose “Yes” or “No”; a comment has at most %s characters.", LONGEST_COMMENT)
            return self._article_page(article, HTTPStatus.BAD_REQUEST, error=error)
        if self._too_often("vote"):
            error = request.env._("There were very many votes from your network. Please try again in an hour.")
            return self._article_page(article, HTTPStatus.TOO_MANY_REQUESTS, error=error)
        request.env["service.article.vote"]._vote(article, self._voter(), helpful == "yes", comment.replace("\x00", ""))
        request.session["help_votes"] = {**request.session.get("help_votes", {}), str(article.id): helpful}
        return request.redirect(f"{article._page_url()}{'?voted=1' if comment else ''}#vote", code=HTTPStatus.SEE_OTHER)

    @staticmethod
    def _voter():
        """What stands for the visitor: his login, or a number that only his session knows."""
        votes = request.env["service.article.vote"]
        if not request.env.user._is_public():
            return votes._voter_of("user", request.env.uid)
        if "help_voter" not in request.session:
            request.session["help_voter"] = uuid.uuid4().hex
        return votes._voter_of("session", request.session["help_voter"])

    # While a ticket is written ------------------------------------------------------------------------------

    @http.route("/help/suggest", type="jsonrpc", auth="public", website=True, methods=["POST"], readonly=True)
    def help_suggest(self, subject="", **_other):
        """Articles that may answer what is being typed as subject of a ticket. Nothing of it is kept.

        :return: list of dicts {id, url, name, title, excerpt}; title and excerpt are safe HTML
        """
        articles = request.env["service.article"]
        subject = database_text(subject)[:LONGEST_TERM] if isinstance(subject, str) else ""
        return articles._hits(subject, domain=articles._public_domain(), limit=SUGGESTIONS, least=ENOUGH)

    @http.route("/help/<int:article_id>/text", type="http", auth="public", website=True, methods=["GET"])
    def help_text(self, article_id, **_other):
        """The text of an article, without a page around it, for the panel in the form of a ticket."""
        article = self._article(article_id)
        self._count_view(article)
        return request.render("crm_service_desk.help_text", {"article": article})

    @http.route("/help/<int:article_id>/solved", type="http", auth="public", website=True, methods=["POST"])
    def help_solved(self, article_id, **_other):
        """“This solved it”: a ticket that need not be written. Counts once per visitor, article and day."""
        article = self._article(article_id)
        if self._too_often("deflection"):
            return request.make_json_response({"counted": False}, status=HTTPStatus.TOO_MANY_REQUESTS)
        counted = self._first_today("help_solved", article)
        if counted:
            request.env["service.article.day"]._count_one(article, "deflections")
        return request.make_json_response({"counted": counted})

    # Ways on --------------------------------------------------------------------------------------------------

    @staticmethod
    def _ways():
        """Where one writes to us."""
        return {"write_url": request.env.company._write_url(request.env.user)}
