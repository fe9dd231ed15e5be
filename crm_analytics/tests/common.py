from datetime import datetime

from odoo.tests import TransactionCase
from odoo.tools import SQL


class PurchaseCase(TransactionCase):
    """A shop with customers who buy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        # The one company chosen: who creates another one in a test has not switched to it.
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "allowed_company_ids": cls.company.ids})
        cls.company.partner_id.tz = "Asia/Jakarta"  # UTC+7
        cls.coffee = cls.product("Coffee")
        cls.siti, cls.budi = cls.env["res.partner"].create([{"name": "Siti"}, {"name": "Budi"}])
        cls.Purchase = cls.env["customer.purchase"]
        cls.Month = cls.env["customer.purchase.month"]
        cls.Queue = cls.env["customer.purchase.queue"]
        cls.Build = cls.env["customer.purchase.build"]
        cls.Purchase._rebuild()

    @classmethod
    def product(cls, name, **values):
        return cls.env["product.product"].create(
            {"name": name, "type": "consu", "list_price": 10.0, "taxes_id": [], **values}
        )

    @classmethod
    def quotation(cls, partner, day, amount=10.0, company=None, **values):
        company = company or cls.company
        return cls.env["sale.order"].with_company(company).create({
            "partner_id": partner.id,
            "company_id": company.id,
            "date_order": day if isinstance(day, datetime) else f"{day} 05:00:00",  # noon in Jakarta
            "order_line": [(0, 0, {"product_id": cls.coffee.id, "price_unit": amount, "tax_ids": []})],
            **values,
        })  # fmt: skip

    @classmethod
    def buy(cls, partner, day, amount=10.0, company=None, **values):
        """A confirmed order of that day; a day is noon of it unless it is a datetime in UTC."""
        order = cls.quotation(partner, day, amount, company, **values)
        date_order = order.date_order
        order.action_confirm()
        order.date_order = date_order
        return order

    @classmethod
    def count(cls):
        """What the scheduled jobs do."""
        cls.env.flush_all()
        while cls.Build._build_batch():
            pass
        while cls.Queue._drain_batch():
            pass

    @classmethod
    def queued(cls):
        cls.env.flush_all()
        return cls.Queue.search_count([])

    @classmethod
    def days(cls, partners=None):
        """:returns: sorted list of (customer's name, day, orders, amount)"""
        cls.env.flush_all()
        found = cls.Purchase.search([("partner_id", "in", (partners or cls.siti + cls.budi).ids)])
        return sorted((row.partner_id.name, str(row.day), row.orders, row.amount) for row in found)

    @classmethod
    def months(cls, partners=None):
        """:returns: sorted list of (customer's name, month, cohort, months since)"""
        found = cls.Month.search([("partner_id", "in", (partners or cls.siti + cls.budi).ids)])
        return sorted((r.partner_id.name, str(r.month)[:7], str(r.cohort_month)[:7], r.age) for r in found)

    @classmethod
    def all_facts(cls):
        """:returns: all rows of all tables, without their ids; those of the cells summed up, as whoever reads them does"""
        return {
            table: cls.env.execute_query(SQL("SELECT %s FROM %s ORDER BY %s", SQL(columns), SQL(source), SQL(columns)))
            for table, columns, source in (
                ("days", "partner_id, company_id, day, team_id, orders, amount", "customer_purchase"),
                (
                    "months",
                    "partner_id, company_id, month, cohort_month, age, orders, amount",
                    "customer_purchase_month",
                ),
                (
                    "teams",
                    "partner_id, company_id, team_id, month, cohort_month, orders, amount",
                    "customer_purchase_team",
                ),
                (
                    "categories",
                    "partner_id, company_id, month, team_id, categ_id, orders, amount, cohort_month, customers",
                    "customer_purchase_category",
                ),
                (
                    "branches",
                    "partner_id, company_id, categ_id, month, cohort_month, orders, amount",
                    "customer_purchase_branch",
                ),
                (
                    "cells",
                    "company_id, team_id, categ_id, with_below, cohort_month, month, customers, amount",
                    """(SELECT company_id, team_id, categ_id, with_below, cohort_month, month,
                               SUM(customers) AS customers, SUM(amount) AS amount
                          FROM customer_purchase_cell
                         GROUP BY company_id, team_id, categ_id, with_below, cohort_month, month
                        HAVING SUM(customers) <> 0 OR SUM(amount) <> 0) cells""",
                ),
            )
        }
