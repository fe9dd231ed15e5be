from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.crm_contact_history.patience import patiently
from odoo.fields import Domain
from odoo.tools import format_date

CRON_BATCH = 500


class LoyaltyMembership(models.Model):
    """How a membership stands as days go by: begun, in grace, frozen, over."""

    _inherit = "loyalty.membership"

    next_change_on = fields.Date(
        compute="_compute_next_change_on",
        store=True,
        help="The day on which the status has to be looked at again. Empty: it stays as it is.",
    )

    # Serves the daily cron: what has to be looked at today.
    _next_change_idx = models.Index("(next_change_on) WHERE next_change_on IS NOT NULL")

    def _state_on(self, day):
        """The status on a day: it follows from the dates alone, as does :meth:`_running_domain`."""
        self.ensure_one()
        if self.ended_on and self.ended_on <= day:
            return "ended"
        if day < self.date_start:
            return "future"
        if self._freezes_from(day).filtered(lambda freeze: freeze.date_from <= day):
            return "frozen"
        if self.counts_until and self.counts_until < day:
            return "ended"
        return "grace" if self.date_end and self.date_end < day else "running"

    @api.depends(
        "state", "date_start", "date_end", "counts_until", "freeze_ids.date_from", "freeze_ids.date_until", "club_id"
    )
    def _compute_next_change_on(self):
        todays = {club: club._today() for club in self.club_id}
        for membership in self:
            club = membership.club_id
            membership.next_change_on = club and membership._next_change(todays[club])

    def _next_change(self, today):
        freezes = self._freezes_from(today)
        if self.state == "ended":
            return False
        if self.state == "future":
            return self.date_start
        if self.state == "frozen":
            ends = freezes.mapped("date_until") if freezes else [today]
            return min(ends) + timedelta(days=1) if all(ends) else False
        days = [day + timedelta(days=1) for day in (self.date_end, self.counts_until) if day]
        if self.state == "grace":
            days = days[1:]
        return min(days + freezes.mapped("date_from"), default=False)

    def _follow_dates(self, silently=False):
        """Bring the status in line with the dates, as of today.

        :param silently: without lines in the log, for a caller who writes his own
        """
        changes = {}
        for club, memberships in self.grouped("club_id").items():
            today = club._today()
            for membership in memberships:
                change = membership.state, membership._state_on(today)
                changes[change] = changes.get(change, self.browse()) | membership
        for (old, new), memberships in changes.items():
            if old == new:
                self.env.add_to_compute(self._fields["next_change_on"], memberships)
            else:
                memberships._enter(old, new, silently)
        self._recompute_recordset(["next_change_on"])  # now: it depends on the day

    def _enter(self, old, new, silently):
        if new == "ended":
            for last_day, memberships in self.grouped("counts_until").items():
                memberships.write({"state": new, "ended_on": last_day + timedelta(days=1)})
        else:
            self.write({"state": new})
        if silently:
            return
        if old == "future" and new != "ended":
            self._log("started")
        if new == "ended":
            self._log("ended", self.env._("Validity over"))
        elif new == "grace":
            for last_day, memberships in self.grouped("counts_until").items():
                memberships._log("grace", self.env._("Counts until %s", format_date(self.env, last_day)))
        elif new == "frozen":
            self._log("frozen")
        elif old == "frozen":
            self._log("unfrozen")

    # ------------------------------------------------------------ cron

    @api.model
    def _cron_follow_the_calendar(self):
        """Begin, freeze and end what is to begin, be frozen or end today.

        Each batch is committed with all that follows from it, so a killed run goes on where it stopped. The day is
        that of the club's own time zone: a membership is looked at on the first run after midnight there.
        """
        all_clubs = self.env["loyalty.club"].with_context(active_test=False)
        for _company, clubs in all_clubs._read_group([], ["company_id"], ["id:recordset"]):
            domain = Domain("club_id", "in", clubs.ids) & Domain("next_change_on", "<=", clubs[0]._today())
            if not self._cron_work_off(domain):
                return

    @api.model
    def _cron_work_off(self, domain):
        """Look at all memberships of ``domain``, in batches.

        :return: whether there is time left for more
        """
        while True:
            done = patiently(self.env, lambda: self._follow_batch(domain))
            if not done:
                return True
            remaining = self.search_count(domain, limit=CRON_BATCH * 10)
            if not self.env["ir.cron"]._commit_progress(done, remaining=remaining):
                return False

    @api.model
    def _follow_batch(self, domain):
        batch = self.search(domain, limit=CRON_BATCH, order="id")
        batch._follow_dates()
        batch._follow_up()
        return len(batch)
