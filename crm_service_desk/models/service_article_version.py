from markupsafe import Markup
from odoo import api, fields, models
from odoo.addons.html_editor.models.diff_utils import generate_comparison
from odoo.exceptions import UserError


class ServiceArticleVersion(models.Model):
    """The text of an article as its readers saw it from a time on. It never changes."""

    _name = "service.article.version"
    _description = "Version of an Article"
    _order = "article_id, number desc"

    article_id = fields.Many2one("service.article", required=True, readonly=True, ondelete="cascade")
    number = fields.Integer(string="Version", required=True, readonly=True)
    name = fields.Char(string="Title", required=True, readonly=True)
    body = fields.Html(string="Text", readonly=True)
    user_id = fields.Many2one("res.users", string="Published by", required=True, readonly=True, ondelete="restrict")
    create_date = fields.Datetime(string="Published on")
    compare_id = fields.Many2one(
        "service.article.version",
        string="Compared with",
        compute="_compute_compare_id",
        readonly=False,
        domain="[('article_id', '=', article_id), ('id', '!=', id)]",
    )
    # Not sanitised: that would take core's marks of what was added and removed. The texts were, when written.
    comparison = fields.Html(string="What changed", compute="_compute_comparison", sanitize=False)

    # One number once, also when two publish at the same time. Serves the list of an article's versions.
    _number_uidx = models.UniqueIndex("(article_id, number)", "This version exists already.")

    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._("Version %s", version.number)

    @api.depends("article_id")
    def _compute_compare_id(self):
        """At first the version before."""
        for version in self:
            others = version.article_id.version_ids
            version.compare_id = others.filtered(lambda other, number=version.number: other.number < number)[:1]

    @api.depends("compare_id", "body", "name")
    def _compute_comparison(self):
        """The text with what was added and what was removed since the version compared with."""
        for version in self:
            before = version.compare_id
            version.comparison = (
                generate_comparison(before._as_page(), version._as_page()) if before else version._as_page()
            )

    def _as_page(self):
        """Title and text as one. The text was sanitised when the article was written."""
        return Markup("<h2>%s</h2>%s") % (self.name, self.body or Markup())

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._("A version is what readers have seen; it is not changed. Change the article instead.")
        )

    def action_restore(self):
        """Make this the article's text again: a published article gets a new version with it."""
        self.ensure_one()
        self.article_id.write({"name": self.name, "body": self.body})
        return {
            "type": "ir.actions.act_window",
            "res_model": "service.article",
            "res_id": self.article_id.id,
            "views": [[False, "form"]],
        }


class ServiceArticle(models.Model):
    """Each change of a published text is kept as a version."""

    _inherit = "service.article"  # pylint: disable=consider-merging-classes-inherited

    version_ids = fields.One2many("service.article.version", "article_id", string="Versions", copy=False)
    version_count = fields.Integer(string="Number of Versions", compute="_compute_version_count")

    @api.depends("version_ids")
    def _compute_version_count(self):
        versions = self.env["service.article.version"]
        counts = dict(versions._read_group([("article_id", "in", self.ids)], ["article_id"], ["__count"]))
        for article in self:
            article.version_count = counts.get(article, 0)

    def _follow_change(self):
        result = super()._follow_change()
        self._keep_version()
        return result

    def _keep_version(self):
        """Keep what readers see from now on, of each of these articles that is published with another text than before.

        A constant number of queries.
        """
        published = self.filtered(lambda article: article.state == "published")
        if not published:
            return
        # sudo: whoever may change the article may not write its versions by hand
        versions = self.env["service.article.version"].sudo()
        last = {}
        for version in versions.search([("article_id", "in", published.ids)]):
            last.setdefault(version.article_id.id, version)
        none_yet = versions.browse()
        versions.create(
            [
                {
                    "article_id": article.id,
                    "number": last.get(article.id, none_yet).number + 1,
                    "name": article.name,
                    "body": article.body,
                    "user_id": self.env.uid,
                }
                for article in published
                if (last.get(article.id, none_yet).name, last.get(article.id, none_yet).body or "")
                != (article.name, article.body or "")
            ]
        )
        published.invalidate_recordset(["version_ids"])

    def action_open_versions(self):
        """What readers of this article have seen and when."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Versions of “%s”", self.name),
            "res_model": "service.article.version",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("article_id", "=", self.id)],
        }
