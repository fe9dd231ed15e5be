from odoo import api, fields, models

from .service_stage import DONE_CATEGORIES


class ServiceTicket(models.Model):
    """How the conversation moves the ticket.

    Only what is said between customer and team counts: a public message of a person. Notes, tracked changes,
    acknowledgements and automatic replies move nothing.
    """

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    unanswered = fields.Boolean(
        string="To answer",
        default=True,
        copy=False,
        help="The customer has spoken last: he waits for an answer.",
    )

    conversation_state = fields.Selection(
        [("new", "New"), ("to_answer", "To answer")],
        string="Our Turn",
        compute="_compute_conversation_state",
        help="New: nobody has answered yet. To answer: the customer has written again. Empty: it is not our turn.",
    )

    # "To answer": the team's work of today.
    _unanswered_idx = models.Index(
        "(team_id) WHERE unanswered IS TRUE AND stage_category NOT IN ('resolved', 'closed')"
    )

    @api.depends("unanswered", "stage_category")
    def _compute_conversation_state(self):
        for ticket in self:
            if not ticket.unanswered or ticket.stage_category in DONE_CATEGORIES:
                ticket.conversation_state = False
            else:
                ticket.conversation_state = "new" if ticket.stage_category == "new" else "to_answer"

    def _message_post_after_hook(self, message, msg_vals):
        if self._is_spoken(message):
            # sudo: mail.thread has checked that the author may write here; what follows is the desk's own rule
            ticket = self.sudo()
            if message.author_id != ticket.partner_id and self._is_of_team(message.author_id):
                ticket._team_answered(message.author_id)
            else:
                ticket._customer_replied()
        return super()._message_post_after_hook(message, msg_vals)

    @api.model
    def _is_spoken(self, message):
        """Whether a person said this to the other side."""
        return (
            message.message_type in ("comment", "email")
            and message.subtype_id == self.env.ref("mail.mt_comment")
            and not message.is_internal
        )

    @api.model
    def _is_of_team(self, author):
        """Whether the author answers for us: a contact with an internal user."""
        # sudo: a customer's browser may not read users
        return any(not user.share for user in author.sudo().user_ids)

    def _customer_replied(self):
        """The customer spoke: he waits for us, and what was put aside or thought done is work again.

        What has been done for too long is not reached by a reply: see ``service_ticket_reopening``.
        """
        self.unanswered = True
        again = ("waiting_customer", *DONE_CATEGORIES)
        self.filtered(lambda ticket: ticket.stage_category in again)._move_to("in_progress")

    def _team_answered(self, author):
        """Somebody of us answered: nobody waits, a new ticket is in progress, and who answers an orphan adopts it."""
        self.unanswered = False
        self.filtered(lambda ticket: ticket.stage_category == "new")._move_to("in_progress")
        user = author.user_ids.filtered(lambda user: not user.share)[:1]
        self.filtered(lambda ticket: not ticket.user_id).user_id = user
        # The customer has all his days from here on.
        self._wait_anew()
