import logging

from odoo import api, fields, models
from odoo.tools import email_normalize, format_datetime

_logger = logging.getLogger(__name__)

BATCH = 50
# Tells other machines not to answer: two robots that thank each other never end.
HEADERS = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}


class ServiceTicket(models.Model):
    """The customer is told at once: the number, what happens next, and a link.

    A job sends it, called by the new ticket itself: so a wrong template loses no complaint, a mail server's gateway is
    not kept waiting, and what a stop of the server has left is sent afterwards, once.
    """

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    acknowledgement_due = fields.Boolean(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The customer is to be told that his ticket is here.",
    )

    # The job's work.
    _acknowledgement_due_idx = models.Index("(id) WHERE acknowledgement_due IS TRUE")

    @api.model_create_multi
    def create(self, vals_list):
        """Context key ``ticket_no_acknowledgement``: send nothing, for imports of old tickets."""
        due = not self.env.context.get("ticket_no_acknowledgement")
        for vals in vals_list:
            vals.setdefault("acknowledgement_due", due)
        return super().create(vals_list)

    def _queue_acknowledgement(self):
        """Call the job for new tickets."""
        # sudo: who may create a ticket has its customer told, by the job
        if any(ticket.acknowledgement_due for ticket in self.sudo()):
            self.env.ref("crm_service_desk.ir_cron_acknowledge").sudo()._trigger()

    @api.model
    def _cron_acknowledge(self):
        """Acknowledge what waits, batch by batch. A batch and that it is done are one transaction."""
        waiting = [("acknowledgement_due", "=", True)]
        while tickets := self.search(waiting, order="id", limit=BATCH).try_lock_for_update():
            tickets._send_acknowledgement()
            tickets.acknowledgement_due = False
            if not self.env["ir.cron"]._commit_progress(len(tickets), remaining=self.search_count(waiting)):
                break

    def _send_acknowledgement(self):
        """Tell the customers that their tickets are here, and their numbers."""
        reachable = self.filtered(lambda ticket: ticket.team_id and ticket._acknowledgement_address())
        # sudo: the job's, or a colleague's who may not read templates
        for template, tickets in reachable.sudo().grouped(lambda t: t.team_id.acknowledgement_template_id).items():
            if template:
                told = tickets._send_template(template)
                told._acknowledged()

    def _send_template(self, template):
        """Send them all; when something is wrong with one of them, the others all the same.

        :return: the tickets whose mail is on its way
        """
        try:
            with self.env.cr.savepoint():
                # The team writes, from the template's address: not whoever is logged in, who may be the customer.
                template.send_mail_batch(
                    self.ids,
                    email_values={"author_id": False, "headers": repr(HEADERS)},
                    email_layout_xmlid="mail.mail_notification_light",
                )
                self.env.flush_all()
        except Exception as error:
            if len(self) > 1:
                return self.browse().union(*(ticket._send_template(template) for ticket in self))
            _logger.exception("The acknowledgement of ticket %s cannot be sent", self.number)
            self._message_log(body=self.env._("The acknowledgement could not be sent: %s", str(error)[:500]))
            return self.browse()
        return self

    def _acknowledgement_address(self):
        """Where the customer is told; the address that was written from where it is unclear who it was."""
        self.ensure_one()
        return self.partner_id.email or (not self.partner_id and self.sender_email) or False

    def _acknowledgement_lang(self):
        """The customer's language, else the company's."""
        self.ensure_one()
        return self.partner_id.lang or self.company_id.partner_id.lang

    def _mail_get_primary_email(self):
        """Core's default recipient where there is no customer (yet)."""
        return {ticket.id: not ticket.partner_id and email_normalize(ticket.sender_email) for ticket in self}

    def _promised_answer(self):
        """Until when we have promised an answer: a time in UTC.

        False when nothing is promised, while the clock is paused, and when the time has passed: a promise that is broken
        already is not given.
        """
        self.ensure_one()
        # sudo: what the clock says is told to the customer, by who may not read clocks
        clock = self.sudo().clock_ids.filtered(
            lambda clock: clock.metric in ("first_answer", "next_answer") and clock.state == "running"
        )[:1]
        return clock.deadline and clock.deadline > fields.Datetime.now() and clock.deadline

    def _shown_promise(self):
        """The promise as the customer reads it, in his zone and language."""
        self.ensure_one()
        zone = self.partner_id.tz or self.company_id.partner_id.tz or "UTC"
        shown = format_datetime(
            self.env,
            self._promised_answer(),
            tz=zone,
            dt_format="EEEE d MMMM y, HH:mm",
            lang_code=self._acknowledgement_lang(),
        )
        return f"{shown} (UTC)" if zone == "UTC" else shown
