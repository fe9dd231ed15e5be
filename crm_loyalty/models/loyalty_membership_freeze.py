from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date


class LoyaltyMembershipFreeze(models.Model):
    """Days on which a membership gives nothing. Past ones are kept: they say what counted on a past day."""

    _name = "loyalty.membership.freeze"
    _description = "Frozen Days of a Membership"
    _order = "date_from desc, id desc"

    membership_id = fields.Many2one("loyalty.membership", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="membership_id.company_id", store=True)
    date_from = fields.Date(string="First Frozen Day", required=True, readonly=True)
    date_until = fields.Date(string="Last Frozen Day", readonly=True, help="Empty: until it is unfrozen.")
    days_added = fields.Integer(readonly=True, help="By how many days it has moved the end of the membership.")

    # Serves the question which memberships are frozen on a day (asked of those that ever were).
    _days_idx = models.Index("(date_until, date_from)")
    _until_after_from = models.Constraint(
        "CHECK (date_until IS NULL OR date_until >= date_from)", "A freeze cannot end before it begins."
    )

    @api.depends("date_from", "date_until")
    def _compute_display_name(self):
        for freeze in self:
            days = [format_date(self.env, day) if day else "" for day in (freeze.date_from, freeze.date_until)]
            freeze.display_name = " – ".join(days)

    @api.model
    def _covering_domain(self, day):
        """Those to whose days ``day`` belongs."""
        day = fields.Date.to_date(day)
        return Domain("date_from", "<=", day) & (Domain("date_until", "=", False) | Domain("date_until", ">=", day))


class LoyaltyMembership(models.Model):
    """A membership that rests: it gives nothing, and what it loses is added to its end."""

    _inherit = "loyalty.membership"

    # Whether a day is frozen does not depend on who asks: record rules of the freezes are not looked at.
    freeze_ids = fields.One2many("loyalty.membership.freeze", "membership_id", readonly=True, bypass_search_access=True)
    was_frozen = fields.Boolean(readonly=True, copy=False, help="There are frozen days, past or to come.")
    is_freeze_planned = fields.Boolean(string="Frozen, or to Be", compute="_compute_frozen_until")
    frozen_until = fields.Date(compute="_compute_frozen_until", help="Empty: until it is unfrozen.")

    @api.depends("freeze_ids.date_until", "was_frozen", "club_id")
    def _compute_frozen_until(self):
        for membership in self:
            freeze = membership.club_id and membership._freeze_now()
            membership.is_freeze_planned = bool(freeze)
            membership.frozen_until = freeze and freeze.date_until

    def _freezes_from(self, day):
        """Freezes that are not over before ``day``: there is one at most."""
        if not self.was_frozen:
            return self.freeze_ids.browse()
        return self.freeze_ids.filtered(lambda freeze: not freeze.date_until or freeze.date_until >= day)

    def _freeze_now(self):
        """The freeze that is on, or planned."""
        return self._freezes_from(self.club_id._today())

    def _freeze(self, date_from=None, date_until=None, reason=None):
        """Let running memberships rest.

        :param date_from: first frozen day, today when not given; not in the past, which stays as it was
        :param date_until: last frozen day; when not given, until it is unfrozen
        :param reason: why, for the log
        :raises AccessError: unless the user may, see _check_may_serve
        :raises UserError: when a membership is not running, will be over by then, is frozen already or is to be later
        """
        self._check_may_serve()
        memberships = self.sudo()  # the right is checked by _check_may_serve; nobody may write memberships otherwise
        values = []
        for membership in memberships:
            first = date_from or membership.club_id._today()
            membership._check_can_freeze(first, date_until)
            days = (date_until - first).days + 1 if date_until else 0
            added = days if membership.date_end else 0
            values.append(
                {"membership_id": membership.id, "date_from": first, "date_until": date_until, "days_added": added}
            )
            membership._move_end(added)
        self.env["loyalty.membership.freeze"].sudo().create(values)  # as above
        memberships.write({"was_frozen": True})
        memberships._follow_dates(silently=True)
        for (state, first), of_state in memberships.grouped(lambda m: (m.state, m._freeze_now().date_from)).items():
            days = [format_date(self.env, day) if day else "…" for day in (first, date_until)]
            of_state._log(
                "frozen" if state == "frozen" else "freeze_planned",
                ": ".join(filter(None, [" – ".join(days), reason])),
            )
        memberships._follow_up()

    def _check_can_freeze(self, first, last):
        today = self.club_id._today()
        if first < today:
            raise UserError(self.env._("The past stays as it was: freeze from today on, or from a later day."))
        if last and last < first:
            raise UserError(self.env._("A freeze cannot end before it begins: enter a later last day."))
        if self._freeze_now():
            raise UserError(
                self.env._(
                    "The membership of %(member)s in %(club)s is frozen already, or is to be. Unfreeze it first.",
                    **self._names(),
                )
            )
        if self.state != "running" or self.has_left or (self.date_end and first > self.date_end):
            raise UserError(
                self.env._(
                    "The membership of %(member)s in %(club)s cannot be frozen: it is not running then, or is going to"
                    " end.",
                    **self._names(),
                )
            )

    def _unfreeze(self, reason=None):
        """Let frozen memberships run again from today, or give up freezes that are planned.

        :param reason: why, for the log
        :raises AccessError: unless the user may, see _check_may_serve
        :raises UserError: when a membership is not frozen and is not to be
        """
        self._check_may_serve()
        memberships = self.sudo()  # the right is checked by _check_may_serve; nobody may write memberships otherwise
        for membership in memberships:
            freeze = membership._freeze_now()
            if not freeze or membership.state == "ended":
                raise UserError(self.env._("The membership of %(member)s in %(club)s is not frozen.", **self._names()))
        for club, of_club in memberships.grouped("club_id").items():
            of_club._stop_freezing(club._today() - timedelta(days=1))
        memberships._follow_dates(silently=True)
        memberships._log("unfrozen", reason)
        memberships._follow_up()

    def _stop_freezing(self, last_day):
        """End the freezes of these memberships on ``last_day``, and take back the days that were added for more."""
        for membership in self:
            freeze = membership._freezes_from(last_day + timedelta(days=1))
            days = max((last_day - freeze.date_from).days + 1, 0)
            if not membership.has_left:  # the day of which notice was given stays
                membership._move_end(days - freeze.days_added)
            freeze.days_added = days if membership.date_end else 0
        self._cut_freezes(last_day)

    def _move_end(self, days):
        if self.date_end and days:
            self.date_end += timedelta(days=days)

    def _cut_freezes(self, last_day):
        """No day after ``last_day`` is frozen any more."""
        freezes = self.filtered("was_frozen").freeze_ids.filtered(
            lambda freeze: not freeze.date_until or freeze.date_until > last_day
        )
        to_come = freezes.filtered(lambda freeze: freeze.date_from > last_day)
        (freezes - to_come).write({"date_until": last_day})
        to_come.unlink()
