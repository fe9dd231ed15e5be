from odoo import fields, models


class CoMarketingCategory(models.Model):
    """What an offer is about, so that members find it: food, travel, parking, …"""

    _name = "co.marketing.category"
    _description = "Category of Partner Offers"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    icon = fields.Char(default="fa-tag", help="Font Awesome class, such as fa-cutlery.")
    active = fields.Boolean(default=True)
