from odoo import api, models
from odoo.addons.crm_contact_history.signed_link import request_of_link, signed_link

SCOPE = "crm_loyalty.greetings_stop"  # what the links are signed for; never change it: they do not expire
PATH = "/greetings/stop/"


class ResPartner(models.Model):
    """The link at the end of each greeting, by which its recipient wants no more of them."""

    _inherit = "res.partner"

    def _greetings_stop_url(self):
        """The link for this contact's own mail; good for as long as he has this e-mail address."""
        self.ensure_one()
        return signed_link(self, SCOPE, PATH, None) if self.email_normalized else ""

    @api.model
    def _of_greetings_stop(self, token):
        """The contact whose link it is, as superuser; none when it is forged, or the address is another one by now."""
        return request_of_link(self.env["res.partner"], SCOPE, token)
