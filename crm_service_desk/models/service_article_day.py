from odoo import api, fields, models
from odoo.tools import SQL

COUNTED = ("views", "deflections", "insertions")


class ServiceArticleDay(models.Model):
    """How often an article was read, solved a matter before it became a ticket, and was used in an answer: by day.

    Nothing tells who it was. A table of its own, so that readers do not wait for each other on the article's row.
    """

    _name = "service.article.day"
    _description = "Use of an Article, by Day"
    _log_access = False
    _order = "day desc, id desc"

    article_id = fields.Many2one("service.article", required=True, readonly=True, ondelete="cascade")
    day = fields.Date(required=True, readonly=True)
    views = fields.Integer(required=True, readonly=True, help="Visits of the page; the same visitor counts once a day.")
    deflections = fields.Integer(
        required=True, readonly=True, help="“This solved it”, pressed while a ticket was being written."
    )
    insertions = fields.Integer(string="Used in answers", required=True, readonly=True)

    # One row per article and day; serves the sums of an article.
    _day_uidx = models.UniqueIndex("(article_id, day)")

    @api.model
    def _count_one(self, article, what):
        """Count one more of ``what`` (views, deflections, insertions) for ``article``, today."""
        if what not in COUNTED:
            raise ValueError(f"{what} is not counted for articles; use one of {COUNTED}.")
        today = fields.Date.context_today(self)
        columns = SQL(", ").join(map(SQL.identifier, COUNTED))
        ones = SQL(", ").join(SQL("%s", int(name == what)) for name in COUNTED)
        column = SQL.identifier(what)
        self.env.cr.execute(
            SQL(
                """INSERT INTO service_article_day AS counted (article_id, day, %s) VALUES (%s, %s, %s)
                   ON CONFLICT (article_id, day) DO UPDATE SET %s = counted.%s + 1""",
                columns,
                article.id,
                today,
                ones,
                column,
                column,
            )
        )
        self.invalidate_model([what])
