from datetime import datetime, time, timedelta

from odoo import Command

from .common import ClubCase


class TierCase(ClubCase):
    """The club of ClubCase, with tiers earned by net spend: Silver from 1000, Gold from 5000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold.threshold, cls.silver.threshold = 5000, 1000
        cls.club.tier_ids.discount = 0  # so that amounts are what the tests say
        cls.club.qualification_metric = "spend"
        cls.Membership = cls.env["loyalty.membership"]
        cls.Queue = cls.env["loyalty.tier.queue"]

    def set_thresholds(self, gold, silver):
        self.club.tier_ids = [
            Command.update(self.gold.id, {"threshold": gold}),
            Command.update(self.silver.id, {"threshold": silver}),
        ]

    def member(self, partner=None, **how):
        return self.club._enrol(partner or self.siti, **how)

    def bought(self, partner, amount, days_ago=0, **vals):
        """A confirmed order of some days ago."""
        order = self.quotation(partner, amount, **vals)
        order.action_confirm()
        if days_ago:
            order.date_order = datetime.combine(self.today - timedelta(days=days_ago), time(12))
        return order

    def evaluate(self, memberships=None):
        self.Membership._evaluate_tiers(memberships)
        self.env.invalidate_all()

    def work_off(self):
        """What the cron does with the queue."""
        self.env.flush_all()
        self.Queue._drain()
        self.env.invalidate_all()

    def credit(self, order, share=1.0):
        """A posted credit note of a share of the order."""
        order.order_line.product_id.invoice_policy = "order"
        order.order_line.invalidate_recordset()
        invoice = order._create_invoices()
        invoice.action_post()
        note = invoice._reverse_moves()
        for line in note.invoice_line_ids.filtered(lambda line: line.display_type == "product"):
            line.quantity *= share
        note.action_post()
        return note

    def line_of(self, product, price, **vals):
        return Command.create({"product_id": product.id, "price_unit": price, "tax_ids": [Command.clear()], **vals})

    def rows(self, memberships):
        """What is stored of them, to be compared."""
        return [
            (m.id, m.tier_id.id, m.tier_since, m.qualified_value, m.review_date, m.tier_by_hand, m.tier_until)
            for m in memberships.sorted("id")
        ]
