from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import hmac

from .article_words import masked

SCOPE = "crm_service_desk.article_vote"
LONGEST_COMMENT = 1000


class ServiceArticleVote(models.Model):
    """Whether an article helped a reader, and what he missed.

    One vote per reader and article: who votes again changes his mind. Who it was is a keyed hash of his login or his
    session: it tells two votes of one person apart from votes of two, and nothing else.
    """

    _name = "service.article.vote"
    _description = "Vote on an Article"
    _order = "write_date desc, id desc"

    article_id = fields.Many2one("service.article", required=True, readonly=True, index=True, ondelete="cascade")
    helpful = fields.Boolean(string="Helped", readonly=True)
    comment = fields.Text(readonly=True)
    voter = fields.Char(required=True, readonly=True, groups="base.group_system")

    _voter_uidx = models.UniqueIndex("(article_id, voter)", "This reader has voted already.")
    # Serves the cleaning of a person's comments.
    _voter_idx = models.Index("(voter)")

    @api.model
    def _voter_of(self, kind, key):
        """What stands for a reader.

        :param str kind: ``user`` or ``session``
        :param key: the user's id, or the session's
        """
        return hmac(self.env(su=True), SCOPE, f"{kind} {key}")

    @api.model
    def _vote(self, article, voter, helpful, comment=""):
        """Take a reader's vote. Called after the right to read the article was checked.

        Without comment an earlier one stays: the two buttons are pressed first, the comment comes after.
        """
        # sudo: the reader may read the article (checked by the caller), and writes nothing but his own vote
        votes = self.sudo()
        comment = masked(comment.strip())[:LONGEST_COMMENT] or None
        self.env.cr.execute(
            SQL(
                """INSERT INTO service_article_vote AS vote
                          (article_id, voter, helpful, comment, create_date, write_date, create_uid, write_uid)
                   VALUES (%s, %s, %s, %s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC', %s, %s)
                   ON CONFLICT (article_id, voter) DO UPDATE
                      SET helpful = excluded.helpful, write_date = excluded.write_date,
                          comment = coalesce(excluded.comment, vote.comment)""",
                article.id,
                voter,
                helpful,
                comment,
                self.env.ref("base.user_root").id,
                self.env.ref("base.user_root").id,
            )
        )
        votes.invalidate_model()
        article.invalidate_recordset()


class ServiceArticle(models.Model):
    """What readers think of an article."""

    _inherit = "service.article"  # pylint: disable=consider-merging-classes-inherited

    vote_ids = fields.One2many(
        "service.article.vote", "article_id", string="Votes", groups="crm_service_desk.group_service_user"
    )
    vote_count = fields.Integer(
        string="Number of Votes", compute="_compute_votes", groups="crm_service_desk.group_service_user"
    )
    helpful_text = fields.Char(
        string="Helped",
        compute="_compute_votes",
        groups="crm_service_desk.group_service_user",
        help="How many of the votes say that it helped. With few votes this says little: the report shows between "
        "which shares the truth lies.",
    )

    @api.depends("vote_ids.helpful")
    def _compute_votes(self):
        votes = self.env["service.article.vote"]
        counts = {}
        for article, helpful, count in votes._read_group(
            [("article_id", "in", self.ids)], ["article_id", "helpful"], ["__count"]
        ):
            counts[article.id, helpful] = count
        for article in self:
            yes, no = counts.get((article.id, True), 0), counts.get((article.id, False), 0)
            article.vote_count = yes + no
            article.helpful_text = self.env._("%(yes)s of %(all)s", yes=yes, all=yes + no) if yes + no else False

    def action_open_votes(self):
        """What readers said of this article."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Votes on “%s”", self.name),
            "res_model": "service.article.vote",
            "views": [[False, "list"]],
            "domain": [("article_id", "=", self.id)],
        }
