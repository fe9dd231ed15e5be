from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import SQL


class SegmentCase(TransactionCase):
    """A shop with three customers of Bandung, of whom one is about to leave."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "allowed_company_ids": cls.company.ids})
        cls.siti, cls.budi, cls.agus = cls.env["res.partner"].create(
            [
                {"name": name, "city": "Bandung", "email": f"{name.lower()}@segment.example"}
                for name in ("Siti", "Budi", "Agus")
            ]
        )
        cls.of_bandung = "[('city', '=', 'Bandung')]"
        cls.at_risk = "[('churn_risk', '=', 'high')]"
        cls.analyst = new_test_user(
            cls.env,
            "analyst",
            "base.group_user,crm_analytics.group_analytics_user",
            context={"no_reset_password": True, "tracking_disable": True},
        )
        cls.Segment = cls.env["customer.segment"]
        cls.figures(cls.siti, churn_risk="high", lifecycle="at_risk")
        cls.figures(cls.budi, churn_risk="low", lifecycle="loyal")

    @classmethod
    def figures(cls, partners, company=None, **values):
        """Figures of customers, as the nightly job of today leaves them.

        :param values: of their columns, and ``recency_days``
        """
        company = company or cls.company
        today = fields.Date.today()
        columns = {"as_of": today, "orders": 3, "lifecycle": "loyal", **values}
        if (ago := columns.pop("recency_days", None)) is not None:
            columns["last_day"] = today - timedelta(days=ago)
        cls.env.flush_all()
        for partner in partners:
            cls.env.cr.execute(
                SQL(
                    "INSERT INTO customer_metric (partner_id, company_id, %s) VALUES (%s, %s, %s)",
                    SQL(", ").join(map(SQL.identifier, columns)),
                    partner.id,
                    company.id,
                    SQL(", ").join(SQL("%s", value) for value in columns.values()),
                )
            )
        cls.env["customer.metric"].invalidate_model()

    @classmethod
    def segment(cls, **values):
        return cls.Segment.create({"name": "Of Bandung", "partner_domain": cls.of_bandung, **values})

    def members(self, segment):
        return self.env["res.partner"].search([("customer_segment_ids", "in", segment.ids)])
