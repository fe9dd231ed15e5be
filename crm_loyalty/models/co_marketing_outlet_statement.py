from datetime import datetime, time, timedelta

import pytz
from odoo import models
from odoo.fields import Domain


class CoMarketingOutlet(models.Model):
    """What an outlet has booked in some days: pages and totals."""

    _inherit = "co.marketing.outlet"

    def _statement_domain(self, first, last):
        """:param first, last: days by the clock of the outlet, both included"""
        self.ensure_one()
        zone = pytz.timezone(self.tz)
        begin, end = (
            zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
            for day in (first, last + timedelta(days=1))
        )
        return Domain("outlet_id", "=", self.id) & Domain("happened_at", ">=", begin) & Domain("happened_at", "<", end)

    def _statement_page(self, first, last, after=None, limit=100):
        """Redemptions of these days, newest first, from a place on; served by the index on outlet and moment.

        :param after: (moment, id) of the last one of the page before
        :return: (``co.marketing.redemption`` as superuser, text that names the place of the next page; None at the end).
            That the caller may see this outlet's is his to check
        """
        domain = self._statement_domain(first, last)
        if after:
            moment, number = after
            domain &= Domain("happened_at", "<", moment) | (
                Domain("happened_at", "=", moment) & Domain("id", "<", number)
            )
        # sudo: the caller may see this outlet's.
        rows = self.env["co.marketing.redemption"].sudo().search(domain, limit=limit + 1)
        page = rows[:limit]
        more = len(rows) > limit
        return page, f"{page[-1].happened_at.isoformat()}_{page[-1].id}" if more else None

    def _statement_totals(self, first, last):
        """The figures of these days for each currency, without what is voided, which is counted apart.

        :return: list of dicts with ``currency``, ``redemptions``, ``voided``, ``amount`` and ``discount``
        """
        # sudo: as above.
        groups = (
            self.env["co.marketing.redemption"]
            .sudo()
            ._read_group(
                self._statement_domain(first, last),
                ["currency_id", "state"],
                ["__count", "amount:sum", "discount:sum"],
                order="currency_id",
            )
        )
        totals = {}
        for currency, state, count, amount, discount in groups:
            line = totals.setdefault(
                currency, {"currency": currency.name, "redemptions": 0, "voided": 0, "amount": 0.0, "discount": 0.0}
            )
            if state == "voided":
                line["voided"] = count
            else:
                line.update(redemptions=count, amount=currency.round(amount), discount=currency.round(discount))
        return list(totals.values())
