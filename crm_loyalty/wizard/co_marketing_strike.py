from odoo import fields, models


class CoMarketingStrike(models.TransientModel):
    """Why our own people strike a line of a statement."""

    _name = "co.marketing.strike"
    _description = "Strike a Line of a Statement"

    line_id = fields.Many2one("co.marketing.statement.line", required=True, readonly=True, ondelete="cascade")
    reason = fields.Char(required=True, size=200)

    def action_strike(self):
        """Strike it.

        :raises AccessError: unless the user manages clubs
        """
        for wizard in self:
            wizard.line_id._strike(wizard.reason)
        return {"type": "ir.actions.act_window_close"}
