from ast import literal_eval

from odoo import models


class ResPartner(models.Model):
    """Mailings to chosen customers, and what is left of them when a contact is anonymised."""

    _inherit = "res.partner"

    def _action_write_mailing(self, subject):
        """A new mailing of core's to these contacts, to be written and looked at before it is sent.

        Core leaves out who is on the blacklist, and adds the link to unsubscribe.
        """
        self.env["mailing.mailing"].check_access("create")
        action = self.env["ir.actions.act_window"]._for_xml_id("mass_mailing.mailing_mailing_action_mail")
        return {
            **action,
            "views": [(False, "form")],
            "view_mode": "form",
            "target": "current",
            "context": {
                "default_mailing_type": "mail",
                "default_subject": subject,
                "default_mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                "default_mailing_domain": repr([("id", "in", self.ids)]),
            },
        }

    def _mailing_get_default_domain(self, mailing):
        """Core works the domain out anew from the model when the form opens: those chosen stay, as with its events."""
        chosen = self.env.context.get("default_mailing_domain")
        model_id = self.env.context.get("default_mailing_model_id")
        if chosen and mailing.mailing_model_id.id == model_id:
            return literal_eval(chosen) if isinstance(chosen, str) else chosen
        core = getattr(super(), "_mailing_get_default_domain", None)  # core asks only models that have it
        return core(mailing) if core else []

    def _anonymise_records(self):
        """The addresses that segments have put on mailing lists for these contacts go."""
        result = super()._anonymise_records()
        # sudo: called after _check_anonymise, by which only administrators come
        subscriptions = self.env["mailing.subscription"].sudo().search([("segment_partner_id", "in", self.ids)])
        subscriptions.contact_id.unlink()
        return result
