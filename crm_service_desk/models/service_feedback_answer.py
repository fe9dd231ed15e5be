import secrets
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, plaintext2html

# An answer may be changed for so many days; a question may be answered for so many after it was asked.
CHANGE_DAYS = 7
ANSWER_DAYS = 90


class ServiceFeedback(models.Model):
    """The customer's answer: given once, changed for some days, and what follows from it."""

    _inherit = "service.feedback"  # pylint: disable=consider-merging-classes-inherited

    def _is_open(self):
        """Whether it can be answered, or the answer changed, now."""
        self.ensure_one()
        last = self.answered_on + timedelta(days=CHANGE_DAYS) if self.answered_on else None
        return fields.Datetime.now() <= (last or (self.sent_on or self.closed_on) + timedelta(days=ANSWER_DAYS))

    def _answer(self, csat, csat_handling, ces, comment):
        """Keep the answer. Called as superuser, after the controller has checked that it is the customer's.

        :param int csat: the answer, 1 to 5
        :param int csat_handling: the handling, 1 to 5
        :param int ces: how easy, 1 to 7
        :param str comment: plain text; already checked
        :raises UserError: when it is too late
        """
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        if not self._is_open():
            raise UserError(self.env._("Your answer of that time stands: it can no longer be changed."))
        self.write(
            {
                "csat": csat,
                "csat_handling": csat_handling,
                "ces": ces,
                "comment": comment or False,
                "answered_on": self.answered_on or fields.Datetime.now(),
            }
        )
        self._rate_in_core()
        self._tell_leader_of_low()

    def _rate_in_core(self):
        """The mark for the answer is core's rating of the ticket. Made directly: core's way would post the comment as a
        message of the customer, which takes the ticket up again."""
        if not self.rating_id:
            self.rating_id = self.env["rating.rating"].create(
                {
                    "res_model_id": self.env["ir.model"]._get_id("service.ticket"),
                    "res_id": self.ticket_id.id,
                    "partner_id": self.partner_id.id,
                    "rated_partner_id": self.user_id.partner_id.id,
                }
            )
            self.rating_id.flush_recordset()  # core works out a ticket's last mark by SQL
        self.rating_id.write({"rating": self.csat, "feedback": self.comment, "consumed": True})

    def _tell_leader_of_low(self):
        """An activity for the team's leader, once, however often the customer changes his marks."""
        if not self.is_low or self.leader_told:
            return
        self.leader_told = True
        ticket = self.ticket_id
        marks = self.env._(
            "Answer %(csat)s of 5, handling %(handling)s of 5, ease %(ces)s of 7.",
            csat=self.csat,
            handling=self.csat_handling,
            ces=self.ces,
        )
        ticket.activity_schedule(
            "mail.mail_activity_data_call",
            summary=self.env._("Low marks: %s", ticket.number),
            note=plaintext2html("\n".join(filter(None, [marks, self.comment]))),
            user_id=ticket._who_answers_for_it(self.user_id).id,
        )

    def _url(self):
        """The link in the mail, by which the customer answers without a login."""
        self.ensure_one()
        return f"{self.get_base_url()}/tickets/feedback/{self.access_token}"

    def _forget_words(self):
        """Marks stay; the comment goes, and the links in his mails open nothing any more. As superuser."""
        for feedback in self:
            feedback.write({"comment": False, "access_token": secrets.token_urlsafe(32)})
        # By SQL: core would write that he has rated just now.
        ratings = self.rating_id
        ratings.flush_recordset()
        self.env.cr.execute(SQL("UPDATE rating_rating SET feedback = NULL WHERE id = ANY(%s)", ratings.ids))
        ratings.invalidate_recordset(["feedback"])
        self.env["res.partner"]._anonymise_texts_of(self)
