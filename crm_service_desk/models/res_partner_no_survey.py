from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    no_ticket_survey = fields.Boolean(
        string="No Questions After Tickets", help="Does not want to be asked how satisfied he is with a ticket."
    )
