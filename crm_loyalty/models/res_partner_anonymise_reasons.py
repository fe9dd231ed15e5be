from odoo import models
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _anonymise_records(self):
        """What happened to his memberships and points stays; not why, in somebody's own words, nor what was written."""
        result = super()._anonymise_records()
        # sudo: called after _check_anonymise, by which only administrators come; clubs may be of any company.
        memberships = self.env["loyalty.membership"].sudo().with_context(active_test=False)
        memberships = memberships.search([("partner_id", "in", self.ids)])
        self._anonymise_texts_of(memberships)
        # By SQL: log and ledger are closed to everybody. The ledger's own trigger lets a reason be emptied.
        for model, owner, ids in (
            ("loyalty.membership.log", "membership_id", memberships.ids),
            ("loyalty.ledger.entry", "partner_id", self.ids),
        ):
            rows = self.env[model]
            rows.flush_model(["reason", owner])
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET reason = NULL WHERE %s = ANY(%s) AND reason IS NOT NULL",
                    SQL.identifier(rows._table),
                    SQL.identifier(owner),
                    ids,
                )
            )
            rows.invalidate_model(["reason"])
        return result
