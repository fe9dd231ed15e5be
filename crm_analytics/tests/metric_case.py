from datetime import date, timedelta

from odoo.tests import TransactionCase
from odoo.tools import SQL

TODAY = date(2025, 6, 30)


class MetricCase(TransactionCase):
    """A company of its own, whose customers' purchases are given as facts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Kopi Braga"})
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "allowed_company_ids": cls.company.ids})
        cls.company = cls.company.with_env(cls.env)
        cls.Metric = cls.env["customer.metric"]
        cls.Run = cls.env["customer.metric.run"]
        cls.Snapshot = cls.env["customer.metric.snapshot"]

    @classmethod
    def customers(cls, *names):
        return cls.env["res.partner"].create([{"name": name} for name in names])

    @classmethod
    def bought(cls, partner, purchases, orders=1, company=None):
        """Facts of a customer.

        :param purchases: dict of amounts by days before TODAY
        """
        for ago, amount in purchases.items():
            cls.env.cr.execute(
                SQL(
                    "INSERT INTO customer_purchase (partner_id, company_id, day, orders, amount) VALUES %s",
                    (partner.id, (company or cls.company).id, TODAY - timedelta(days=ago), orders, amount),
                )
            )
        cls.counted(partner, company)

    @classmethod
    def counted(cls, partner, company=None):
        """Note that a customer's facts have changed, as who counts them does."""
        cls.env["customer.metric.change"]._note({(partner.id, (company or cls.company).id)})

    @classmethod
    def work_out(cls, as_of=TODAY, company=None, kind="figures"):
        """What the scheduled job does for a day; done already, it is done anew."""
        company = company or cls.company
        cls.Run.search([("company_id", "=", company.id), ("kind", "=", kind), ("as_of", "=", as_of)]).unlink()
        run = cls.Run._begin(company, kind, as_of)
        while run._next_batch():
            pass
        return run

    @classmethod
    def metric(cls, partner, company=None):
        return cls.Metric.search([("partner_id", "=", partner.id), ("company_id", "=", (company or cls.company).id)])
