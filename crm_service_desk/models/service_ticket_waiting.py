from odoo import api, fields, models

from .service_stage import DONE_CATEGORIES, WAITING_CATEGORIES


class ServiceTicket(models.Model):
    """A ticket that waits, for the customer or for somebody outside: since when, and until when at most."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    waiting_since = fields.Datetime(
        compute="_compute_waiting_since",
        store=True,
        precompute=True,
        copy=False,
        help="When the ticket began to wait for the customer or a third party; a new answer of ours begins anew.",
    )
    wait_until = fields.Date(
        copy=False,
        readonly=True,
        tracking=True,
        help="On this day whoever has the ticket is reminded. Empties itself when the wait is over.",
    )

    @api.depends("stage_category")
    def _compute_waiting_since(self):
        """A change of stage begins or ends the wait, and with its end a warning is forgotten."""
        now = fields.Datetime.now()
        for ticket in self:
            waits = ticket.stage_category in WAITING_CATEGORIES
            ticket.waiting_since = (ticket.waiting_since or now) if waits else False
            ticket.close_warned_at = ticket.close_warned_at if waits else False

    def write(self, vals):
        if "stage_id" not in vals:
            return super().write(vals)
        reminded = self.filtered("wait_until")
        waiting = self.filtered("waiting_since").grouped("stage_category")
        result = super().write(vals)
        for category, tickets in waiting.items():
            tickets.filtered(lambda ticket, before=category: ticket.stage_category != before)._wait_anew()
        reminded.filtered(lambda ticket: ticket.stage_category not in WAITING_CATEGORIES)._end_wait()
        return result

    def _wait_anew(self):
        """Those that wait now for somebody else than before have only begun to."""
        waits = self.filtered("waiting_since")
        if waits:
            waits.write({"waiting_since": fields.Datetime.now(), "close_warned_at": False})

    def action_wait_customer(self):
        """It is the customer's turn."""
        self._move_or_explain("waiting_customer")

    def action_wait_third_party(self):
        """Ask for whom and until when the tickets wait."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Wait for a Third Party"),
            "res_model": "service.ticket.wait",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_ticket_ids": self.ids},
        }

    def action_resolve(self):
        """From our side everything is done; the customer may still object."""
        self.filtered(lambda ticket: ticket.stage_category not in DONE_CATEGORIES)._move_or_explain("resolved")

    def _wait_for_third_party(self, until=False, whom=False):
        """Let the tickets wait for somebody outside.

        :param date until: on this day who has the ticket is reminded by an activity; False: nobody is
        :param str whom: for whom or what, noted on the ticket
        """
        self._move_or_explain("waiting_third_party")
        self.wait_until = until
        self._drop_reminders()
        if until:
            for user, tickets in self.grouped("user_id").items():
                tickets.activity_schedule(
                    "crm_service_desk.mail_activity_type_wait",
                    date_deadline=until,
                    summary=whom or self.env._("The wait is over"),
                    user_id=(user or self.env.user).id,
                )
        if whom:
            self._message_log_batch(bodies={ticket.id: self.env._("Waiting for: %s", whom) for ticket in self})

    def _end_wait(self):
        if not self:
            return
        self.wait_until = False
        self._drop_reminders()

    def _drop_reminders(self):
        # sudo: the reminder is the desk's own, whoever of the team it was meant for
        reminder = self.env.ref("crm_service_desk.mail_activity_type_wait")
        self.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id == reminder).unlink()
