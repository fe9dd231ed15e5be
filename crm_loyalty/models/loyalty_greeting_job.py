import logging
from datetime import timedelta

import psycopg2
from odoo import api, fields, models
from odoo.addons.crm_contact_history.patience import patiently
from odoo.exceptions import UserError
from odoo.tools import SQL

from . import greeting_days

_logger = logging.getLogger(__name__)

GREETING_BATCH = 100  # greetings between two commits
# What an audience that cannot be asked answers: a rule that names what is gone, or compares what cannot be compared.
REFUSED = (UserError, psycopg2.DataError, psycopg2.ProgrammingError)


class LoyaltyOccasion(models.Model):
    """The hourly job: first it is written down who is due, then each is greeted."""

    _inherit = "loyalty.occasion"

    @api.model
    def _cron_greet(self):
        """Greet everybody who is due, once.

        Who is due is a row before anything is sent, and the database has one row only for each person, occasion and day.
        A row is marked as sent in the transaction that makes its mail, which core's queue sends afterwards. So a killed
        run has either done both or none, and the next one goes on.
        """
        moment = fields.Datetime.now()
        cron, greetings = self.env["ir.cron"], self.env["loyalty.greeting"]
        for occasion in self.search([("state", "=", "running")]):
            planned = patiently(self.env, lambda occasion=occasion: occasion._plan(moment))
            if not cron._commit_progress(0, remaining=planned):
                return
        done = GREETING_BATCH
        while done == GREETING_BATCH:
            done = patiently(self.env, lambda: greetings._greet_next(moment))
            if not cron._commit_progress(done, remaining=GREETING_BATCH if done == GREETING_BATCH else 0):
                return

    def _plan(self, moment):
        """Write down who is due at a moment: one statement.

        :param moment: naive datetime in UTC
        :return: how many were not written down before
        """
        self.ensure_one()
        self.env.flush_all()
        try:
            with self.env.cr.savepoint():
                planned = len(self.env.execute_query(self._plan_sql(moment)))
            problem = False
        except REFUSED as error:
            planned, problem = 0, _one_line(error)
            _logger.warning("Occasion %s: %s", self.name, problem)
        if (self.problem or False) != problem:
            self.problem = problem
        return planned

    def _plan_sql(self, moment):
        return SQL(
            """
            INSERT INTO loyalty_greeting (occasion_id, company_id, channel, partner_id, date, send_on, state,
                                          create_uid, create_date, write_uid, write_date)
            SELECT %(occasion)s, %(company)s, %(channel)s, due.partner_id, due.date, due.send_on, 'planned',
                   %(user)s, %(now)s, %(user)s, %(now)s
              FROM (%(due)s) due
            ON CONFLICT (occasion_id, partner_id, date) WHERE is_duplicate IS NOT TRUE DO NOTHING
            RETURNING id
            """,
            occasion=self.id,
            company=self.company_id.id,
            channel=self.channel,
            user=self.env.uid,
            now=fields.Datetime.now(),
            due=self._due_sql(moment),
        )


class LoyaltyGreeting(models.Model):
    """Greeting those who are written down."""

    _inherit = "loyalty.greeting"

    @api.model
    def _greet_next(self, moment):
        """Greet the next ones that are planned. Nobody else takes the same ones meanwhile.

        :return: how many were taken; each of them is sent, failed or skipped now
        """
        query = SQL(
            """
            SELECT greeting.id
              FROM loyalty_greeting greeting
              JOIN loyalty_occasion occasion ON occasion.id = greeting.occasion_id AND occasion.state = 'running'
             WHERE greeting.state = 'planned'
          ORDER BY greeting.occasion_id, greeting.id
             LIMIT %s FOR UPDATE OF greeting SKIP LOCKED
            """,
            GREETING_BATCH,
        )
        self.env.flush_all()
        taken = self.browse(row_id for (row_id,) in self.env.execute_query(query))
        taken.invalidate_recordset()
        for occasion, greetings in taken.grouped("occasion_id").items():
            greetings._greet(occasion, moment)
        return len(taken)

    def _greet(self, occasion, moment):
        """Greet by one occasion: together, or one by one when something is wrong with one of them."""
        greetings = self.with_company(occasion.company_id)
        try:
            with self.env.cr.savepoint():
                allowed = greetings - greetings._skip(occasion, moment)
        except REFUSED as error:
            greetings._mark_failed(error)
            return
        if not allowed or allowed._try_to_send(occasion):
            return
        for greeting in allowed:
            greeting._try_to_send(occasion, last=True)

    def _skip(self, occasion, moment):
        """Mark those who are not to be greeted, with the reason.

        :return: them
        """
        oldest = moment.date() - timedelta(days=greeting_days.LATE_DAYS + 1)  # a day more: somewhere it is yesterday
        late = self.filtered(lambda greeting: greeting.send_on < oldest)
        reasons = {**occasion._reasons_not_to_greet(self.partner_id), **dict.fromkeys(late.partner_id, "late")}
        skipped = self.filtered(lambda greeting: greeting.partner_id in reasons)
        for reason, greetings in skipped.grouped(lambda greeting: reasons[greeting.partner_id]).items():
            greetings.write({"state": "skipped", "reason": reason})
        return skipped

    def _try_to_send(self, occasion, last=False):
        """:param last: on failure, mark these as failed, with the reason
        :return: whether they were sent
        """
        try:
            with self.env.cr.savepoint():
                self._send(occasion)
            return True
        except psycopg2.OperationalError:
            raise  # somebody else was faster: the whole batch is done again
        except Exception as error:  # noqa: BLE001  # whatever is wrong with a text or a contact: the others are greeted
            self.env.invalidate_all()
            if last:
                self._mark_failed(error)
            return False

    def _mark_failed(self, error):
        self.env.invalidate_all()
        _logger.warning("Greetings %s failed: %s", self.ids, error)
        self.write({"state": "failed", "error": _one_line(error)})


def _one_line(error):
    return " ".join(str(error).split())[:500] or type(error).__name__
