import random
from collections import defaultdict
from datetime import date, datetime

from ..cohorts import add_months, first_of_month
from .common import PurchaseCase


class RetentionCase(PurchaseCase):
    """A shop of its own, so that nothing else is counted: 24 customers, 120 orders of two years, at random but the same each time."""

    YEARS = (date(2000, 1, 1), date(2001, 12, 1))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.env["res.company"].create({"name": "Corner Shop", "currency_id": cls.company.currency_id.id})
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.shop.ids})
        cls.Dashboard = cls.env["retention.dashboard"]
        cls.teams = cls.env["crm.team"].create([{"name": "Counter"}, {"name": "Telephone"}])
        cls.people = cls.env["res.partner"].create([{"name": f"Customer {n:02}"} for n in range(24)])
        dice = random.Random(6)
        cls.sales = [
            (
                dice.choice(cls.people[: 6 + number // 5]),
                add_months(cls.YEARS[0], min(23, number // 5 + dice.randint(-2, 2)) if number > 9 else 0).replace(
                    day=dice.randint(1, 28)
                ),
                float(dice.randint(1, 90)),
                dice.choice(cls.teams),
            )
            for number in range(120)
        ]
        cls.sell(cls.sales)

    @classmethod
    def sell(cls, sales, company=None, product=None):
        """Confirmed orders, made in one go, and counted."""
        orders = cls.env["sale.order"].create([
            {
                "partner_id": partner.id,
                "company_id": (company or cls.shop).id,
                "team_id": team.id if team else False,
                "date_order": datetime(day.year, day.month, day.day, 5),
                "state": "sale",
                "order_line": [
                    (0, 0, {"product_id": (product or cls.coffee).id, "price_unit": amount, "tax_ids": []}),
                ],
            }
            for partner, day, amount, team in sales
        ])  # fmt: skip
        cls.count()
        return orders

    @classmethod
    def load(cls, **filters):
        return cls.Dashboard.load(filters)

    @classmethod
    def tiles(cls, **filters):
        """:returns: {key: value}"""
        return {tile["key"]: tile["value"] for tile in cls.load(**filters)["tiles"]}

    def opened(self, kind, args, **filters):
        """:returns: the records that a figure opens"""
        action = self.Dashboard.open_records(kind, args, filters)
        return self.env[action["res_model"]].with_context(**action["context"]).search(action["domain"])

    @classmethod
    def months_of(cls, sales):
        """:returns: {customer: {first day of a month: [amounts]}}, without any SQL"""
        found = defaultdict(lambda: defaultdict(list))
        for partner, day, amount, _team in sales:
            found[partner][first_of_month(day)].append(amount)
        return found


def triangle_each_way(dashboard, filters):
    """:returns: rows of the customers' triangle by rolls, of the revenue's by rolls, and of this by the months"""
    found = []
    for name, metric in (("rolls", "customers"), ("rolls", "revenue"), ("facts", "revenue")):
        chosen, checked = dashboard._read_filters({**filters, "cohort_metric": metric})
        rows = getattr(chosen, f"_cohort_rows_of_{name}")(checked, checked.period.whole(checked.grain))
        # Of a cell with nothing in it, it is no matter whether it is told.
        found.append(
            sorted(
                (cohort, unit, customers, round(amount, 2)) if metric == "revenue" else (cohort, unit, customers)
                for cohort, unit, customers, amount in rows
                if customers or round(amount or 0, 2)
            )
        )
    return found
