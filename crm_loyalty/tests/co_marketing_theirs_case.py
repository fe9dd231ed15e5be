from .co_marketing_case import PactCase


class TheirsCase(PactCase):
    """The partner's customers at ours: 20 % off our orders, by codes and by the numbers of the partner's cards."""

    NUMBER = "HK77123456"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.theirs = cls.make_theirs([{"name": "20% off", "percent": 20}], card_prefix="HK77", card_length=10)
        cls.theirs_benefit = cls.theirs.version_id.benefit_ids
        cls.stranger = cls.env["res.partner"].create({"name": "Rangga Wijaya"})
        cls.flour = cls.env["product.product"].create({"name": "Flour", "list_price": 100.0, "taxes_id": False})

    @classmethod
    def make_theirs(cls, benefits, **vals):
        """An agreement for the partner's customers; by default nobody's number is recognised."""
        values = {"settlement_kind": "discount", "settlement_payer": "partner", "settlement_figure": 50}
        return cls.make_agreement([{**values, **one} for one in benefits], kind="ours_to_theirs", **vals)

    @classmethod
    def limited(cls, **vals):
        """A benefit with limits of its own, for the cards that begin with LL."""
        agreement = cls.make_theirs([{"name": "Limited", "percent": 10, **vals}], card_prefix="LL", card_length=8)
        return agreement.version_id.benefit_ids

    def order(self, partner=None, user=None, quantity=1):
        orders = self.env["sale.order"].with_user(user or self.env.user)
        return orders.create(
            {
                "partner_id": (partner or self.stranger).id,
                "order_line": [(0, 0, {"product_id": self.flour.id, "product_uom_qty": quantity})],
            }
        )

    def sell(self, number=None, **kw):
        """A confirmed order with a partner's number or code."""
        order = self.order(**kw)
        answer = order.apply_partner_number(number or self.NUMBER)
        self.assertNotIn("error", answer)
        order.action_confirm()
        return order

    def codes(self, count=1, benefit=None):
        benefit = benefit or self.theirs_benefit
        return benefit.agreement_id.with_user(self.manager)._make_codes(benefit, count).mapped("code")

    def booked(self, orders):
        return self.env["co.marketing.redemption"].search([("sale_order_id", "in", orders.ids)], order="id")
