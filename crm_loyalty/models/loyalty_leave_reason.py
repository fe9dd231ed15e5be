from odoo import fields, models


class LoyaltyLeaveReason(models.Model):
    """Why members leave: chosen from a list, so that it can be counted."""

    _name = "loyalty.leave.reason"
    _description = "Reason for Leaving a Club"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    for_customers = fields.Boolean(
        string="Offered to Customers", default=True, help="A customer who leaves in the portal may choose it."
    )

    _name_unique = models.UniqueIndex("(name) WHERE active", "There is a reason of this name already.")
