from odoo import api, fields, models


class ResPartner(models.Model):
    """Whose tickets a customer sees in the portal.

    A person on his own, and the login of the company itself, see their account. Of the contacts of a company, the *main contacts* see
    the tickets of the whole company; everybody else sees what he filed himself.
    """

    _inherit = "res.partner"

    is_ticket_main_contact = fields.Boolean(
        string="Sees the Company's Tickets",
        help="In the portal, this contact sees the complaints and requests of the whole company, not only the own ones.",
    )
    tickets_of_id = fields.Many2one(
        "res.partner",
        compute="_compute_tickets_of_id",
        compute_sudo=True,
        groups="base.group_system",
        help="The contact whose account this one sees the tickets of; himself when he sees his own only.",
    )

    @api.depends("commercial_partner_id", "is_ticket_main_contact")
    def _compute_tickets_of_id(self):
        for partner in self:
            partner.tickets_of_id = partner.commercial_partner_id if partner.is_ticket_main_contact else partner

    def write(self, vals):
        """The portal's record rules name the account, and Odoo keeps evaluated rules until its caches are cleared."""
        result = super().write(vals)
        if {"is_ticket_main_contact", "parent_id", "is_company"} & vals.keys() and self._have_portal_login():
            self.env.registry.clear_cache()
        return result

    def _have_portal_login(self):
        # sudo: only whether there is one
        users = self.env["res.users"].sudo().with_context(active_test=False)
        return bool(users.search_count([("partner_id", "child_of", self.ids), ("share", "=", True)], limit=1))
