import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

LONGEST_CODE = 32


class CrmTouchpointChannel(models.Model):
    """A way of contact: telephone, counter, letter … What the history calls a channel is the code of one of these."""

    _name = "crm.touchpoint.channel"
    _description = "Way of Contact"
    _order = "sequence, id"
    # Found by its code in imported files, whatever the language.
    _rec_names_search = ("name", "code")

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

    is_answered_later = fields.Boolean(
        help="The customer waits for an answer, as with e-mail; where people speak with each other he has it at once. "
        "Counts in the report on the time to first answer.",
    )

    _code_unique = models.Constraint("UNIQUE (code)", "There is a way of contact with this code already.")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_plain_code(vals) for vals in vals_list])

    def _with_plain_code(self, vals):
        """Small letters, digits and underscores, whatever was typed."""
        if not isinstance(vals.get("code"), str):
            return vals
        # One more than may be: an index takes no text without end, and _check_code tells of it.
        code = re.sub(r"[^a-z0-9]+", "_", vals["code"].strip().lower()).strip("_")[: LONGEST_CODE + 1]
        return {**vals, "code": code}

    @api.constrains("code")
    def _check_code(self):
        for channel in self:
            if not 0 < len(channel.code or "") <= LONGEST_CODE:
                raise ValidationError(self.env._("Give the way of contact a code of one to 32 letters or digits."))

    @api.constrains("icon")
    def _check_icon(self):
        for channel in self:
            if not re.fullmatch(r"fa-[a-z0-9-]{1,40}", channel.icon or ""):
                raise ValidationError(self.env._("“%s” is no icon: write one such as fa-phone.", channel.icon))

    def write(self, vals):
        """The history stores the code, so the code of a channel in use stays what it is."""
        vals = self._with_plain_code(vals)
        changed = self.filtered(lambda channel: "code" in vals and vals["code"] != channel.code)
        # sudo: only whether it is in use, whoever may read the contacts logged by it.
        logged = self.env["crm.touchpoint"].sudo().with_context(active_test=False)
        if changed and logged.search_count([("channel_id", "in", changed.ids)], limit=1):
            raise ValidationError(self.env._("This way of contact is in use: archive it and make a new one."))
        return super().write(vals)

    @api.model
    def _labels(self):
        """Name and icon of every way of contact, archived ones too.

        :return: ``{code: {"label": str, "icon": str}}``
        """
        channels = self.with_context(active_test=False).search_fetch([("code", "!=", False)], ["code", "name", "icon"])
        return {channel.code: {"label": channel.name, "icon": channel.icon} for channel in channels}
