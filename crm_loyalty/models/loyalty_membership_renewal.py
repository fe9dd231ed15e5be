from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date


class LoyaltyMembership(models.Model):
    """Another period for a member, and taking one back."""

    _inherit = "loyalty.membership"

    def _renew(self, reason=None, periods=1, seen=None):
        """Let open memberships go on: the new period begins on the day after the old one, early or in grace as well.

        :param reason: why, for the log
        :param periods: how many periods
        :param seen: ``{id of a membership: its last day}``, both as text, as who asks has seen them: so that two clerks who
            do the same do it once
        :return: ``{membership: (first new day, last new day)}``; the last is False: for life
        :raises AccessError: unless the user may, see _check_may_serve; a membership that is sold only a manager renews
        :raises UserError: when a membership has ended, is for life, has another last day than was seen, or its club has
            no later one
        """
        self._check_may_serve()
        self._check_not_sold()
        self._check_open()
        self._check_seen(seen or {})
        memberships = self.sudo()  # the right is checked by _check_may_serve; nobody may write memberships otherwise
        renewed = {}
        for membership in memberships:
            first, last = membership._next_period(periods)
            renewed[membership] = (first, last)
            membership.write({"date_end": last, "has_left": False, "leave_reason_id": False})
        memberships._follow_dates(silently=True)
        until = self.env._("Valid until %s")
        for last, of_day in memberships.grouped("date_end").items():
            text = until % format_date(self.env, last) if last else self.env._("Valid for life")
            of_day._log("renewed", ": ".join(filter(None, [reason, text])))
        memberships._follow_up()
        return renewed

    def _check_not_sold(self):
        sold = self.club_id.filtered(lambda club: club.enrolment == "paid")
        if sold:
            self.env["loyalty.club"]._check_manager(
                self.env._(
                    "A membership of %(club)s is renewed by selling “%(product)s” again. Only a club manager renews it"
                    " without.",
                    club=sold[0].name,
                    product=sold[0].sudo().fee_product_id.display_name,  # sudo: its name, in a message
                )
            )

    def _check_seen(self, seen):
        for membership in self:
            end = membership.date_end
            if seen.get(str(membership.id), str(end)) != str(end):
                raise UserError(
                    self.env._(
                        "The membership of %(member)s in %(club)s has just been changed by a colleague: it is now valid"
                        " until %(day)s. Look at its log, and renew it again if that is meant.",
                        day=format_date(self.env, end),
                        **membership._names(),
                    )
                )

    def _next_period(self, periods=1):
        """:return: its first day, and its last one or False
        :raises UserError: when there is none
        """
        self.ensure_one()
        if not self.date_end:
            raise UserError(
                self.env._("%(member)s is in %(club)s for life: there is nothing to renew.", **self._names())
            )
        first, last = self.date_end + timedelta(days=1), self.date_end
        for _period in range(periods):
            last = last and self.club_id._validity_end_after(last, self.date_start)
        if last and last < first:
            raise UserError(
                self.env._(
                    "All memberships of %(club)s end on the same day: enter a later last day on the club, then renew"
                    " that of %(member)s.",
                    **self._names(),
                )
            )
        return first, last

    def _take_back(self, first, last, reason):
        """Undo a period that was given: what it was given for is void.

        A membership that has no day left without it ends today.

        :param first: first day of the period
        :param last: its last day; False: for life
        """
        for membership in self.filtered(lambda m: m.state != "ended"):
            today = membership.club_id._today()
            end = last and membership.date_end and membership.date_end - (last - first) - timedelta(days=1)
            if end and end >= max(today, membership.date_start):
                membership.date_end = end
                membership._follow_dates(silently=True)
                membership._log("taken_back", reason)
            else:
                membership._close(reason, today, {})
        self._follow_up()

    def _names(self):
        return {"member": self.partner_id.name, "club": self.club_id.name}
