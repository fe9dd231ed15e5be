from odoo import fields, models
from odoo.tools import SQL

# The standard normal quantile of a two-sided interval of 95 %.
Z = 1.959964


class ServiceArticleReport(models.Model):
    """How each article serves: read, found helpful, solved a matter, used in answers.

    The share of helpful votes is shown with the interval in which the true share lies with 95 % confidence, after
    E. B. Wilson, *Probable inference, the law of succession, and statistical inference*, Journal of the American
    Statistical Association 22 (1927), pages 209 to 212. It stays between 0 and 1 and is honest with few votes: with 3
    helpful votes of 3 the truth may be 44 %.
    """

    _name = "service.article.report"
    _description = "Report of Articles"
    _auto = False
    _order = "helpful_low, vote_count desc, id"
    _depends = {
        "service.article": [
            "name",
            "state",
            "audience",
            "category_id",
            "company_id",
            "lang_id",
            "user_id",
            "review_date",
        ],
        "service.article.vote": ["article_id", "helpful"],
        "service.article.day": ["article_id", "views", "deflections", "insertions"],
    }

    article_id = fields.Many2one("service.article", readonly=True)
    state = fields.Selection([("draft", "Draft"), ("published", "Published"), ("archived", "Archived")], readonly=True)
    audience = fields.Selection([("staff", "Staff"), ("public", "Public")], readonly=True)
    category_id = fields.Many2one("service.category", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    lang_id = fields.Many2one("res.lang", string="Language", readonly=True)
    user_id = fields.Many2one("res.users", string="Author", readonly=True)
    review_date = fields.Date(string="Review on", readonly=True)
    views = fields.Integer(readonly=True, help="Visits of the page; the same visitor counts once a day.")
    deflections = fields.Integer(
        string="Solved before filing", readonly=True, help="“This solved it”, pressed while a ticket was being written."
    )
    insertions = fields.Integer(string="Used in answers", readonly=True)
    vote_count = fields.Integer(string="Votes", readonly=True)
    helpful_count = fields.Integer(string="Helped", readonly=True)
    helpful_share = fields.Float(
        string="Share helped", readonly=True, aggregator=None, help="Helpful votes of all votes. Empty without votes."
    )
    helpful_low = fields.Float(
        string="At least",
        readonly=True,
        aggregator=None,
        help="The true share of readers whom it helps lies above, with 97.5 % confidence (Wilson 1927).",
    )
    helpful_high = fields.Float(
        string="At most",
        readonly=True,
        aggregator=None,
        help="The true share of readers whom it helps lies below, with 97.5 % confidence (Wilson 1927).",
    )

    @property
    def _table_query(self):
        return SQL(
            """SELECT article.id, article.id AS article_id, article.state, article.audience, article.category_id,
                      article.company_id, article.lang_id, article.user_id, article.review_date,
                      coalesce(used.views, 0) AS views, coalesce(used.deflections, 0) AS deflections,
                      coalesce(used.insertions, 0) AS insertions,
                      coalesce(vote.n, 0)::int AS vote_count, coalesce(vote.helped, 0)::int AS helpful_count,
                      vote.helped / vote.n AS helpful_share,
                      (vote.helped / vote.n + %(z2)s / (2 * vote.n) - wilson.half) / (1 + %(z2)s / vote.n) AS helpful_low,
                      (vote.helped / vote.n + %(z2)s / (2 * vote.n) + wilson.half) / (1 + %(z2)s / vote.n) AS helpful_high
                 FROM service_article article
            LEFT JOIN (SELECT article_id, sum(views) AS views, sum(deflections) AS deflections,
                              sum(insertions) AS insertions
                         FROM service_article_day GROUP BY article_id) used ON used.article_id = article.id
            LEFT JOIN (SELECT article_id, count(*)::float8 AS n, (count(*) FILTER (WHERE helpful))::float8 AS helped
                         FROM service_article_vote GROUP BY article_id) vote ON vote.article_id = article.id
   CROSS JOIN LATERAL (SELECT %(z)s * sqrt(vote.helped / vote.n * (1 - vote.helped / vote.n) / vote.n
                                           + %(z2)s / (4 * vote.n * vote.n)) AS half) wilson""",
            z=Z,
            z2=Z * Z,
        )

    def action_open_article(self):
        """The article itself."""
        self.ensure_one()
        return self.article_id.get_formview_action()
