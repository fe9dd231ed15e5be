from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

SURVEY_BATCH = 100  # mails between two commits


# Nobody is asked about a ticket that was done longer ago: also not by a team that begins to ask, or a cron that stood
# still.
SURVEY_WINDOW_DAYS = 30


class ServiceFeedback(models.Model):
    """Asking customers what they think: a scheduled job, once per ticket and closing."""

    _inherit = "service.feedback"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _cron_ask(self):
        """Ask the customers of tickets that were done so many days ago, as their teams want it.

        That a customer was asked and the mail to him are committed together, in batches: wherever a run is killed, nobody
        is asked twice and nobody is forgotten.
        """
        while tickets := self._tickets_to_ask():
            self._ask(tickets)
            remaining = len(self._tickets_to_ask())
            if not self.env["ir.cron"]._commit_progress(len(tickets), remaining=remaining):
                return

    @api.model
    def _tickets_to_ask(self):
        """The next tickets whose customers are to be asked, oldest closing first.

        Left out: who has no address, is archived, on the blacklist, does not want to be asked, or has rated already;
        tickets merged into others.
        """
        self.env.flush_all()
        now = fields.Datetime.now()
        query = SQL(
            """
            SELECT ticket.id
              FROM service_ticket ticket
              JOIN service_team team ON team.id = ticket.team_id AND team.survey
              JOIN res_partner partner ON partner.id = ticket.partner_id AND partner.active
                   AND partner.email_normalized IS NOT NULL AND partner.no_ticket_survey IS NOT TRUE
             WHERE ticket.date_closed > %(oldest)s
               AND ticket.date_closed <= %(now)s - team.survey_days * interval '1 day'
               AND ticket.merged_into_id IS NULL
               AND NOT EXISTS (SELECT 1 FROM service_feedback asked
                                WHERE asked.ticket_id = ticket.id AND asked.closed_on = ticket.date_closed)
               AND NOT EXISTS (SELECT 1 FROM mail_blacklist black
                                WHERE black.email = partner.email_normalized AND black.active)
          ORDER BY ticket.date_closed, ticket.id
             LIMIT %(batch)s
            """,
            now=now,
            oldest=now - timedelta(days=SURVEY_WINDOW_DAYS),
            batch=SURVEY_BATCH,
        )
        return self.env["service.ticket"].browse(row[0] for row in self.env.execute_query(query))

    @api.model
    def _ask(self, tickets):
        asked = tickets._new_feedback(sent_on=fields.Datetime.now())
        standard = self.env.ref("crm_service_desk.mail_template_feedback", raise_if_not_found=False)
        for template, feedback in asked.grouped(lambda feedback: feedback.team_id.survey_template_id).items():
            template = template or standard
            if template:
                template.send_mail_batch(feedback.ids, email_layout_xmlid="mail.mail_notification_light")
