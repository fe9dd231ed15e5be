from datetime import timedelta

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
        """The remedies that the customer sees, newest first."""
        return self.remedy_ids.filtered(lambda remedy: remedy.state in SHOWN_STATES)

    def _remedies_to_decide(self):
        return self.remedy_ids.filtered(lambda remedy: remedy.state == "proposed")

    def _customer_may_close(self):
        return self.stage_category != "closed"

    def _customer_may_reopen(self):
        """For so many days after it was done, as the team says; later he writes anew."""
        if self.stage_category not in DONE_CATEGORIES or not self.date_closed or not self.team_id:
            return False
        return fields.Datetime.now() <= self.date_closed + timedelta(days=self.team_id.reopen_days)

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
        (self._feedback_of_closing() or self._new_feedback())._answer(**marks)
