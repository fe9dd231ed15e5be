import secrets

from odoo import api, fields, models


class CoMarketingVersion(models.Model):
    """Terms that were proposed can be read and accepted by a link, without a login, as core's quotations can.

    Each proposal has a link of its own, good for these terms only: what was withdrawn, and perhaps changed, is accepted
    by no link of before. It goes out with the mail to the partner's contacts and does not stand in the chatter; of our own
    people only those who make agreements see it.
    """

    _name = "co.marketing.version"
    _inherit = ["co.marketing.version", "portal.mixin"]

    access_token = fields.Char(groups="crm_loyalty.group_club_manager")
    accept_link = fields.Char(
        string="Link to Accept",
        compute="_compute_accept_link",
        groups="crm_loyalty.group_club_manager",
        help="Whoever has it may accept these terms for the partner. The partner's contacts got it by e-mail.",
    )

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for version in self:
            version.access_url = f"/my/partner/terms/{version.id}"
        return result

    @api.depends("state", "access_token")
    def _compute_accept_link(self):
        for version in self:
            is_open = version.state == "proposed" and version.access_token
            version.accept_link = is_open and f"{version.get_base_url()}{version.get_portal_url()}"

    def _propose(self):
        result = super()._propose()
        for version in self:
            # sudo: as in _propose; a new secret for each proposal.
            version.sudo().access_token = secrets.token_urlsafe(32)
        return result

    def _proposal_key(self):
        """Names this proposal of these terms: nobody accepts what was changed after he had opened the page."""
        self.ensure_one()
        return f"{self.id}-{self.proposed_on:%Y%m%d%H%M%S}" if self.proposed_on else ""


class CoMarketingAgreement(models.Model):
    _inherit = "co.marketing.agreement"

    def _tell_partner(self, version):
        return super(CoMarketingAgreement, self.with_context(co_marketing_proposed=version.id))._tell_partner(version)

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """The partner's contacts get the link to what is proposed as the button of their e-mail, and nobody else does."""
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals=msg_vals)
        # sudo: the link goes to those whom the manager has written on the agreement.
        version = self.sudo().open_version_id.filtered(
            lambda one: one.id == self.env.context.get("co_marketing_proposed") and one.accept_link
        )
        if not version:
            return groups
        contacts = version.agreement_id.contact_ids.ids
        button = {"url": version.accept_link, "title": self.env._("Read and Accept")}
        to_contacts = [
            "co_marketing_contact",
            lambda recipient: recipient["id"] in contacts,
            {"active": True, "has_button_access": True, "button_access": button},
        ]
        return [to_contacts, *groups]
