from odoo import fields, models


class CoMarketingVoid(models.TransientModel):
    """Why our own people void a redemption."""

    _name = "co.marketing.void"
    _description = "Void a Redemption"

    redemption_id = fields.Many2one("co.marketing.redemption", required=True, readonly=True, ondelete="cascade")
    reason = fields.Char(required=True)

    def action_void(self):
        """Void it.

        :raises AccessError: unless the user manages clubs
        """
        for wizard in self:
            wizard.redemption_id.check_access("read")
            self.env["loyalty.club"]._check_manager(self.env._("Only a club manager voids redemptions."))
            wizard.redemption_id._check_not_of_order()
            wizard.redemption_id._void(wizard.reason)
        return {"type": "ir.actions.act_window_close"}
