from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

BATCH = 100
REVIEW_MONTHS = 12


class ServiceArticle(models.Model):
    """A published article is looked at again from time to time: its author is asked, once for each date."""

    _inherit = "service.article"  # pylint: disable=consider-merging-classes-inherited

    review_date = fields.Date(
        string="Review on", copy=False, tracking=True, help="On this day the author is asked whether it is still right."
    )
    review_asked = fields.Date(
        string="Asked for", readonly=True, copy=False, help="The date of review of which the author was told."
    )
    needs_review = fields.Boolean(string="To Review", compute="_compute_needs_review", search="_search_needs_review")

    # Serves the nightly question, and the filter "To review".
    _review_idx = models.Index("(review_date) WHERE state = 'published'")

    @api.depends("review_date", "state")
    def _compute_needs_review(self):
        today = fields.Date.context_today(self)
        for article in self:
            due = article.state == "published" and article.review_date
            article.needs_review = bool(due) and article.review_date <= today

    @api.model
    def _search_needs_review(self, operator, value):
        if operator != "in":
            return NotImplemented
        due = Domain("state", "=", "published") & Domain("review_date", "<=", fields.Date.context_today(self))
        return due if True in value else ~due

    @api.model
    def _next_review(self):
        """In a year, or the months of the system parameter ``crm_service_desk.article_review_months``."""
        parameters = self.env["ir.config_parameter"].sudo()  # sudo: a number, which is no secret
        months = int(parameters.get_param("crm_service_desk.article_review_months", REVIEW_MONTHS))
        return fields.Date.context_today(self) + relativedelta(months=months)

    def action_reviewed(self):
        """Still right: ask again later."""
        self.review_date = self._next_review()
        self.activity_feedback(["crm_service_desk.activity_article_review"])

    def action_publish(self):
        """Publishing sets the day of review where there is none."""
        self.filtered(lambda article: not article.review_date).review_date = self._next_review()
        return super().action_publish()

    @api.model
    def _cron_ask_for_review(self):
        """Ask the authors of all articles that are due, in batches."""
        jobs = self.env["ir.cron"]
        while articles := self._due_for_review(BATCH):
            articles._ask_for_review()
            if not jobs._commit_progress(len(articles), remaining=len(self._due_for_review(BATCH))):
                break

    @api.model
    def _due_for_review(self, limit):
        """Articles whose date of review has come and whose author was not told of this date yet."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM service_article
                    WHERE state = 'published' AND review_date <= %s AND review_asked IS DISTINCT FROM review_date
                 ORDER BY review_date, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED""",
                fields.Date.today(),
                limit,
            )
        )
        return self.browse(row[0] for row in rows)

    def _ask_for_review(self):
        """An activity for the author of each article; for a manager of the desk where the author is gone.

        A constant number of queries but for core's, which tells each person of his activities.
        """
        activity_type = self.env.ref("crm_service_desk.activity_article_review")
        managers = self.env.ref("crm_service_desk.group_service_manager").all_user_ids
        instead = managers.filtered(lambda user: user.active and not user.share)[:1] or self.env.user
        self.env["mail.activity"].create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": article.id,
                    "activity_type_id": activity_type.id,
                    "user_id": (article.user_id.filtered("active") or instead).id,
                    "date_deadline": article.review_date,
                    "automated": True,
                    "summary": self.env._("Is it still right?"),
                }
                for article in self
            ]
        )
        self.env.cr.execute(SQL("UPDATE service_article SET review_asked = review_date WHERE id = ANY(%s)", self.ids))
        self.invalidate_recordset(["review_asked"])
