from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

CLUBS = {"members": "IN", "others": "NOT IN"}
# Which of them a figure counts, see retention_tiles.CUSTOMERS; None: whoever bought or gave back anything.
COUNTED = {"customers": "active", "retention_rate": "kept", "revenue": None}


class RetentionDashboard(models.AbstractModel):
    """Members of clubs against others."""

    _inherit = "retention.dashboard"

    @api.model
    def _members(self, day, of=None):
        """:param Domain of: of which clubs or tiers; those of the present companies and of no company when not given
        :returns: SQL of the ids of the customers with a membership that counts on a day; a contact's membership is his
            company's"""
        if of is None:
            of = Domain("company_id", "=", False) | Domain("company_id", "in", self.env.companies.ids)
        # sudo: who is a member only divides the customers whose figures the reader may see (checked by `load`), and the
        # clubs are those of the reader's companies.
        memberships = self.env["loyalty.membership"].sudo()
        known = Domain("commercial_partner_id", "!=", False)  # or nobody would be outside of the list
        query = memberships._running_query(day, of & known)
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
        args = {"key": args.get("key"), "of": args.get("of") or "customers"}
        self._counted_in_club(args, filters)  # refuses what is no group
        name = self._club_texts()[args["key"]]
        if args["of"] == "revenue":
            whose = [("partner_id.retention_figure", "=", self._figure("club", args, filters))]
            return self._open_purchases(self.env._("Revenue: %s", name), filters, whose)
        return self._open_customers(name, "club", args, filters)

    @api.model
    def _counted_in_club(self, args, filters):
        if args.get("key") not in CLUBS:
            raise UserError(self.env._("There is no group “%s”. Choose members or others.", args.get("key")))
        if args.get("of") not in COUNTED:
            raise UserError(
                self.env._(
                    "Clubs have no “%(of)s”. Choose from: %(names)s.", of=args.get("of"), names=", ".join(COUNTED)
                )
            )
        counted = COUNTED[args["of"]]
        if counted:
            customers = self._customers_where(counted, filters)
        else:
            customers = SQL("SELECT partner_id FROM (%s) customer WHERE TRUE", self._customers(filters, filters.period))
        return SQL(
            "%s AND partner_id %s (%s)",
            customers,
            SQL(CLUBS[args["key"]]),
            self._members_of_period(filters.period),
        )
