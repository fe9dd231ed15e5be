from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    public_ticket_form = fields.Boolean(
        string="Public Form",
        default=True,
        help="Everybody can write to the service desk under /service/new, without a login, and finds the way there on the "
        "login page and the help pages. What was asked while it was open can still be confirmed.",
    )

    def _write_url(self, user):
        """Where ``user``, perhaps a visitor, writes to us."""
        # sudo: whether a form is open to everybody is no secret
        is_open = self.sudo().public_ticket_form
        return "/service/new" if user._is_public() and is_open else "/my/tickets/new"
