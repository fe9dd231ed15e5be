from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Which customers are counted, as a condition on `retention.dashboard._customers`: the one place that says what "active",
# "new", "lost" … mean. The figures count them, and `open_records` opens them.
CUSTOMERS = {
    "active": "orders > 0",
    "new": "orders > 0 AND first_month >= %(first)s",
    "returning": "orders > 0 AND first_month < %(first)s",
    "base": "base_orders > 0",
    "kept": "base_orders > 0 AND orders > 0",
    "lost": "base_orders > 0 AND orders <= 0",
    "won_back": "orders > 0 AND first_month < %(first)s AND base_orders <= 0",
    "repeated": "orders >= 2",
    "either": "orders > 0 OR base_orders > 0",
}
# Which of these a tile opens: of a rate, its numerator.
OPENED = {
    "active": "active",
    "new": "new",
    "returning": "returning",
    "lost": "lost",
    "won_back": "won_back",
    "retention_rate": "kept",
    "churn_rate": "lost",
    "repeat_rate": "repeated",
    "net_revenue_retention": "base",
}
# Whether more is better.
BETTER = {
    "active": "up",
    "new": "up",
    "returning": "up",
    "lost": "down",
    "won_back": "up",
    "retention_rate": "up",
    "churn_rate": "down",
    "repeat_rate": "up",
    "net_revenue_retention": "up",
    "revenue": "up",
    "average_order": "up",
    "expected_value": "up",
}
UNITS = {
    "retention_rate": "percent",
    "churn_rate": "percent",
    "repeat_rate": "percent",
    "net_revenue_retention": "percent",
    "revenue": "money",
    "average_order": "money",
    "expected_value": "money",
}


def _share(part, whole):
    return part / whole if whole else None


