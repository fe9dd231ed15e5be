from odoo import api, fields, models
from odoo.tools import SQL


class CustomerPurchaseBranch(models.Model):
    """What a customer bought in a month of a product category *and of those below it*: one row per customer, company, such
    category and month. Only categories that have others below them have rows: of the others ``customer.purchase.category``
    tells the same.

    A customer who buys of two categories below is one customer of the branch, with one first purchase: so its triangle is
    no sum of theirs, and is kept for itself (``customer.purchase.cell``, ``with_below``).

    The rows of a category are all there while ``product.category.purchases_summed`` says so. When the tree changes, they
    are made anew by the next count; until then whoever reads counts from the categories.
    """

    _name = "customer.purchase.branch"
    _inherit = "customer.purchase.months"
    _description = "Purchases of a Customer per Month and Branch of Product Categories"
    _order = "month DESC, id DESC"
    _rec_name = "partner_id"
    _log_access = False

    _MONTHS_KEY = ("partner_id", "company_id", "categ_id", "month")

    categ_id = fields.Many2one(
        "product.category", "Product Category", required=True, ondelete="restrict", readonly=True
    )
    cohort_month = fields.Date(
        help="First day of the month of the customer's first purchase of one of these categories."
    )
    orders = fields.Integer(help="An order counts once in each of the categories that it has a line of.")

    # Serves the recount of a customer.
    _partner_company_categ_month_uidx = models.UniqueIndex("(partner_id, company_id, categ_id, month)")
    # Serves the dashboard filtered by such a category and by customers, and making a branch anew.
    _categ_cohort_idx = models.Index("(company_id, categ_id, cohort_month, month) INCLUDE (partner_id, orders, amount)")

    @api.model
    def _cells_of(self):
        return {"categ": SQL("categ_id"), "with_below": SQL("TRUE")}

    @api.model
    def _is_any_counted(self):
        [[counted]] = self.env.execute_query(SQL("SELECT EXISTS (SELECT FROM product_category WHERE purchases_summed)"))
        return counted

    @api.model
    def _recompute_customers(self, customers):
        """As in ``customer.purchase.months``, from the categories, which are to be counted before."""
        return super()._recompute_customers(customers) if self._is_any_counted() else None

    @api.model
    def _insert_months(self, where):
        return super()._insert_months(where) if self._is_any_counted() else None

    @api.model
    def _select_months(self, where):
        return self._select_branches(SQL("branch.purchases_summed"), where)

    @api.model
    def _select_branches(self, which, where):
        """The cohort is found as in ``customer.purchase.month``, branch by branch.

        :param SQL which: condition on ``branch``, a product category
        :param SQL where: condition on ``customer_purchase_category``, which must name whole customers
        """
        return SQL(
            """
            SELECT partner_id, company_id, categ_id, month,
                   COALESCE(MIN(CASE WHEN SUM(orders) > 0 THEN month END) OVER customer, MIN(month) OVER customer)
                       AS cohort_month,
                   SUM(orders) AS orders, SUM(amount) AS amount
              FROM (
                    SELECT fact.partner_id, fact.company_id, branch.id AS categ_id, fact.month, fact.orders, fact.amount
                      FROM (SELECT partner_id, company_id, categ_id AS below_id, month, orders, amount
                              FROM customer_purchase_category WHERE %s) fact
                      JOIN product_category below ON below.id = fact.below_id
                      JOIN product_category branch ON STARTS_WITH(below.parent_path, branch.parent_path) AND %s
                   ) bought
             GROUP BY partner_id, company_id, categ_id, month
            WINDOW customer AS (PARTITION BY partner_id, company_id, categ_id)
            """,
            where,
            which,
        )

    # ------------------------------------------------------------ the tree of categories

    @api.model
    def _outdate(self, categories):
        """The branches of some categories, and of those above them, are to be counted anew: the tree has changed."""
        paths = [path for path in categories.mapped("parent_path") if path]
        ids = {int(id_) for path in paths for id_ in path.split("/") if id_}
        self.env.cr.execute(SQL("UPDATE product_category SET purchases_summed = NULL WHERE id = ANY(%s)", list(ids)))
        self.env["product.category"].invalidate_model(["purchases_summed"])
        if ids:
            self._count_soon()

    @api.model
    def _count_soon(self):
        job = self.env.ref("crm_analytics.ir_cron_count_purchases", raise_if_not_found=False)
        if job:
            # sudo: a job that waits is no secret and its moment harms nobody.
            job.sudo()._trigger()

    @api.model
    def _forget_categories(self, ids):
        """Some categories are about to be deleted."""
        self._delete_months(SQL("categ_id = ANY(%s)", list(ids)))
        self.invalidate_model()

    @api.model
    def _count_outdated(self):
        """Make the branches anew that are outdated. Only for the one who counts, see ``_lock_counting``."""
        outdated = self.env.execute_query(
            SQL(
                """
                SELECT id, has_below
                  FROM (SELECT id, purchases_summed,
                               EXISTS (SELECT FROM product_category below WHERE below.parent_id = branch.id) AS has_below
                          FROM product_category branch) branch
                 WHERE has_below IS DISTINCT FROM COALESCE(purchases_summed, FALSE)
                """
            )
        )
        if not outdated:
            return
        ids = [id_ for id_, _has_below in outdated]
        self._forget_categories(ids)
        branches = [id_ for id_, has_below in outdated if has_below]
        self._insert_counted(self._select_branches(SQL("branch.id = ANY(%s)", branches), SQL("TRUE")))
        self.env.cr.execute(
            SQL("UPDATE product_category SET purchases_summed = id = ANY(%s) WHERE id = ANY(%s)", branches, ids)
        )
        self.env["product.category"].invalidate_model(["purchases_summed"])
