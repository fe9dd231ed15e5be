from markupsafe import Markup
from odoo import fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tools import plaintext2html

# After the customer's yes there is nothing left to do for these.
GIVEN_WITH_THE_WORD = ("apology", "explanation", "coupon", "points")


class ServiceRemedy(models.Model):
    """How a remedy moves: offered, approved where it costs much, decided by the customer, carried out or withdrawn.

    Every step locks the remedy first, so that pressed twice or by two people it happens once.
    """

    _inherit = "service.remedy"  # pylint: disable=consider-merging-classes-inherited

    # Offered ---------------------------------------------------------------------------------------

    def _offer(self):
        """Wait for the leader when it costs much; else put it before the customer or give it. As superuser."""
        self.ensure_one()
        self.offered = self.with_context(lang=self._language())._customer_words()
        if self.ticket_id._needs_approval(self.user_id, self.cost, self.cost_unknown, self):
            self.state = "to_approve"
            self.approval_activity_id = self._tell_leader(self.env._("Approve: %s", self.display_name))
        else:
            self._put_forward()

    def _put_forward(self):
        """Ask the customer, or give it at once; either way he is told."""
        ticket = self.ticket_id
        if self.kind in ("repair", "visit"):
            self._as_offerer()._make_event()
        if self.asks:
            self.state = "proposed"
            asking = self.with_context(lang=self._language())
            self._say_to_customer(asking.env._("Please tell us in the portal whether you accept this."))
            if ticket.stage_category not in ("resolved", "closed"):
                ticket._move_to("waiting_customer")
        else:
            self._as_offerer()._carry_out()
            self._say_to_customer("")

    def _say_to_customer(self, closing):
        """The offer as an answer on the ticket, in the customer's language."""
        words = [self.text, self.offered, closing]
        # with_user: the offer is the word of who made it, not of who approved it
        self.ticket_id.with_user(self.user_id).sudo().message_post(
            body=Markup().join(plaintext2html(part) for part in words if part),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.user_id.partner_id.id,
        )

    # Approved --------------------------------------------------------------------------------------

    def action_approve(self):
        """Approve it: it goes to the customer.

        :raises AccessError: for anybody but the leader and service managers
        """
        for remedy in self._locked_by_approver():
            if remedy.state == "to_approve":
                remedy.approved_by_id = self.env.uid
                remedy.approval_activity_id.action_feedback()
                remedy._put_forward()
        return True

    def action_refuse(self):
        """Do not approve it: it is withdrawn, and who offered it is told."""
        for remedy in self._locked_by_approver():
            if remedy.state == "to_approve":
                remedy.approval_activity_id.action_feedback()
                remedy._cancel(self.env._("%s was not approved.", remedy.display_name))
        return True

    def _locked_by_approver(self):
        """These remedies, as superuser and locked.

        :raises AccessError: unless the person leads the team or is a service manager
        """
        self.check_access("read")
        for remedy in self:
            if not remedy.ticket_id.team_id._may_approve(self.env.user):
                raise AccessError(
                    self.env._(
                        "“%(remedy)s” is approved by the leader of team “%(team)s” or by a service manager.",
                        remedy=remedy.display_name,
                        team=remedy.ticket_id.team_id.name,
                    )
                )
        self._lock()
        # sudo: _may_approve was checked for each of them
        return self.sudo()

    def _lock(self):
        """:raises LockError: when somebody else decides on one of them at this moment"""
        try:
            self.lock_for_update()
        except LockError as error:
            raise LockError(
                self.env._(
                    "Somebody else decides on “%s” at this very moment. Reload the page: it says how it went.",
                    self[:1].display_name,
                )
            ) from error

    # Decided ---------------------------------------------------------------------------------------

    def _decide(self, decision, reason="", author=None):
        """The customer's word. Called as superuser, after the controller has checked that it is his.

        :param str decision: "accepted" or "rejected"
        :param str reason: why not, in his words; already checked
        :param author: the contact who decides; by default the ticket's customer
        :raises UserError: when it is not, or no longer, to be decided
        """
        self.ensure_one()
        self._lock()
        if self.state != "proposed":
            raise UserError(self.env._("This offer has been decided already, or was withdrawn. Reload the page."))
        self.write({"decision": decision, "decided_on": fields.Datetime.now(), "decision_reason": reason or False})
        author = author or self.partner_id
        if decision == "accepted":
            self._accepted(author)
        else:
            self._rejected(author)

    def _accepted(self, author):
        ticket = self.ticket_id
        if ticket.stage_category == "waiting_customer":
            ticket._move_to("in_progress")
        self._as_offerer()._carry_out()
        ticket.message_post(
            body=self.env._("%(customer)s accepts: %(remedy)s", customer=author.name, remedy=self.display_name),
            subtype_xmlid="mail.mt_note",
            author_id=author.id,
            partner_ids=self.user_id.partner_id.ids,
        )

    def _rejected(self, author):
        """Back to the team: the case is open again, and the customer learns where else he can turn to."""
        ticket = self.ticket_id
        self.state = "rejected"
        self._as_offerer()._withdraw()
        ticket._take_up_again()
        ticket.message_post(
            body=plaintext2html(
                self.env._(
                    "I do not accept: %(remedy)s\n%(reason)s",
                    remedy=self.display_name,
                    reason=self.decision_reason or "",
                )
            ),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=author.id,
        )
        ticket._tell_external_route()

    # Carried out -----------------------------------------------------------------------------------

    def _carry_out(self):
        """Give what was agreed, with the rights of who offered it. What fails becomes his task: the customer's word
        counts, whatever happens on our side."""
        # sudo: checked by who calls: the controller (the customer's word), _locked_by_approver, or _offer_remedy (given at
        # once); nobody writes remedies directly
        remedy = self.sudo()
        remedy.state = "accepted"
        try:
            if not remedy.user_id.active:
                raise AccessError(self.env._("%s does not work here any more.", remedy.user_id.name))
            with self.env.cr.savepoint():
                self._give()
        except UserError as error:
            remedy._tell_leader(self.env._("Give by hand: %s", remedy.display_name), str(error))
            return
        if self.kind in GIVEN_WITH_THE_WORD:
            remedy.write({"state": "done", "done_on": fields.Datetime.now()})

    def action_done(self):
        """The visit was made, the credit note posted, the replacement sent."""
        self._check_may_work()
        self._lock()
        # sudo: the right to work on the ticket was checked
        agreed = self.sudo().filtered(lambda remedy: remedy.state == "accepted")
        agreed.write({"state": "done", "done_on": fields.Datetime.now()})
        return True

    def action_cancel(self):
        """Withdraw it, with its draft documents.

        :raises UserError: when the customer has it already
        """
        self._check_may_work()
        self._lock()
        # sudo: the right to work on the ticket was checked
        for remedy in self.sudo():
            if remedy.state in ("done", "rejected"):
                raise UserError(
                    self.env._(
                        "“%(remedy)s” is %(state)s and cannot be withdrawn. Offer another one.",
                        remedy=remedy.display_name,
                        state=dict(remedy._fields["state"]._description_selection(self.env))[remedy.state].lower(),
                    )
                )
            if remedy.state != "cancelled":
                remedy.approval_activity_id.action_feedback()
                remedy._cancel(self.env._("%s was withdrawn.", remedy.display_name))
        return True

    def _cancel(self, note):
        self.state = "cancelled"
        self._as_offerer()._withdraw()
        self.ticket_id.message_post(
            body=note, subtype_xmlid="mail.mt_note", partner_ids=(self.user_id - self.env.user).partner_id.ids
        )

    # Helpers ---------------------------------------------------------------------------------------

    def _check_may_work(self):
        """:raises AccessError: unless the ticket is the person's to change"""
        self.check_access("read")
        self.ticket_id.check_access("write")

    def _as_offerer(self):
        """The remedy with the rights of who offered it: documents and gifts are made by him, whoever decides."""
        return self.with_user(self.user_id)

    def _language(self):
        """The customer's language."""
        return self.partner_id.lang or self.env.lang

    def _tell_leader(self, summary, note=""):
        """An activity on the ticket for who answers for the team; where nobody does, for who offered the remedy."""
        ticket = self.ticket_id
        return ticket.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=plaintext2html(note),
            user_id=ticket._who_answers_for_it(self.user_id).id,
        )
