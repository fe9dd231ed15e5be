import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerAssetType(models.Model):
    """A kind of thing that customers own or bring: a vehicle, a device, a contract."""

    _name = "customer.asset.type"
    _description = "Kind of Customer Asset"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    icon = fields.Char(required=True, default="fa-cube", help="Font Awesome class, such as fa-car.")
    identifier_label = fields.Char(
        required=True,
        translate=True,
        default=lambda self: self.env._("Serial number"),
        help="What identifies a thing of this kind: plate, serial number, contract number …",
    )
    normalisation = fields.Selection(
        [("letters_digits", "Letters and digits only"), ("any_case", "As written, in any case")],
        string="Identifiers Are Compared By",
        required=True,
        default="letters_digits",
        help="Letters and digits only: “D 1234 AB”, “d1234ab” and “D-1234-AB” are one plate.",
    )
    reading_label = fields.Char(
        translate=True, help="What is read off at every service, such as mileage; may be empty."
    )
    properties_definition = fields.PropertiesDefinition("Further Fields")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    @api.constrains("icon")
    def _check_icon(self):
        for kind in self:
            if not re.fullmatch(r"fa-[a-z0-9-]{1,40}", kind.icon or ""):
                raise ValidationError(self.env._("“%s” is no icon: write one such as fa-car.", kind.icon))
