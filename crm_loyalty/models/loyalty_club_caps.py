from odoo import fields, models


class LoyaltyClub(models.Model):
    """How many points orders may bring at most. What would exceed a limit is not credited, and the order says so."""

    _inherit = "loyalty.club"

    points_cap_order = fields.Float(
        string="Points per Order", tracking=True, help="One order earns so many points at most. 0: no limit."
    )
    points_cap_day = fields.Float(
        string="Points per Card and Day",
        tracking=True,
        help="One card earns so many points by orders on a day at most. 0: no limit.",
    )
    points_cap_staff = fields.Float(
        string="Points per Colleague and Day",
        tracking=True,
        help="The orders that one of your colleagues confirms on a day earn so many points at most. 0: no limit.",
    )

    _points_caps_positive = models.Constraint(
        "CHECK (points_cap_order >= 0 AND points_cap_day >= 0 AND points_cap_staff >= 0)",
        "A limit of points is 0 or more.",
    )

    def _has_points_caps(self):
        self.ensure_one()
        return bool(self.points_cap_order or self.points_cap_day or self.points_cap_staff)
