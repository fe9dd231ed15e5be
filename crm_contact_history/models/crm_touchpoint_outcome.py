from odoo import fields, models


class CrmTouchpointOutcome(models.Model):
    """What came of a contact: settled, to be called back, nobody reached …"""

    _name = "crm.touchpoint.outcome"
    _description = "Outcome of a Contact"
    _order = "sequence, id"
    _rec_names_search = ("name", "code")

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="For imported files and other programs; small letters and underscores.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("UNIQUE (code)", "There is an outcome with this code already.")
