from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from .service_remedy import SHOWN_STATES
from .service_stage import DONE_CATEGORIES


class ServiceTicket(models.Model):
    """What the customer does on his ticket in the portal. Called as superuser, after the controller has checked that the
    ticket is his."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    def _remedies_shown(self):
        """The remedies that the customer sees, newest first: not what a former customer of the ticket was offered."""
        return self.remedy_ids.filtered(
            lambda remedy: remedy.state in SHOWN_STATES
            and remedy.partner_id.commercial_partner_id == self.commercial_partner_id
        )

    def _remedies_to_decide(self):
        return self._remedies_shown().filtered(lambda remedy: remedy.state == "proposed")

    def _customer_may_close(self):
        return self.stage_category != "closed"

    def _customer_may_reopen(self):
        """For so many days after it was done, as the team says; later he writes anew."""
        return self.stage_category in DONE_CATEGORIES and not self.merged_into_id and self._may_reopen()

    def _steps_in_words(self):
        """Where the ticket stands, in plain words: what has happened and what comes next."""
        self.ensure_one()
        if self._remedies_to_decide() and self.stage_category not in DONE_CATEGORIES:
            return self.env._("We have made you an offer. Please tell us below whether you accept it.")
        promise = self._promised_answer()
        if promise and promise > fields.Datetime.now() and self.stage_category in ("new", "in_progress"):
            return self.env._(
                "We have your message. A person of our team answers you here by %s at the latest.",
                self._shown_promise(),
            )
        if self._customer_may_reopen():
            return self.env._("This is done. If something is missing, tell us below and we go on.")
        return {
            "new": self.env._("We have your message. A person of our team reads it and answers you here."),
            "in_progress": self.env._("We are working on it. You can add to your message below."),
            "waiting_customer": self.env._("We wait for your answer. Please write it below."),
            "waiting_third_party": self.env._("We wait for somebody outside and tell you as soon as we know more."),
            "resolved": self.env._("This is done. If something is missing, please write a new complaint or request."),
            "closed": self.env._("This is closed. If something is missing, please write a new complaint or request."),
        }[self.stage_category]

    def _customer_closes(self, author):
        """Solved, thank you.

        :raises UserError: when it is closed already, or cannot be
        """
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        if not self._customer_may_close():
            raise UserError(self.env._("This is closed already."))
        self._move_to("closed")
        if self.stage_category != "closed":
            self._move_to("resolved")
        self.unanswered = False
        self.message_post(
            body=self.env._("%s says: solved, thank you.", author.name),
            subtype_xmlid="mail.mt_note",
            author_id=author.id,
            partner_ids=self.user_id.partner_id.ids,
        )

    def _customer_reopens(self, author, reason):
        """It is not solved after all.

        :raises UserError: when it is open already, or it was done too long ago
        """
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        if self.stage_category not in DONE_CATEGORIES:
            raise UserError(self.env._("This is open already. Write below what is missing."))
        if not self._customer_may_reopen():
            raise UserError(self.env._("This was closed too long ago. Please write a new complaint or request."))
        self._take_up_again()
        self.message_post(
            body=plaintext2html(reason),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=author.id,
        )

    def _customer_rates(self, **marks):
        """His marks for the present closing, without having been asked.

        :param marks: as in :meth:`service.feedback._answer`
        :raises UserError: when it is not done, or too late to change them
        """
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        if not self.date_closed:
            raise UserError(self.env._("You can rate this when it is done."))
        feedback = self._feedback_of_closing() or self._new_feedback()
        if feedback.partner_id.commercial_partner_id != self.commercial_partner_id:
            raise UserError(self.env._("This was rated already, before it became yours."))
        feedback._answer(**marks)
