from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .loyalty_program import SEGMENTS_GROUP


class LoyaltyOccasion(models.Model):
    """An occasion may greet the customers of a segment only. Together with clubs and tiers, both must hold."""

    _inherit = "loyalty.occasion"

    segment_id = fields.Many2one(
        "customer.segment",
        string="Customers' Segment",
        domain="[('company_id', 'parent_of', company_id)]",
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
        groups=SEGMENTS_GROUP,
        help="Only customers of this segment, as it is when they are greeted, and their contacts. Empty: as clubs and tiers"
        " say.",
    )

    @api.constrains("segment_id", "company_id")
    def _check_segment_company(self):
        for occasion in self.sudo():  # sudo: who may write the occasion; only companies are compared
            if occasion.segment_id.company_id - occasion.company_id.parent_ids:
                raise ValidationError(
                    self.env._(
                        "“%(occasion)s” greets in the name of %(company)s: choose a segment of that company.",
                        occasion=occasion.name,
                        company=occasion.company_id.name,
                    )
                )

    def _circle_domain(self):
        """As above; customers of a segment need not have bought anything, if its rule does not say so."""
        # sudo: whom an occasion greets does not depend on who looks at it; the segment was chosen by somebody who may.
        segment = self.sudo().segment_id
        if not segment:
            return super()._circle_domain()
        customers = Domain("commercial_partner_id", "in", SQL("(%s)", segment._members_sql()))
        return customers & super()._circle_domain() if self.club_ids or self.tier_ids else customers