class RetentionDashboard(models.AbstractModel):
    """The figures of a period."""

    _inherit = "retention.dashboard"

    @api.model
    def _tile_texts(self):
        """:returns: {key of a tile: (name, definition)}, in the order in which they are shown"""
        return {
            "active": (self.env._("Active customers"), self.env._("Customers who bought in the period.")),
            "new": (
                self.env._("New customers"),
                self.env._("Active customers whose first purchase ever was in the period."),
            ),
            "returning": (
                self.env._("Returning customers"),
                self.env._("Active customers who had bought before the period."),
            ),
            "lost": (
                self.env._("Lost customers"),
                self.env._("Customers who bought in the period of the same length just before, and not in this one."),
            ),
            "won_back": (
                self.env._("Won back"),
                self.env._(
                    "Active customers who had bought before, but not in the period of the same length just before this "
                    "one. Active = new + retained + won back."
                ),
            ),
            "retention_rate": (
                self.env._("Retention rate"),
                self.env._(
                    "Of the customers who bought in the period of the same length just before: how many bought again."
                ),
            ),
            "churn_rate": (
                self.env._("Churn rate"),
                self.env._(
                    "Of the customers who bought in the period of the same length just before: how many did not buy again."
                ),
            ),
            "repeat_rate": (
                self.env._("Repeat rate"),
                self.env._("Of the active customers: how many placed two or more orders in the period."),
            ),
            "net_revenue_retention": (
                self.env._("Net revenue retention"),
                self.env._(
                    "What the customers of the period of the same length just before bought for in this one, as a share "
                    "of what they bought for then. Above 100 %: those who stayed bought more than those who left."
                ),
            ),
            "revenue": (
                self.env._("Revenue"),
                self.env._("What customers bought for in the period, less credit notes, without taxes."),
            ),
            "average_order": (
                self.env._("Average order"),
                self.env._("Revenue divided by the number of orders of the period."),
            ),
            "expected_value": (
                self.env._("Expected value"),
                self.env._(
                    "What the customers are expected to buy for from today, by the model of their lifetime value: the sum "
                    "of the estimates of all customers that have one. The interval is that of the sum: how uncertain the model "
                    "is, for all of them alike."
                ),
            ),
        }

    @api.model
    def _period_figures(self, filters, period):
        """The figures of a period; one question, see ``_ask_together``.

        :param period: or None
        :returns: None for no period; else dict of the counts of ``CUSTOMERS`` and of ``revenue``, ``orders``,
            ``base_revenue``, ``kept_revenue``
            (what the customers of the period before bought for in this one)
        """
        if not period:
            return None
        [found] = yield SQL("SELECT %s FROM (%s) customer", self._sums(period), self._customers(filters, period))
        return found

    @api.model
    def _sums(self, period):
        """:returns: SQL of what is summed up over ``_customers``; see ``_period_figures``"""
        counts = [
            SQL("COUNT(*) FILTER (WHERE %s) AS %s", self._condition(key, period), SQL.identifier(key))
            for key in CUSTOMERS
        ]
        return SQL(
            """
            %s,
            COALESCE(SUM(revenue), 0)::float AS revenue,
            COALESCE(SUM(orders), 0)::float AS orders,
            COALESCE(SUM(base_revenue) FILTER (WHERE base_orders > 0), 0)::float AS base_revenue,
            COALESCE(SUM(revenue) FILTER (WHERE base_orders > 0), 0)::float AS kept_revenue
            """,
            SQL(", ").join(counts),
        )

    @api.model
    def _condition(self, key, period):
        """:returns: SQL that says which of ``_customers`` are meant by a key of ``CUSTOMERS``"""
        return SQL(CUSTOMERS[key], first=period.first)

    @api.model
    def _tile_values(self, figures):
        """:returns: {key of a tile: (value or None, of how many customers or orders)}"""
        return {
            **{key: (figures[key], figures[key]) for key in ("active", "new", "returning", "lost", "won_back")},
            "retention_rate": (_share(figures["kept"], figures["base"]), figures["base"]),
            "churn_rate": (_share(figures["lost"], figures["base"]), figures["base"]),
            "repeat_rate": (_share(figures["repeated"], figures["active"]), figures["active"]),
            "net_revenue_retention": (_share(figures["kept_revenue"], figures["base_revenue"]), figures["base"]),
            "revenue": (figures["revenue"], figures["active"]),
            "average_order": (_share(figures["revenue"], figures["orders"]), int(figures["orders"])),
        }

    @api.model
    def _tiles(self, now, past, expected):
        """:param now, past: ``_period_figures`` of the period and of the one compared with, or None
        :param expected: dict of ``value``, ``low``, ``high``, ``previous`` and ``n`` of the expected value
        :returns: list of tiles, see ``load``
        """
        values = self._tile_values(now)
        before = self._tile_values(past) if past else {}
        values["expected_value"] = (expected["value"], expected["n"])
        before["expected_value"] = (expected["previous"], None)
        tiles = []
        for key, (label, definition) in self._tile_texts().items():
            value, number = values[key]
            previous = before.get(key, (None,))[0]
            tiles.append({
                "key": key,
                "label": label,
                "value": value,
                "unit": UNITS.get(key, "count"),
                "previous": previous,
                "change": self._change(UNITS.get(key), value, previous),
                "better": BETTER[key],
                "definition": definition,
                "estimate": key == "expected_value",
                "low": expected["low"] if key == "expected_value" else None,
                "high": expected["high"] if key == "expected_value" else None,
                "n": number,
            })  # fmt: skip
        return tiles

    @api.model
    def _change(self, unit, value, previous):
        """:returns: of a share, the difference (0.02: two points more); of anything else, the relative change; or None"""
        if value is None or previous is None:
            return None
        if unit == "percent":
            return value - previous
        return (value - previous) / abs(previous) if previous else None

    @api.model
    def _customers_where(self, key, filters):
        """:param key: of ``CUSTOMERS``
        :returns: SQL of the ids of the customers of the period whom it means
        """
        return SQL(
            "SELECT partner_id FROM (%s) customer WHERE %s",
            self._customers(filters, filters.period),
            self._condition(key, filters.period),
        )

    @api.model
    def _counted_in_tile(self, args, filters):
        """:returns: SQL of the ids of the customers whom a tile counts
        :raises UserError: for a tile that counts no customers
        """
        key = args.get("key")
        if key not in OPENED:
            raise UserError(
                self.env._(
                    "There is no tile “%(key)s” of customers. Choose from: %(keys)s.", key=key, keys=", ".join(OPENED)
                )
            )
        return self._customers_where(OPENED[key], filters)

    @api.model
    def _open_tile(self, args, filters):
        key, texts = args.get("key"), self._tile_texts()
        if key in ("revenue", "average_order"):
            return self._open_purchases(texts[key][0], filters)
        if key == "expected_value":
            return self._open_metrics(texts[key][0], [("retention_model_id", "!=", False)], filters)
        self._counted_in_tile(args, filters)  # refuses what is no tile
        return self._open_customers(texts[key][0], "tile", {"key": key}, filters)
