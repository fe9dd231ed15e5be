import math

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..plausible import database_text

LONGEST_SUBJECT = 250
LONGEST_SUMMARY = 50_000
LONGEST_CODE = 40


class CrmTouchpoint(models.Model):
    """Logging a contact in one call: the front desk, the telephone exchange, any program over the external API."""

    _inherit = "crm.touchpoint"

    @api.model
    def log_contact(
        self,
        partner_id,
        channel,
        subject="",
        summary="",
        direction="in",
        outcome=False,
        start=None,
        minutes=0,
        res_model=False,
        res_id=False,
    ):
        """Log a contact of this person with a customer. Nothing is logged when anything is wrong.

        :param partner_id: id of the contact; False for somebody unknown
        :param str channel: code of a way of contact that is logged by hand ("phone", "counter", …)
        :param str subject: up to 250 characters
        :param str summary: up to 50,000 characters
        :param str direction: "in" (from the customer) or "out" (to him)
        :param outcome: id or code of an outcome, or False
        :param start: UTC, as text "2026-01-31 14:05:00" or datetime; now when not given
        :param minutes: how long it took, in minutes
        :param res_model: model of a document it was about, with its id in ``res_id``
        :return: id of the contact that was logged
        :raises UserError: with a sentence that says which value is wrong
        :raises AccessError: when this person may not log contacts, or not read the contact or the document
        """
        if not self.has_access("create"):
            raise AccessError(self.env._("You may not log contacts: ask for the access right “Front Desk”."))
        values = {
            "partner_id": self._log_partner(partner_id).id,
            "channel_id": self._log_channel(channel).id,
            "subject": self._log_text(subject, LONGEST_SUBJECT, self.env._("subject")),
            "summary": self._log_text(summary, LONGEST_SUMMARY, self.env._("summary")),
            "direction": self._log_direction(direction),
            "outcome_id": self._log_outcome(outcome).id,
            "start": self._log_start(start),
            "duration": self._log_minutes(minutes) / 60,
            "document_ref": self._log_document(res_model, res_id),
        }
        return self.create(values).id

    # -- the arguments, each checked -----------------------------------------------------------------------------

    def _log_partner(self, partner_id):
        partners = self.env["res.partner"]
        if partner_id is False or partner_id is None:
            return partners
        partner = partners.browse(self._log_id(partner_id)).exists()
        if not partner:
            raise UserError(self.env._("There is no such contact any more."))
        partner.check_access("read")
        return partner

    def _log_channel(self, channel):
        found = self.env["crm.touchpoint.channel"]
        if self._log_is_code(channel):
            found = found.search([("code", "=", channel), ("is_loggable", "=", True)])
        if not found:
            known = ", ".join(found.search([("is_loggable", "=", True)]).mapped("code"))
            raise UserError(
                self.env._("There is no way of contact “%(code)s”. Known are: %(known)s.", code=channel, known=known)
                if self._log_is_code(channel)
                else self.env._("Name a way of contact by its code. Known are: %s.", known)
            )
        return found

    def _log_is_code(self, value):
        """Whether it could be a code: PostgreSQL takes no text with a zero byte, and none is that long."""
        return isinstance(value, str) and value.isprintable() and len(value) <= LONGEST_CODE

    def _log_text(self, text, longest, what):
        if text is False or text is None:
            return ""
        if not isinstance(text, str):
            raise UserError(self.env._("The %s is to be a text.", what))
        if len(text) > longest:
            raise UserError(
                self.env._(
                    "The %(what)s has %(has)s characters, %(most)s at most.", what=what, has=len(text), most=longest
                )
            )
        return database_text(text).strip()

    def _log_direction(self, direction):
        if direction not in ("in", "out"):
            raise UserError(self.env._("The direction is “in” (from the customer) or “out” (to the customer)."))
        return direction

    def _log_outcome(self, outcome):
        outcomes = self.env["crm.touchpoint.outcome"]
        if outcome is False or outcome is None or outcome == "":
            return outcomes
        if isinstance(outcome, str):
            found = outcomes.search([("code", "=", outcome)]) if self._log_is_code(outcome) else outcomes
        else:
            found = outcomes.browse(self._log_id(outcome)).exists()
        if not found:
            raise UserError(self.env._("There is no such outcome of a contact."))
        return found

    def _log_start(self, start):
        try:
            return fields.Datetime.to_datetime(start or None) or fields.Datetime.now()
        except (TypeError, ValueError, OverflowError) as error:
            raise UserError(self.env._("Write the time as 2026-01-31 14:05:00, in UTC.")) from error

    def _log_minutes(self, minutes):
        is_number = isinstance(minutes, int | float) and not isinstance(minutes, bool)
        if minutes is False or minutes is None:
            return 0
        # No digits beyond what any contact can take: a huge integer is no float.
        if not is_number or not 0 <= minutes <= 60 * 24 * 31 or not math.isfinite(minutes):
            raise UserError(self.env._("The duration is a number of minutes between 0 and 44,640 (31 days)."))
        return minutes

    def _log_document(self, res_model, res_id):
        if not res_model and not res_id:
            return False
        if not isinstance(res_model, str) or res_model not in dict(self._document_models()):
            raise UserError(self.env._("No contact can be about this kind of document."))
        document = self.env[res_model].browse(self._log_id(res_id)).exists()
        if not document:
            raise UserError(self.env._("There is no such document any more."))
        document.check_access("read")
        return document

    def _log_id(self, value):
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**31:
            raise UserError(self.env._("A record is named by its id, a whole number above zero."))
        return value
