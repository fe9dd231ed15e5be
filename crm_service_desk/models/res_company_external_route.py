from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    service_external_route = fields.Html(
        string="Where Else to Turn to",
        translate=True,
        help="Told to a customer who rejects what we offer (ISO 10002, 8.8): for example the body for consumer arbitration, with address "
        "and link.",
    )
