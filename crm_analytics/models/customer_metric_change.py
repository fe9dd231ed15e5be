from odoo import api, fields, models
from odoo.tools import SQL


class CustomerMetricChange(models.Model):
    """Whose purchases were counted anew since the figures of customers were made: a night reads their facts, and of all
    others goes on from what it knows.

    Rows are only ever appended by who counts, and deleted by the night's work that saw them, like those of
    ``customer.purchase.queue``. Plain numbers of contacts: a row may outlive its contact, who then has no purchases.
    """

    _name = "customer.metric.change"
    _description = "Customers Counted Anew"
    _order = "id"
    _rec_name = "partner_id"
    _log_access = False

    partner_id = fields.Integer("Number of the Contact", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", readonly=True)

    # Serves the night's work on a company's customers.
    _company_partner_idx = models.Index("(company_id, partner_id)")

    @api.model
    def _note(self, customers):
        """:param customers: collection of tuples (customer's partner id, company id)"""
        if not customers:
            return
        partners, companies = map(list, zip(*set(customers), strict=True))
        self.env.cr.execute(
            SQL(
                "INSERT INTO customer_metric_change (partner_id, company_id)"
                " SELECT * FROM UNNEST(%s::int4[], %s::int4[])",
                partners,
                companies,
            )
        )
        self.invalidate_model()

    @api.model
    def _forget(self, company, where):
        """Drop what the work of this transaction has seen; what is committed meanwhile is left for the next.

        :param SQL where: condition on ``partner_id``
        """
        self.env.cr.execute(SQL("DELETE FROM customer_metric_change WHERE company_id = %s AND %s", company.id, where))
        self.invalidate_model()
