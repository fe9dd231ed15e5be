from odoo import fields, models


class CoMarketingRedemption(models.Model):
    _inherit = "co.marketing.redemption"

    is_settled = fields.Boolean(
        string="Settled",
        readonly=True,
        copy=False,
        help="It is in a statement, or waits for the next as a disputed line.",
    )
    statement_line_ids = fields.One2many("co.marketing.statement.line", "redemption_id", string="Settled In")

    # Serves making a statement: what is not settled yet, and what was voided after it was.
    _unsettled_idx = models.Index("(agreement_id, happened_on) WHERE state = 'done' AND is_settled IS NOT TRUE")
    _voided_idx = models.Index("(agreement_id) WHERE state = 'voided' AND is_settled")

    def _void(self, reason, till=None):
        """As before. In a statement that is not posted yet it counts no more; in a posted one it stays, see
        ``co.marketing.statement._collect_redemptions``: the next has the credit."""
        result = super()._void(reason, till=till)
        # sudo: the caller of _void has checked who may void; the statement follows.
        lines = self.sudo().env["co.marketing.statement.line"]
        lines = lines.search([("redemption_id", "=", self.id), ("kind", "=", "redemption")])
        statement = lines.statement_id._hold()
        if statement.state != "posted" and lines.state in ("open", "disputed", "postponed"):
            lines.state = "voided"
            statement._total_up()
            if statement.state in ("sent", "confirmed"):
                statement.message_post(
                    body=self.env._("Receipt %s was voided: it counts no more.", self.sudo().name),  # sudo: as above
                    subtype_xmlid="mail.mt_note",
                )
        return result


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _anonymise_records(self):
        """What was settled stays, for both sides' books; not why somebody disputed it."""
        result = super()._anonymise_records()
        # sudo: called after _check_anonymise, by which only administrators come; statements may be of any company.
        lines = self.sudo().env["co.marketing.statement.line"]
        lines = lines.search(
            [
                "|", "|", ("agreement_id.partner_id", "in", self.ids), ("disputed_by_id", "in", self.ids),
                ("redemption_id.partner_id", "in", self.ids),
            ]
        )  # fmt: skip
        lines.write({"dispute_reason": False, "strike_reason": False})
        # sudo: as above.
        statements = self.sudo().env["co.marketing.statement"]
        self._anonymise_texts_of(
            statements.search(["|", ("agreement_id.partner_id", "in", self.ids), ("confirmed_by_id", "in", self.ids)])
        )
        return result
