from odoo import api, models
from odoo.addons.crm_contact_history.specs import HistorySpec


class MailMessage(models.Model):
    """A text message belongs to those who were sent it.

    One that was sent to many at once and logged on their documents names no recipient: it belongs to the contact of the
    document. One to a mere number belongs to the contact who has it when it is sent, if there is one alone (see
    ``mail.notification``), else to nobody.
    """

    _inherit = "mail.message"

    @api.model
    def _contact_history_specs(self):
        sms = {
            "group": "sms",
            "date": "date",
            "channel": "sms",
            "direction": "out",
            "user": "create_uid",
            "outside_only": True,
        }
        sent = HistorySpec(
            "sms",
            partner="notified_partner_ids",
            company="record_company_id",
            domain=(("message_type", "=", "sms"),),
            **sms,
        )
        logged = [
            HistorySpec(
                "sms",
                document=document,
                partner=path,
                company="company_id" if "company_id" in self.env[document]._fields else "",
                domain=(("message_type", "=", "sms"), ("model", "=", document), ("notification_ids", "=", False)),
                **sms,
            )
            for document, path in self.env["contact.history.entry"]._documents().items()
        ]
        return [*super()._contact_history_specs(), sent, *logged]

    @api.model
    def _contact_history_takes(self, vals):
        if vals.get("message_type") != "sms":
            return super()._contact_history_takes(vals)
        return ("sms",)
