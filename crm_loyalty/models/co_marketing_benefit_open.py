from odoo import api, fields, models
from odoo.fields import Domain

from .co_marketing_agreement import KINDS_FOR_OUR_MEMBERS
from .co_marketing_benefit import WEEKDAYS
from .co_marketing_hours import is_open
from .co_marketing_offer import Offer

# Each limit: (field, whether it is the member's own, span of the tally). The first that is reached is told.
LIMITS = (
    ("limit_member", True, "total"),
    ("limit_member_month", True, "month"),
    ("limit_member_day", True, "day"),
    ("limit_total", False, "total"),
    ("limit_month", False, "month"),
    ("limit_day", False, "day"),
)


class CoMarketingBenefit(models.Model):
    """What a member may use now: asked by the portal, the counter, the interface for programs and the tests alike."""

    _inherit = "co.marketing.benefit"

    @api.model
    def _benefits_open_to(self, membership, outlet, moment, amount=None):
        """What a member may use at an outlet at a moment, with the uses left or the reason why not.

        The one place where this is decided. It changes nothing. For server code: that the caller may ask about this member
        is his to check. Queries: the same for one benefit and for a hundred.

        :param membership: ``loyalty.membership``
        :param outlet: ``co.marketing.outlet``; empty: all outlets, for the member's own page. Hours and days are then
            those of the first outlet of each benefit
        :param moment: naive datetime in UTC
        :param amount: the bill in the agreement's currency, when it is known; the minimum spend is then asked, and the
            discount told
        :return: list of :class:`~.co_marketing_offer.Offer`, in the order of the benefits: all of the agreements in force
            there, also those that are not for this member
        """
        membership.ensure_one()
        membership, outlet = membership.sudo(), outlet.sudo()  # sudo: the caller may ask, see above
        benefits = self.sudo()._in_force(membership, outlet, moment)  # sudo: as above
        if not benefits:
            return []
        day = self._day(membership, outlet, moment)
        runs = bool(membership._counting_in(outlet.company_id or benefits[0].company_id, day))
        used = self.env["co.marketing.tally"]._used(
            benefits._counted(),
            membership.partner_id.id,
            self._day(membership, outlet or benefits.agreement_id.outlet_ids[:1], moment),
        )
        return [benefit._offer_to(membership, outlet, moment, amount, runs, used) for benefit in benefits]

    @api.model
    def _day(self, membership, outlet, moment):
        """The day it is at the outlet; without one, the day by which the member's own club counts."""
        if outlet:
            return outlet._local(moment).date()
        company = membership.club_id.company_id or self.env.company
        club = membership.with_context(tz=company.sudo().partner_id.tz or "UTC")  # sudo: only the time zone
        return fields.Datetime.context_timestamp(club, moment).date()

    def _in_force(self, membership, outlet, moment):
        """The benefits of all agreements in force at ``outlet`` on that day."""
        agreements = self.env["co.marketing.agreement"]._in_force_domain(self._day(membership, outlet, moment))
        agreements &= Domain("kind", "in", KINDS_FOR_OUR_MEMBERS)
        company = membership.company_id
        if company:
            agreements &= Domain("company_id", "child_of", company.id)
        domain = Domain("version_id.state", "=", "accepted") & Domain("direction", "=", "ours")
        if outlet:
            agreements &= Domain("outlet_ids", "in", outlet.ids)
            domain &= Domain("outlet_ids", "=", False) | Domain("outlet_ids", "in", outlet.ids)
        return self.search(domain & Domain("agreement_id", "any", agreements), order="agreement_id, sequence, id")

    def _offer_to(self, membership, outlet, moment, amount, runs, used):
        """How this benefit stands for a member.

        :param runs: whether the membership counts
        :param used: of ``co.marketing.tally._used``
        """
        self.ensure_one()
        place = outlet or (self.outlet_ids or self.agreement_id.outlet_ids)[:1]
        local = place._local(moment) if place else moment
        code = self._fault_of_member(membership, runs) or self._fault_of_time(local)
        counted = self._counted().id
        exhausted, uses_left = self._left({key[1:]: value for key, value in used.items() if key[0] == counted})
        code = code or exhausted or self._fault_of_bill(amount, used.get((counted, False, "total"), (0, 0.0))[1])
        return Offer(
            benefit=self,
            code=code or "",
            reason=self._reason(code) if code else "",
            uses_left=uses_left,
            discount=self._discount(amount) if amount else 0.0,
        )

    def _fault_of_member(self, membership, runs):
        if not runs:
            return "membership"
        if self.club_ids and membership.club_id not in self.club_ids:
            return "club"
        return "tier" if self.tier_ids and membership.tier_id not in self.tier_ids else None

    def _fault_of_time(self, local):
        weekdays = [self[day] for day in WEEKDAYS]
        if is_open(weekdays, self.hour_from, self.hour_to, local):
            return None
        return "weekday" if is_open([True] * 7, self.hour_from, self.hour_to, local) else "hours"

    def _left(self, used):
        """:return: (code of the limit that is reached, uses left; None: no limit)"""
        left = {
            (name.removeprefix("limit_")): self[name] - used.get((own, span), (0, 0.0))[0]
            for name, own, span in LIMITS
            if self[name]
        }
        reached = next((code for code, uses in left.items() if uses <= 0), None)
        return reached, max(min(left.values()), 0) if left else None

    def _fault_of_bill(self, amount, spent):
        """:param spent: sum of the discounts given so far, where there is a budget"""
        if self.budget and self.currency_id.compare_amounts(spent + self._discount(amount), self.budget) > 0:
            return "budget"
        if self.budget and self.currency_id.compare_amounts(spent, self.budget) >= 0:
            return "budget"
        if amount is None:
            return None
        if not amount and self._needs_amount():
            return "amount"
        return "minimum" if self.currency_id.compare_amounts(amount, self.minimum_spend) < 0 else None

    def _reason(self, code):
        """A sentence for the person at the counter, and for the member."""
        texts = {
            "membership": lambda: self.env._("The membership does not count at present."),
            "club": lambda: self.env._("This is for members of another club."),
            "tier": lambda: self.env._("This is for members in another tier."),
            "weekday": lambda: self.env._("Not today: %s.", self._times_text()),
            "hours": lambda: self.env._("Not at this hour: %s.", self._times_text()),
            "member": lambda: self.env._("Used as often as each member may: %s.", self.limit_member),
            "member_month": lambda: self.env._("Used by this member as often as it may be in a month."),
            "member_day": lambda: self.env._("Used by this member as often as it may be in a day."),
            "total": lambda: self.env._("It is used up: all that were agreed are given away."),
            "month": lambda: self.env._("All for this month are given away."),
            "day": lambda: self.env._("All for today are given away."),
            "budget": lambda: self.env._("The budget for it is used up, or too small for this bill."),
            "amount": lambda: self.env._("Type the amount of the bill."),
            "minimum": lambda: self.env._("From a bill of %s on.", self.currency_id.format(self.minimum_spend)),
        }
        return texts[code]()

    def _times_text(self):
        """When it holds, such as "Mon, Tue, 09:00–11:30"."""
        self.ensure_one()
        names = {
            "monday": self.env._("Mon"),
            "tuesday": self.env._("Tue"),
            "wednesday": self.env._("Wed"),
            "thursday": self.env._("Thu"),
            "friday": self.env._("Fri"),
            "saturday": self.env._("Sat"),
            "sunday": self.env._("Sun"),
        }
        parts = [] if all(self[day] for day in WEEKDAYS) else [names[day] for day in WEEKDAYS if self[day]]
        if self.hour_from != self.hour_to:
            parts.append(f"{_clock(self.hour_from)}–{_clock(self.hour_to)}")
        return ", ".join(parts)


def _clock(hour):
    minutes = round(hour * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
