from odoo import fields, models


class CustomerAssetNewOwner(models.TransientModel):
    """Somebody else owns an asset from a day on: asked for in one small form."""

    _name = "customer.asset.new.owner"
    _description = "New Owner of an Asset"

    asset_id = fields.Many2one("customer.asset", required=True)
    former_id = fields.Many2one(related="asset_id.partner_id", string="Owner So Far")
    partner_id = fields.Many2one("res.partner", string="New Owner", required=True)
    since = fields.Datetime(
        required=True,
        default=fields.Datetime.now,
        help="From then on services are the new owner's; those before stay in the history of the former.",
    )

    def action_change(self):
        """:raises UserError: when it cannot be so, with what is known of the owners"""
        self.ensure_one()
        self.asset_id._change_owner(self.partner_id, self.since)
        return {"type": "ir.actions.act_window_close"}
