from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.tools import SQL

from .article_words import masked, plain

LONGEST_TERM = 100
KEPT_MONTHS = 12


class ServiceArticleMiss(models.Model):
    """What was searched and not found: an article that we should write.

    Nothing tells who searched. Addresses and numbers that somebody typed are masked before they come here.
    """

    _name = "service.article.miss"
    _description = "Search without Result"
    _log_access = False
    _rec_name = "term"
    _order = "times desc, last_date desc, id desc"

    term = fields.Char(string="Searched", required=True, readonly=True, index="trigram")
    lang_id = fields.Many2one("res.lang", string="Language", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    times = fields.Integer(required=True, readonly=True)
    last_date = fields.Date(string="Last time", required=True, readonly=True)

    # One row per term; two searches at the same time count up one row.
    _term_uidx = models.UniqueIndex("(company_id, lang_id, term)")
    # Serves the cleaning up.
    _last_date_idx = models.Index("(last_date)")

    @api.model
    def _note(self, term):
        """Remember that ``term`` found nothing. A term of which masking leaves no word is not remembered."""
        term = plain(masked(term))[:LONGEST_TERM].strip()
        if len(term) < 3:
            return
        languages = self.env["res.lang"]
        lang = languages._get_data(code=self.env.lang or "en_US").id or languages._get_data(code="en_US").id
        self.env.cr.execute(
            SQL(
                """INSERT INTO service_article_miss AS miss (term, lang_id, company_id, times, last_date)
                   VALUES (%s, %s, %s, 1, %s)
                   ON CONFLICT (company_id, lang_id, term)
                   DO UPDATE SET times = miss.times + 1, last_date = excluded.last_date""",
                term,
                lang,
                self.env.company.id,
                fields.Date.context_today(self),
            )
        )

    @api.autovacuum
    def _gc_old(self):
        """Forget what nobody has searched for a year (system parameter ``crm_service_desk.search_months``)."""
        # sudo: run by core's cron alone; a number that an administrator has set
        months = int(self.env["ir.config_parameter"].sudo().get_param("crm_service_desk.search_months", KEPT_MONTHS))
        before = fields.Date.today() - relativedelta(months=months)
        self.env.cr.execute(SQL("DELETE FROM service_article_miss WHERE last_date < %s", before))

    def action_write_article(self):
        """A new article with what was searched as its title."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New article"),
            "res_model": "service.article",
            "views": [[False, "form"]],
            "context": {
                "default_name": self.term[:1].upper() + self.term[1:],
                "default_lang_id": self.lang_id.id,
                "default_audience": "public",
            },
        }
