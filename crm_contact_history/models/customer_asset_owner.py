from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..plausible import is_plausible


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

    @api.model_create_multi
    def create(self, vals_list):
        """An owner of whom is not said since when takes over now; the first one has had it always."""
        now = fields.Datetime.now()
        vals_list = [dict(vals) for vals in vals_list]
        known = self.search([("asset_id", "in", [vals.get("asset_id") for vals in vals_list])])
        # Of each asset its owners so far: rows, and values that come before in this list.
        before = {asset.id: list(owners) for asset, owners in known.grouped("asset_id").items()}
        ended = self.browse()
        for vals in vals_list:
            earlier = before.setdefault(vals.get("asset_id"), [])
            if earlier and not vals.get("start"):
                vals["start"] = now
                for owner in earlier:
                    if isinstance(owner, dict):
                        owner["end"] = owner.get("end") or now
                    elif not owner.end:
                        ended |= owner
            earlier.append(vals)
        ended.end = now
        return super().create(vals_list)

    @api.constrains("start", "end")
    def _check_days(self):
        for owner in self:
            for moment in (owner.start, owner.end):
                if not is_plausible(moment):
                    raise ValidationError(
                        self.env._("The year %s cannot be meant: look at since when he owns it.", moment.year)
                    )

    @api.constrains("start", "end", "asset_id")
    def _check_one_owner_at_a_time(self):
        for asset in self.asset_id:
            owners = asset.owner_ids.sorted(lambda owner: (bool(owner.start), owner.start, not owner.end, owner.id))
            for owner in owners:
                if owner.start and owner.end and owner.end < owner.start:
                    raise ValidationError(
                        self.env._("%s cannot cease to be the owner before he becomes it.", owner.partner_id.name)
                    )
            for before, after in pairwise(owners):
                if not before.end or not after.start or after.start < before.end:
                    raise ValidationError(
                        self.env._("%s has one owner at a time: say until when it was the former's.", asset.identifier)
                    )
