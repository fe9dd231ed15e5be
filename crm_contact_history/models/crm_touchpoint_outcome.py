from odoo import api, fields, models
from odoo.exceptions import ValidationError

LONGEST_CODE = 32


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

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_code(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_code(vals)
        return super().write(vals)

    def _check_code(self, vals):
        """Before it is written: the index that keeps codes apart takes no long ones, and says so in its own words only."""
        if len(str(vals.get("code") or "")) > LONGEST_CODE:
            raise ValidationError(self.env._("Give the outcome a code of at most %s letters.", LONGEST_CODE))
