from odoo import api, fields, models


class CrmTouchpointChannel(models.Model):
    """A way of contact: telephone, counter, letter … What the history calls a channel is the code of one of these."""

    _name = "crm.touchpoint.channel"
    _description = "Way of Contact"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Stands in the history and in imported files; small letters and underscores."
    )
    icon = fields.Char(required=True, default="fa-comment-o", help="Font Awesome class, such as fa-phone.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_loggable = fields.Boolean(
        string="Logged by Hand",
        default=True,
        help="Offered when a contact is logged. Others come from documents, such as e-mail that Odoo sent.",
    )

    _code_unique = models.Constraint("UNIQUE (code)", "There is a way of contact with this code already.")

    @api.model
    def _labels(self):
        """Name and icon of every way of contact, archived ones too.

        :return: ``{code: {"label": str, "icon": str}}``
        """
        channels = self.with_context(active_test=False).search([])
        return {channel.code: {"label": channel.name, "icon": channel.icon} for channel in channels}
