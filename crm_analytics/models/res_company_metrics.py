from odoo import fields, models


class ResCompany(models.Model):
    """By which rules a company's customers are new, loyal, at risk or lost, and how far it looks ahead.

    A customer's *usual interval* is the mean number of days between his purchase days; of one who bought once it is
    taken to be ``lifecycle_first_interval``.
    """

    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    lifecycle_first_interval = fields.Integer(
        "Interval before the Second Purchase",
        default=60,
        required=True,
        help="Days after which a customer who bought once is expected again.",
    )
    lifecycle_loyal_days = fields.Integer(
        "Loyal from Purchase Number", default=4, required=True, help="Days with a purchase that make a customer loyal."
    )
    lifecycle_at_risk_factor = fields.Float(
        "At Risk after Intervals", default=2.0, required=True, help="So many times the customer's usual interval."
    )
    lifecycle_at_risk_days = fields.Integer("At Risk at the Earliest after Days", default=30, required=True)
    lifecycle_lost_factor = fields.Float(
        "Lost after Intervals", default=4.0, required=True, help="So many times the customer's usual interval."
    )
    lifecycle_lost_days = fields.Integer("Lost at the Earliest after Days", default=90, required=True)
    retention_horizon = fields.Integer(
        "Horizon of Estimates (Months)", default=12, required=True, help="How far the lifetime value looks ahead."
    )
    retention_discount = fields.Float(
        "Discount per Year", default=0.1, required=True, help="What money of next year is worth less than today's."
    )

    _lifecycle_rules_make_sense = models.Constraint(
        """CHECK (lifecycle_first_interval > 0 AND lifecycle_loyal_days > 1
              AND lifecycle_at_risk_factor > 0 AND lifecycle_lost_factor >= lifecycle_at_risk_factor
              AND lifecycle_at_risk_days >= 0 AND lifecycle_lost_days >= lifecycle_at_risk_days)""",
        "Customers are at risk before they are lost, and loyal from the second purchase on at the earliest.",
    )
    _retention_rules_make_sense = models.Constraint(
        "CHECK (retention_horizon BETWEEN 1 AND 60 AND retention_discount >= 0 AND retention_discount < 1)",
        "Estimates look 1 to 60 months ahead, and the discount lies between 0 and 100 % per year.",
    )
