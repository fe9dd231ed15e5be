from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.crm_contact_history.patience import patiently
from odoo.fields import Domain
from odoo.tools import format_date

BATCH = 50  # agreements between two commits


class CoMarketingAgreement(models.Model):
    """The daily job: agreements begin and end by their dates, and who looks after one is reminded in time, once."""

    _inherit = "co.marketing.agreement"

    # For which day the reminder was given: a day that is moved is reminded of anew.
    notice_reminded_for = fields.Date(readonly=True, copy=False)
    end_reminded_for = fields.Date(readonly=True, copy=False)

    @api.model
    def _cron_follow_the_calendar(self):
        """Begin, prolong, end and remind. Each batch is committed, so a killed run goes on where it stopped."""
        everything = self.with_context(active_test=False)
        # The day of a company may be ahead of UTC; each agreement is judged by its own.
        today = fields.Date.today() + timedelta(days=1)
        for domain, step in (
            (self._to_follow_domain(today), "_follow_dates"),
            (self._to_remind_domain(today), "_remind"),
        ):
            last_id = 0
            while batch := everything.search(domain & Domain("id", ">", last_id), limit=BATCH, order="id"):
                patiently(self.env, lambda batch=batch, step=step: [getattr(one, step)() for one in batch])
                last_id = batch[-1:].id
                if not self.env["ir.cron"]._commit_progress(len(batch)):
                    return

    @api.model
    def _to_remind_domain(self, today):
        """Agreements that may have to be reminded of: their day is not far."""
        far = today + timedelta(days=366)
        soon = Domain("notice_date", "<=", far) | Domain("date_end", "<=", far)
        return Domain("state", "in", ("accepted", "running", "suspended")) & Domain("remind_days", ">", 0) & soon

    def _remind(self):
        """Give who looks after it a task before the last day of notice and before the end: once for each day."""
        self.ensure_one()
        today = self._today()
        soon = today + timedelta(days=self.remind_days)
        notice, end = self.notice_date, self.date_end
        if (
            self.renewal == "renews" and not self.notice_given_on
            and notice and today <= notice <= soon and self.notice_reminded_for != notice
        ):  # fmt: skip
            # sudo: written by this job only.
            self.sudo().notice_reminded_for = notice
            self._remind_of(notice, self.env._("Last day to give notice: else it goes on"))
        ends = self.renewal == "ends" or self.notice_given_on
        if ends and end and today <= end <= soon and self.end_reminded_for != end:
            # sudo: as above.
            self.sudo().end_reminded_for = end
            self._remind_of(end, self.env._("The agreement ends: renew it or say good-bye"))

    def _remind_of(self, day, summary):
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=day,
            summary=summary,
            note=f"{self.display_name}: {format_date(self.env, day)}",
            user_id=self.user_id.id,
        )
