from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerAssetOwner(models.Model):
    """Who owned an asset, from when until when. The one without an end owns it now."""

    _name = "customer.asset.owner"
    _description = "Owner of a Customer Asset"
    _order = "start desc nulls last, id desc"
    _rec_name = "partner_id"

    asset_id = fields.Many2one("customer.asset", required=True, index=True, ondelete="cascade")
    # Restrict, not cascade: the privacy look-up passes over cascading fields. See res.partner.unlink.
    partner_id = fields.Many2one("res.partner", string="Owner", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="asset_id.company_id", store=True, index=True)
    start = fields.Datetime(string="From", help="Empty: as long as anybody remembers.")
    end = fields.Datetime(string="Until", help="Empty: still.")

    @api.constrains("start", "end", "asset_id")
    def _check_one_owner_at_a_time(self):
        for asset in self.asset_id:
            owners = asset.owner_ids.sorted(lambda owner: (bool(owner.start), owner.start or owner.id))
            for owner in owners:
                if owner.start and owner.end and owner.end <= owner.start:
                    raise ValidationError(
                        self.env._("%s cannot cease to be the owner before he becomes it.", asset.identifier)
                    )
            for before, after in pairwise(owners):
                if not before.end or not after.start or after.start < before.end:
                    raise ValidationError(
                        self.env._("%s has one owner at a time: say until when it was the former's.", asset.identifier)
                    )
