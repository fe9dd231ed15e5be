from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .article_words import text_of

EDITOR_GROUP = "crm_service_desk.group_service_leader"


class ServiceArticle(models.Model):
    """What we know and tell: an answer that is written once and found by customers and agents.

    What it does is told file by file: how it is found (``service_article_search``), its versions
    (``service_article_version``), its languages (``service_article_language``), its review (``service_article_review``),
    what readers think of it (``service_article_vote``, ``service_article_day``).

    An agent reads what is published and writes drafts; an editor (a leader or manager of the desk) publishes. Customers
    and visitors read what is published for the public.
    """

    _name = "service.article"
    _description = "Knowledge Article"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(string="Title", required=True, tracking=True)
    body = fields.Html(string="Text", sanitize=True, sanitize_style=True)
    plain_text = fields.Text(
        string="Words", compute="_compute_plain_text", store=True, help="The text without its form, to be quoted."
    )
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("archived", "Archived")],
        required=True,
        default="draft",
        copy=False,
        tracking=True,
        help="A draft is read by its author and by editors. Archived: as a draft, out of the way.",
    )
    audience = fields.Selection(
        [("staff", "Staff"), ("public", "Public")],
        compute="_compute_from_original",
        store=True,
        readonly=False,
        precompute=True,
        recursive=True,
        required=True,
        tracking=True,
        help="Staff: agents of the service desk. Public: everybody, on the help pages.",
    )
    team_ids = fields.Many2many(
        "service.team",
        string="Teams",
        compute="_compute_from_original",
        store=True,
        readonly=False,
        precompute=True,
        recursive=True,
        help="An article for staff may be for some teams only. Leave empty for all agents.",
    )
    category_id = fields.Many2one(
        "service.category",
        compute="_compute_from_original",
        store=True,
        readonly=False,
        precompute=True,
        recursive=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_from_original",
        store=True,
        readonly=False,
        precompute=True,
        recursive=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Leave empty to share with all companies.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Author",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        groups="base.group_user",
        help="Is asked to review it.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "service_article_attachment_rel",
        string="Files",
        copy=False,
        help="Whoever may read the article may download them.",
    )
    ticket_id = fields.Many2one(
        "service.ticket",
        string="Made from",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="crm_service_desk.group_service_user",
    )

    may_edit = fields.Boolean(compute="_compute_may_edit")

    # The help page: published articles of a category by title.
    _category_idx = models.Index("(category_id, name) WHERE state = 'published'")

    @api.depends("body")
    def _compute_plain_text(self):
        for article in self:
            article.plain_text = text_of(article.body)

    # Rights -----------------------------------------------------------------------------------------

    @api.model
    def _may_edit(self):
        """Whether the person at the screen may publish, and change what is published."""
        return self.env.su or self.env.user.has_group(EDITOR_GROUP)

    def _compute_may_edit(self):
        self.may_edit = self._may_edit()

    def _check_state_change(self, values):
        """:raise AccessError: when somebody who is no editor publishes or archives"""
        if values.get("state", "draft") != "draft" and not self._may_edit():
            raise AccessError(
                self.env._(
                    "Publishing and archiving articles is for leaders and managers of the service desk. "
                    "Leave it a draft: they see it under “Drafts”."
                )
            )

    @api.model
    def _public_domain(self):
        """What everybody may read. The record rules say the same; pages add it for staff, who may read more."""
        return Domain("state", "=", "published") & Domain("audience", "=", "public")

    # Writing ----------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_state_change(vals)
        articles = super().create(vals_list)
        articles._claim_files()
        articles._follow_change()
        return articles

    def write(self, vals):
        self._check_state_change(vals)
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._claim_files()
        if vals.keys() & {"name", "body", "state"}:
            self._follow_change()
        return result

    def _follow_change(self):
        """Hook: what follows when title, text or state of these articles have changed. Extend with ``super()``."""

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if published := self.filtered(lambda article: article.state == "published"):
            raise UserError(
                self.env._("“%s” is published. Archive it first: its readers may have its address.", published[0].name)
            )

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%s (copy)", article.name), "user_id": self.env.uid, "original_id": False}
            for article, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def _claim_files(self):
        """Files uploaded in the form before the article was saved belong to nothing yet: make them the article's."""
        for article in self:
            loose = article.attachment_ids.filtered(lambda file: file.res_model == self._name and not file.res_id)
            if loose:
                loose.res_id = article.id

    def message_post(self, **kwargs):
        """What editors say to each other is never for readers: customers may read a public article's record."""
        return super().message_post(**{**kwargs, "is_internal": True})

    def action_publish(self):
        """Show the articles to their readers."""
        self.state = "published"

    def action_draft(self):
        """Take the articles from their readers, to work on them."""
        self.state = "draft"

    def action_archive_article(self):
        """Take the articles from their readers for good."""
        self.state = "archived"

    def action_open_page(self):
        """The article as its readers see it."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "target": "self", "url": self._page_url()}

    def _page_url(self):
        """The address of the article's public page."""
        self.ensure_one()
        return f"/help/{self.env['ir.http']._slug((self.id, self.name))}"
