from odoo import api, models
from odoo.fields import Domain
from odoo.tools import html2plaintext, plaintext2html
from odoo.tools.sql import escape_psql

from ..specs import HistorySpec

CHANNELS = (("phonecall", "phone"), ("meeting", "meeting"))
DIRECTIONS = (("phonecall", "out"), ("meeting", "out"))


class MailActivity(models.Model):
    """A done activity belongs to the contact on whose form it was planned, or to the contact of the document.

    Core archives it with the day and what was said. Calls and meetings are contacts with the customer, all others our
    own work for him. What is still to do is no history.
    """

    _name = "mail.activity"
    _inherit = ["mail.activity", "contact.history.mixin"]

    @api.model
    def _contact_history_specs(self):
        return [
            HistorySpec(
                "activity",
                document=document,
                partner=path,
                date="date_done",
                channel_field="activity_type_id.category",
                channel_codes=CHANNELS,
                direction="internal",
                direction_field="activity_type_id.category",
                direction_codes=DIRECTIONS,
                company="company_id" if "company_id" in self.env[document]._fields else "",
                domain=(("active", "=", False), ("date_done", "!=", False), ("res_model", "=", document)),
            )
            for document, path in self.env["contact.history.entry"]._documents().items()
        ]

    @api.model
    def _contact_history_takes(self, vals):
        return not vals.get("active", True)

    def _contact_history_readable(self):
        # Core's rules for activities are in Python: a search would ask more than once.
        return self.exists()._filtered_access("read")

    def _contact_history_render(self):
        return {
            activity.id: {
                # sudo: the kind and the document's name of an activity that this person may read.
                "title": activity.summary or activity.sudo().activity_type_id.name or self.env._("Activity"),
                "text": activity.feedback or html2plaintext(activity.note or "").strip()[:200],
                "amount": False,
                "status": activity.sudo().res_model != "res.partner" and activity.sudo().res_name,
                "document": (activity.res_model, activity.res_id),
                "can_read": bool(activity.feedback or activity.note),
                "has_time": False,
            }
            for activity in self
        }

    def _contact_history_read(self):
        return {
            # sudo: who did an activity that this person may read, and its kind.
            "title": self.summary or self.sudo().activity_type_id.name,
            "author": self.sudo().user_id.name,
            "body": (self.note or "") + plaintext2html(self.feedback or ""),
            "attachments": self.attachment_ids,
        }

    @api.model
    def _contact_history_text_domain(self, text):
        return Domain.OR(Domain(name, "ilike", text) for name in ("summary", "feedback", "note", "res_name"))

    def _contact_history_find(self, text):
        # sudo: only among activities that this person may read; core's search asks for more than that.
        found = self.sudo().with_context(active_test=False)
        found = found.search(Domain("id", "in", self.ids) & self._contact_history_text_domain(escape_psql(text)))
        return self.browse(found.ids)


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    def write(self, vals):
        """The category says whether an activity is a call: what was done under the old one is looked at again."""
        result = super().write(vals)
        if "category" in vals:
            self.env["contact.history.rebuild"]._backfill(["mail.activity"])
        return result
