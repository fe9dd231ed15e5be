from odoo import models
from odoo.tools import SQL, escape_psql

from .article_words import plain


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _anonymise_records(self):
        self._anonymise_searches()
        self._anonymise_votes()
        return super()._anonymise_records()

    def _anonymise_searches(self):
        """A search that names him goes. Addresses and numbers were masked when it was kept."""
        names = {plain(text) for text in (*self.mapped("name"), *self.mapped("email"))}
        patterns = [f"%{escape_psql(name)}%" for name in names if len(name) >= 3]
        if patterns:
            self.env["service.article.miss"].flush_model()
            term = self.env.registry.unaccent(SQL("term"))
            self.env.cr.execute(SQL("DELETE FROM service_article_miss WHERE %s ILIKE ANY(%s)", term, patterns))
            self.env["service.article.miss"].invalidate_model()

    def _anonymise_votes(self):
        """His votes count on; his comments go."""
        votes = self.env["service.article.vote"]
        voters = [votes._voter_of("user", user.id) for user in self.with_context(active_test=False).user_ids]
        if voters:
            # sudo: called after _check_anonymise, by which only administrators come
            votes.sudo().search([("voter", "in", voters)]).comment = False
