from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

CLUBS = {"members": "IN", "others": "NOT IN"}


class RetentionDashboard(models.AbstractModel):
    """Members of clubs against others."""

    _inherit = "retention.dashboard"

    @api.model
    def _members(self, day, domain=Domain.TRUE):
        """:returns: SQL of the ids of the customers with a membership that counts on a day, of a club of the present
        companies or of no company; a contact's membership is his company's"""
        memberships = self.env["loyalty.membership"]
        companies = Domain("company_id", "=", False) | Domain("company_id", "in", self.env.companies.ids)
        # sudo: who is a member only divides the customers whose figures the reader may see (checked by `load`), and the
        # clubs are those of the reader's companies.
        memberships = memberships.sudo()
        known = Domain("commercial_partner_id", "!=", False)  # or nobody would be outside of the list
        query = memberships._search(memberships._running_domain(day) & companies & known & domain)
        return query.select(memberships._field_to_sql(query.table, "commercial_partner_id", query))

    @api.model
    def _members_of_period(self, period):
        """Who was a member at the end of the period, today where it is not over."""
        return self._members(min(period.end, self.env.company._purchase_today()))

    @api.model
    def _club_texts(self):
        return {"members": self.env._("Club members"), "others": self.env._("Other customers")}

    @api.model
    def _clubs(self, figures):
        """:param figures: {key of ``CLUBS``: sums, see ``_period_figures``}
        :returns: see ``load``; empty where nobody is a member
        """
        if not figures.get("members", {}).get("active"):
            return []
        shown = []
        for key, label in self._club_texts().items():
            found = figures.get(key)
            if found:
                values = self._tile_values(found)
                shown.append({
                    "key": key,
                    "label": label,
                    "customers": found["active"],
                    "revenue": found["revenue"],
                    "orders_per_customer": found["orders"] / found["active"] if found["active"] else None,
                    "average_order": values["average_order"][0],
                    "retention_rate": values["retention_rate"][0],
                })  # fmt: skip
        return shown

    @api.model
    def _open_club(self, args, filters):
        self._counted_in_club(args, filters)  # refuses what is no group
        return self._open_customers(self._club_texts()[args["key"]], "club", {"key": args["key"]}, filters)

    @api.model
    def _counted_in_club(self, args, filters):
        if args.get("key") not in CLUBS:
            raise UserError(self.env._("There is no group “%s”. Choose members or others.", args.get("key")))
        return SQL(
            "%s AND partner_id %s (%s)",
            self._customers_where("active", filters),
            SQL(CLUBS[args["key"]]),
            self._members_of_period(filters.period),
        )
