import operator as op

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

NUMBERS = {"<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge}

# The next tier of a membership, as tier_rules.next_tier: the nearest better one that can be earned.
WAY = """
    EXISTS (
        SELECT FROM loyalty_club club
     LEFT JOIN res_partner_grade own ON own.id = %(member)s.tier_id AND own.club_id = club.id AND own.active
          JOIN LATERAL (
               SELECT better.id, better.threshold, %(member)s.qualified_value AS value FROM res_partner_grade better
                WHERE better.club_id = club.id AND better.active AND better.threshold > 0
                  AND (own.id IS NULL OR (better.sequence, better.id) < (own.sequence, own.id))
             ORDER BY better.sequence DESC, better.id DESC LIMIT 1
             ) way ON TRUE
         WHERE club.id = %(member)s.club_id AND club.qualification_metric IS NOT NULL AND %(condition)s
    )
"""


class LoyaltyMembership(models.Model):
    """Who is on the way to which tier, and nearly there: searched in the database, since nothing of it is stored."""

    _inherit = "loyalty.membership"

    @api.model
    def _search_next_tier_id(self, operator, value):
        if operator in ("any", "not any"):
            operator = {"any": "in", "not any": "not in"}[operator]
            value = self.env["res.partner.grade"].search(value).ids
        if operator not in ("in", "not in"):
            return NotImplemented
        found = self._on_the_way(SQL("way.id = ANY(%s)", [tier for tier in value if tier]))
        if False in value:
            found |= ~self._on_the_way(SQL("TRUE"))
        return found if operator == "in" else ~found

    @api.model
    def _search_missing_value(self, operator, value):
        return self._compared(SQL("GREATEST(way.threshold - way.value, 0)"), 0, operator, value)

    @api.model
    def _search_next_tier_percent(self, operator, value):
        percent = SQL("LEAST(floor(GREATEST(100 * way.value / way.threshold, 0)), 100)")
        return self._compared(percent, 100, operator, value)

    @api.model
    def _compared(self, figure, on_top, operator, value):
        """
        :param figure: SQL on ``way``
        :param on_top: what it is for those who have no next tier
        """
        if operator in NUMBERS:
            found, top = SQL("%s %s %s", figure, SQL(operator), value), NUMBERS[operator](on_top, value)
        elif operator in ("in", "not in"):
            numbers = [number or 0 for number in value]
            found, top = SQL("%s = ANY(%s)", figure, numbers), on_top in numbers
        else:
            return NotImplemented
        domain = self._on_the_way(found)
        if top:
            domain |= ~self._on_the_way(SQL("TRUE"))
        return ~domain if operator == "not in" else domain

    @api.model
    def _on_the_way(self, condition):
        """:param condition: SQL on ``way``: ``id`` and ``threshold`` of the next tier, and the ``value`` so far"""
        self.flush_model(["tier_id", "qualified_value", "club_id"])
        self.env["res.partner.grade"].flush_model(["club_id", "active", "threshold", "sequence"])
        self.env["loyalty.club"].flush_model(["qualification_metric"])
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(WAY, member=SQL.identifier(alias), condition=condition)
        )
