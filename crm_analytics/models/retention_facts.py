from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class RetentionDashboard(models.AbstractModel):
    """From which rows the figures are made, as SQL. Whoever counts starts here.

    Every relation begins with ``_search``, so that the reader's record rules apply, and names the companies, so that the
    scheduled job, whom no rule binds, reads the same.
    """

    _inherit = "retention.dashboard"

    @api.model
    def _facts(self, filters, first=None, last=None):
        """What customers bought, as far as it is filtered.

        :param first, last: months, where only these are wanted
        :returns: SQL of a relation (partner_id, company_id, month, orders, amount, and cohort_month where
            ``_stores_cohorts``); amounts in the currency of the present company
        """
        if filters.category_ids:
            return self._facts_of_categories(filters, first, last)
        if filters.team_ids:
            return self._facts_of_teams(filters, first, last)
        return self._months_with_cohorts(
            self._query("customer.purchase.month", self._facts_domain(filters, first, last))
        )

    @api.model
    def _months_with_cohorts(self, query):
        names = ("partner_id", "company_id", "month", "cohort_month", "orders")
        return query.select(
            *(SQL.identifier(query.table, name) for name in names), SQL("%s AS amount", self._converted(query))
        )

    @api.model
    def _stores_cohorts(self, filters):
        """Whether the stored month of the first purchase is the one meant, and stands once for each customer and month.

        It is that of one company, of all purchases or of those of one team. Where those of several teams, companies or
        product categories count together, the first of these is the first one.
        """
        return len(self.env.companies) == 1 and len(filters.team_ids) < 2 and not filters.category_ids

    @api.model
    def _stores_category(self, filters):
        """Whether what is filtered is one product category and nothing else, and its triangle is stored."""
        return not filters.of_customers and bool(self._category_months(filters))

    @api.model
    def _category_months(self, filters):
        """Which model tells the customers' first month of what is filtered, where that is one product category. It counts
        with those below it, and then the first purchase of any of them is the first one.

        :returns: name; None where none tells it: of no or several categories, teams or companies, and for the moment after
            the tree of categories has changed
        """
        if len(filters.category_ids) != 1 or filters.team_ids or len(self.env.companies) > 1:
            return None
        categories = self._categories(filters)
        if len(categories) == 1:
            return "customer.purchase.category"
        return "customer.purchase.branch" if categories.browse(filters.category_ids).purchases_summed else None

    @api.model
    def _categories(self, filters):
        """:returns: the product categories filtered, with those below them"""
        return self.env["product.category"].search([("id", "child_of", list(filters.category_ids))])

    @api.model
    def _facts_of_teams(self, filters, first, last):
        domain = self._facts_domain(filters, first, last) & Domain("team_id", "in", filters.team_ids)
        return self._months_with_cohorts(self._query("customer.purchase.team", domain))

    @api.model
    def _facts_of_categories(self, filters, first, last):
        domain = self._facts_domain(filters, first, last)
        # Named one by one: of a single one PostgreSQL then reads the index in the order of the customers.
        domain &= Domain("categ_id", "in", self._categories(filters).ids)
        if filters.team_ids:
            domain &= Domain("team_id", "in", filters.team_ids)
        query = self._query("customer.purchase.category", domain)
        return query.select(
            *(SQL.identifier(query.table, name) for name in ("partner_id", "company_id", "month", "orders")),
            SQL("%s AS amount", self._converted(query)),
        )

    @api.model
    def _facts_domain(self, filters, first, last):
        domain = Domain("company_id", "in", self.env.companies.ids)
        if first:
            domain &= Domain("month", ">=", first)
        if last:
            domain &= Domain("month", "<=", last)
        if filters.of_customers:
            # Which customers are meant is no secret to who sees their purchases, hence past the rules of contacts.
            domain &= Domain("partner_id", "any!", self._customers_domain(filters))
        if filters.among:
            # An array: whatever PostgreSQL thinks of how many they are, it asks the index for each.
            domain &= Domain.custom(
                to_sql=lambda _model, alias, _query: SQL(
                    "%s = ANY(ARRAY(%s))", SQL.identifier(alias, "partner_id"), filters.among
                )
            )
        return domain

    @api.model
    def _customers_domain(self, filters):
        """:returns: Domain on res.partner: the customers that are filtered"""
        domain = Domain.TRUE
        if filters.grade_ids:
            domain &= Domain("id", "in", self._select_of_tiers(filters.grade_ids))
        if filters.country_ids:
            domain &= Domain("country_id", "in", filters.country_ids)
        if filters.segments:
            domain &= Domain("id", "in", self._select_of_segments(filters))
        return domain

    @api.model
    def _select_of_segments(self, filters):
        """:returns: SQL of the ids of the customers who are in the segments filtered"""
        query = self._query(
            "customer.metric",
            Domain("company_id", "in", self.env.companies.ids) & Domain("segment", "in", filters.segments),
        )
        return query.select(SQL("%s AS id", SQL.identifier(query.table, "partner_id")))

    @api.model
    def _filtered_customers(self, filters):
        """:returns: Domain on res.partner: the customers that are filtered, and who ever bought what is filtered"""
        domain = self._customers_domain(filters)
        if filters.of_purchases:
            facts = self._facts(filters, last=filters.period.last)
            domain &= Domain("id", "in", SQL("SELECT partner_id FROM (%s) fact WHERE orders > 0", facts))
        return domain

    @api.model
    def _select_of_tiers(self, grade_ids):
        """Who is today a member of a club at this tier, himself or one of his contacts; of a level that no club gives, who
        has it. A club's level on a contact only shows his membership.

        :returns: SQL of the ids of the customers
        """
        today, grades = self.env.company._purchase_today(), self.env["res.partner.grade"].browse(grade_ids)
        of_clubs = grades.filtered("club_id")
        # The company of a membership is that of its club. sudo: only to leave out those of companies that are not the reader's.
        ours = of_clubs.sudo().filtered(lambda tier: tier.club_id.company_id <= self.env.companies)
        members = SQL("SELECT id FROM (%s) member (id)", self._members(today, Domain("tier_id", "in", ours.ids)))
        if of_clubs == grades:
            return members
        self.env["res.partner"].flush_model(["plain_level_id"])
        # Which customers are meant is no secret to who sees their purchases, hence past the rules of contacts.
        others = SQL("SELECT id FROM res_partner WHERE plain_level_id IN %s", (grades - of_clubs)._ids)
        return SQL("%s UNION ALL %s", members, others) if of_clubs else others

    @api.model
    def _query(self, model, domain):
        """:returns: Query of what the reader may see; what waits in the cache is written first, as a search would"""
        model = self.env[model]
        model.check_access("read")
        return model._search(domain, active_test=False)

    @api.model
    def _converted(self, query, name="amount"):
        """:returns: SQL of an amount of a row, in the currency of the present company"""
        amount, company = (SQL.identifier(query.table, name) for name in (name, "company_id"))
        cases = [SQL("WHEN %s THEN %s", other.id, rate) for other, rate in self._rates().items() if rate != 1.0]
        if not cases:
            return amount
        return SQL("%s * CASE %s %s ELSE 1 END", amount, company, SQL(" ").join(cases))

    @api.model
    def _rates(self):
        """:returns: {company of the reader: how much of the present company's currency its currency is worth today}"""
        currency, today = self.env.company.currency_id, self.env.company._purchase_today()
        return {
            company: currency._get_conversion_rate(company.currency_id, currency, company, today)
            if company.currency_id != currency
            else 1.0
            for company in self.env.companies
        }

    # -- customers ---------------------------------------------------------------------------------------------------

    @api.model
    def _customers(self, filters, period):
        """The customers of a period and of the one before it, one row each.

        Customers are counted where there are orders: a credit note alone makes nobody active, but lessens the revenue.

        :returns: SQL of a relation (partner_id, first_month: of his first purchase, orders, revenue: of the period,
            base_orders, base_revenue: of as many months before it)
        """
        base = period.before()
        stored = self._stores_cohorts(filters)
        facts = self._facts(filters, base.first if stored else None, period.last)
        first_month = SQL("MIN(cohort_month)") if stored else SQL("MIN(month) FILTER (WHERE orders > 0)")
        return SQL(
            """
            SELECT partner_id, %(first_month)s AS first_month,
                   COALESCE(SUM(orders) FILTER (WHERE month >= %(first)s), 0) AS orders,
                   COALESCE(SUM(amount) FILTER (WHERE month >= %(first)s), 0) AS revenue,
                   COALESCE(SUM(orders) FILTER (WHERE month BETWEEN %(base)s AND %(base_last)s), 0) AS base_orders,
                   COALESCE(SUM(amount) FILTER (WHERE month BETWEEN %(base)s AND %(base_last)s), 0) AS base_revenue
              FROM (%(facts)s) fact
             GROUP BY partner_id
            """,
            first_month=first_month,
            first=period.first,
            base=base.first,
            base_last=base.last,
            facts=facts,
        )
