from odoo import api, fields, models
from odoo.addons.crm_contact_history.patience import patiently
from odoo.tools import SQL, format_datetime

from .sla_book import SlaBook

BATCH = 100


class ServiceSlaClock(models.Model):
    """The job that warns before a deadline and tells of a breach, each once for a clock, whatever crashes.

    A clock says itself when it is to be looked at (``next_check``), so a run costs what is due. What was told is marked in
    the same transaction as the telling; two jobs at the same time take different clocks.
    """

    _inherit = "service.sla.clock"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _cron_check(self):
        """Look at the clocks that are due, in batches, each of them committed."""
        crons = self.env["ir.cron"]
        while done := patiently(self.env, self._check_batch):
            if not crons._commit_progress(done, remaining=self._count_due()):
                return

    @api.model
    def _count_due(self):
        """How many clocks are due, as far as it matters for telling that there is more."""
        query = "SELECT count(*) FROM (SELECT 1 FROM service_sla_clock WHERE next_check < %s LIMIT %s) due"
        return self.env.execute_query(SQL(query, fields.Datetime.now(), BATCH * 10))[0][0]

    @api.model
    def _check_batch(self):
        """Look at the next clocks that are due and on which nobody else works.

        :return: how many clocks there were
        """
        now = fields.Datetime.now()
        due = dict(
            self.env.execute_query(
                SQL(
                    """SELECT id, ticket_id FROM service_sla_clock WHERE next_check < %s
                     ORDER BY next_check, id LIMIT %s FOR UPDATE SKIP LOCKED""",
                    now,
                    BATCH,
                )
            )
        )
        book = SlaBook(self.env["service.ticket"].browse(set(due.values())), now)
        warn, escalate = [], []
        for clock in book.clocks:
            if clock.id in due:
                book.catch_up(clock)
                self._look_at(book, clock, warn, escalate)
                clock.touched = True
        book.save()
        self.browse(warn)._warn()
        self.browse(escalate)._escalate()
        return len(due)

    @api.model
    def _look_at(self, book, clock, warn, escalate):
        """Decide whether somebody is to be told of a clock, and mark it as told."""
        reading, target = book.reading(clock), book.targets.get(clock.target_id)
        if reading.breached_on:
            if target and target.escalates and not clock.escalated_on:
                clock.escalated_on = book.now
                escalate.append(clock.id)
        elif not clock.warned_on:
            warning = book.warning_on(clock, reading)
            if warning and warning <= book.now:
                clock.warned_on = book.now
                warn.append(clock.id)

    # ------------------------------------------------------------ telling

    def _warn(self):
        """Give whoever has the ticket, else the leader of its team, the task to be in time."""
        wanted = [(clock, clock.ticket_id.user_id or clock.team_id.user_id) for clock in self]
        self._add_activities(wanted, lambda env: env._("Soon over: %(promise)s, until %(deadline)s"))

    def _escalate(self):
        """Tell those whom the target names of the breach, as it says."""
        tell = [(clock, user) for clock in self for user in clock._escalation_users()]
        self._add_activities(
            [(clock, user) for clock, user in tell if clock.target_id.escalate_activity],
            lambda env: env._("Deadline missed: %(promise)s, was due %(deadline)s"),
        )
        for clock, user in self._readable([(c, user) for c, user in tell if c.target_id.escalate_mail]):
            clock.with_context(lang=user.lang)._mail_breach(user)
        urgent = self.filtered("target_id.escalate_priority").ticket_id
        for priority, tickets in urgent.grouped("priority").items():
            if priority != "3":
                tickets.write({"priority": str(int(priority) + 1)})

    def _escalation_users(self):
        self.ensure_one()
        target = self.target_id
        users = target.escalation_user_ids
        return users | self.team_id.user_id if target.escalate_leader else users

    @api.model
    def _readable(self, wanted):
        """Of (clock, user) pairs those whose user may read the ticket: nobody hears of a ticket that is not for him."""
        tickets = self.env["service.ticket"].browse({clock.ticket_id.id for clock, _user in wanted})
        may = {
            user: set(tickets.with_user(user)._filtered_access("read").ids)
            for user in {user for _clock, user in wanted if user and user.active}
            if tickets.with_user(user).has_access("read")
        }
        return [(clock, user) for clock, user in wanted if clock.ticket_id.id in may.get(user, ())]

    @api.model
    def _add_activities(self, wanted, words):
        """Add a task for each (clock, user).

        :param words: function of an environment in the user's language: the summary, with places for the promise and the
            deadline
        """
        model = self.env["ir.model"]._get_id("service.ticket")
        kind = self.env.ref("mail.mail_activity_data_warning", raise_if_not_found=False)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model,
                    "res_id": clock.ticket_id.id,
                    "activity_type_id": kind.id if kind else False,
                    "summary": words(clock.with_context(lang=user.lang).env) % clock._words_for(user),
                    "user_id": user.id,
                    "date_deadline": fields.Datetime.context_timestamp(
                        self.with_context(tz=user.tz), clock.deadline or clock.breached_on
                    ).date(),
                }
                for clock, user in self._readable(wanted)
            ]
        )

    def _words_for(self, user):
        """The promise and its deadline in the user's language and time zone."""
        self.ensure_one()
        clock = self.with_context(lang=user.lang)
        return {
            "promise": dict(clock._fields["metric"]._description_selection(clock.env))[clock.metric],
            "deadline": format_datetime(clock.env, clock.deadline or clock.breached_on, tz=user.tz, dt_format="short"),
        }

    def _mail_breach(self, user):
        self.ensure_one()
        words = self._words_for(user)
        self.ticket_id.message_notify(
            partner_ids=user.partner_id.ids,
            subject=self.env._("Deadline missed: %s", self.ticket_id.display_name),
            body=self.env._("%(promise)s was due %(deadline)s. Open the ticket to see where it stands.", **words),
        )

    # ------------------------------------------------------------ after a change of working hours

    @api.model
    def _cron_plan_changed_hours(self):
        """Plan the open clocks anew whose working hours or public holidays have changed."""
        self.env.cr.execute(
            SQL("SELECT id, hours_version FROM resource_calendar WHERE hours_version > coalesce(hours_planned, 0)")
        )
        for calendar_id, version in self.env.cr.fetchall():
            last = 0
            while last is not None:
                last = patiently(self.env, lambda after=last, c=calendar_id: self._plan_batch(c, after))
                if not self.env["ir.cron"]._commit_progress(1, remaining=1):
                    return
            # a change meanwhile has counted on, and is planned by the next run
            self.env.cr.execute(
                SQL("UPDATE resource_calendar SET hours_planned = %s WHERE id = %s", version, calendar_id)
            )
        self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _plan_batch(self, calendar_id, after):
        """Plan the next open clocks of a calendar anew.

        :param after: the id of the last clock looked at
        :return: the id of the last one of this batch, None when there is none left
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT id, ticket_id, deadline, elapsed_hours, paused_hours FROM service_sla_clock
                    WHERE calendar_id = %s AND stopped IS NULL AND id > %s ORDER BY id LIMIT %s FOR UPDATE""",
                calendar_id,
                after,
                BATCH,
            )
        )
        if not rows:
            return None
        stored = {row[0]: row[2:] for row in rows}
        book = SlaBook(self.env["service.ticket"].browse({row[1] for row in rows}), fields.Datetime.now())
        for clock in book.clocks:
            if clock.id in stored:
                row = book.row(clock)
                if stored[clock.id] != (row["deadline"], row["elapsed_hours"], row["paused_hours"]):
                    book.record(clock, "replan", book.reading(clock).plan)
        book.save()
        return max(stored)
