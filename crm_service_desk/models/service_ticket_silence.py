from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

SILENCE_BATCH = 50  # tickets between two commits


class ServiceTicket(models.Model):
    """A customer who does not answer: he is warned, and some days later his ticket is closed.

    A ticket that waits for us is never closed; nor one whose customer has no e-mail address, since he cannot be
    warned. Mark and mail are committed together, in batches: a run that is killed has neither lost nor doubled one.
    """

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    # Empties itself with the wait: see service_ticket_waiting.
    close_warned_at = fields.Datetime(
        string="Warned of Closing on",
        compute="_compute_waiting_since",
        store=True,
        precompute=True,
        copy=False,
        help="When the customer was told that the ticket will be closed unless he answers.",
    )

    # The daily job: what waits for a customer, the longest first. Few rows, whatever the years.
    _silent_idx = models.Index("(team_id, waiting_since) WHERE stage_category = 'waiting_customer'")

    @api.model
    def _cron_close_silent(self):
        """Close what was warned of, then warn of what comes next: so no ticket goes through both in one run."""
        for team in self.env["service.team"].search([("close_after_days", ">", 0)]):
            for step, domain in ((self._close_silent, team._to_close()), (self._warn_silent, team._to_warn())):
                # What a batch leaves as it is (a lock, an open part) is not looked at again in this run.
                last = 0
                while batch := self.search(domain & Domain("id", ">", last), order="id", limit=SILENCE_BATCH):
                    last = batch[-1].id
                    # Who is working on a ticket at this moment keeps it for today.
                    step(batch.try_lock_for_update())
                    if not self.env["ir.cron"]._commit_progress(len(batch)):
                        return

    @api.model
    def _warn_silent(self, tickets):
        tickets.close_warned_at = fields.Datetime.now()
        for team, of_team in tickets.grouped("team_id").items():
            # from the team, not from whoever runs the job
            team.close_warning_template_id.send_mail_batch(
                of_team.ids,
                email_values={"author_id": False},
                email_layout_xmlid="mail.mail_notification_light",
            )

    @api.model
    def _close_silent(self, tickets):
        tickets -= tickets._with_open_children()
        tickets._move_to("closed")
        closed = tickets.filtered(lambda ticket: ticket.stage_category == "closed")
        closed._message_log_batch(
            bodies={ticket.id: self.env._("Closed, since the customer has not answered.") for ticket in closed}
        )


class ServiceTeam(models.Model):
    _inherit = "service.team"  # pylint: disable=consider-merging-classes-inherited

    close_warning_template_id = fields.Many2one(
        "mail.template",
        string="Warning",
        domain=[("model", "=", "service.ticket")],
        default=lambda self: self.env.ref("crm_service_desk.mail_template_close_warning", raise_if_not_found=False),
        help="The mail by which the customer is told. Without one, no ticket is closed by itself.",
    )

    def _silent(self):
        """Tickets of the team that wait for a customer who could be told."""
        return (
            Domain("team_id", "=", self.id)
            & Domain("stage_category", "=", "waiting_customer")
            & Domain("unanswered", "=", False)
            & Domain("partner_id.email", "!=", False)
        )

    def _to_warn(self):
        """Those whose customer is to be told now."""
        if not self.close_warning_template_id:
            return Domain.FALSE
        since = fields.Datetime.now() - timedelta(days=self.close_after_days - self.close_warning_days)
        return self._silent() & Domain("close_warned_at", "=", False) & Domain("waiting_since", "<=", since)

    def _to_close(self):
        """Those whose time is over: after the warning the customer had all the days that he was promised."""
        warned = fields.Datetime.now() - timedelta(days=self.close_warning_days)
        since = fields.Datetime.now() - timedelta(days=self.close_after_days)
        return self._silent() & Domain("close_warned_at", "<=", warned) & Domain("waiting_since", "<=", since)
