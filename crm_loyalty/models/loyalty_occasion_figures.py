from odoo import fields, models
from odoo.tools import SQL


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    greeting_ids = fields.One2many(
        "loyalty.greeting", "coupon_id", string="Greetings", groups="crm_loyalty.group_club_user"
    )


class LoyaltyOccasion(models.Model):
    """What came of an occasion: greetings, coupons used, and the orders and sales at the till on which they were."""

    _inherit = "loyalty.occasion"

    sent_count = fields.Integer("Sent", compute="_compute_figures", help="Greetings sent, from the beginning.")
    print_count = fields.Integer("To Print", compute="_compute_figures", help="Cards that wait to be printed.")
    unsent_count = fields.Integer("Failed or Not Sent", compute="_compute_figures")
    coupon_count = fields.Integer("Coupons Given", compute="_compute_figures")
    coupon_used_count = fields.Integer(
        "Coupons Used",
        compute="_compute_figures",
        help="Of the coupons given, those on a confirmed order or on a paid sale at the till.",
    )
    order_count = fields.Integer("Orders", compute="_compute_figures", help="Confirmed orders with one of the coupons.")
    till_order_count = fields.Integer(
        "Sales at the Till", compute="_compute_figures", help="Paid sales at the till with one of the coupons."
    )

    def _compute_figures(self):
        """Two statements, whatever the number of occasions."""
        sent = self._figures_of_greetings()
        used = self._figures_of_gifts()
        for occasion in self:
            counts = sent.get(occasion._origin.id, (0, 0, 0, 0))
            occasion.sent_count, occasion.print_count, occasion.unsent_count, occasion.coupon_count = counts
            counts = used.get(occasion._origin.id, (0, 0, 0))
            occasion.coupon_used_count, occasion.order_count, occasion.till_order_count = counts

    def _figures_of_greetings(self):
        """``{occasion id: (sent, to print, failed or not sent, with a coupon)}``"""
        self.env["loyalty.greeting"].flush_model(["occasion_id", "state", "coupon_id", "is_duplicate"])
        query = SQL(
            """
            SELECT occasion_id, COUNT(*) FILTER (WHERE state = 'sent'), COUNT(*) FILTER (WHERE state = 'to_print'),
                   COUNT(*) FILTER (WHERE state IN ('failed', 'skipped')), COUNT(coupon_id)
              FROM loyalty_greeting WHERE occasion_id = ANY(%s) GROUP BY occasion_id
            """,
            self._origin.ids,
        )
        return {occasion_id: counts for occasion_id, *counts in self.env.execute_query(query)}

    def _figures_of_gifts(self):
        """``{occasion id: (coupons used, orders, sales at the till)}``: numbers only, whoever may see the orders themselves."""
        self.env.flush_all()
        uses = [
            SQL(
                """
                SELECT greeting.occasion_id, line.coupon_id, line.order_id, %(model)s AS model
                  FROM loyalty_greeting greeting
                  JOIN loyalty_card coupon ON coupon.id = greeting.coupon_id
                  JOIN loyalty_reward reward ON reward.program_id = coupon.program_id
                  JOIN %(lines)s line ON line.reward_id = reward.id AND line.coupon_id = coupon.id
                  JOIN %(documents)s bought ON bought.id = line.order_id AND %(counts)s
                 WHERE greeting.occasion_id = ANY(%(occasions)s)
                """,
                model=model,
                lines=SQL.identifier(self.env[f"{model}.line"]._table),
                documents=SQL.identifier(self.env[model]._table),
                counts=counts,
                occasions=self._origin.ids,
            )
            for model, counts in self._purchase_documents(SQL("bought")).items()
            if "coupon_id" in self.env[f"{model}.line"]._fields  # at the till: where core's programs are there, too
        ]
        query = SQL(
            """
            SELECT occasion_id, COUNT(DISTINCT coupon_id),
                   COUNT(DISTINCT order_id) FILTER (WHERE model = 'sale.order'),
                   COUNT(DISTINCT order_id) FILTER (WHERE model = 'pos.order')
              FROM (%s) used GROUP BY occasion_id
            """,
            SQL(" UNION ALL ").join(uses),
        )
        return {occasion_id: counts for occasion_id, *counts in self.env.execute_query(query)}

    # ------------------------------------------------------------ buttons

    def action_open_greetings(self):
        """All greetings of this occasion."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_loyalty.loyalty_greeting_action")
        return {**action, "domain": [("occasion_id", "=", self.id)], "context": {}}

    def action_open_to_print(self):
        """Cards that wait to be printed."""
        self.ensure_one()
        action = self.action_open_greetings()
        return {**action, "context": {"search_default_to_print": 1}}

    def action_open_coupons(self):
        """The coupons that were given."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Gifts: %s", self.name),
            "res_model": "loyalty.card",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("greeting_ids.occasion_id", "=", self.id)],
            "context": {"create": False},
        }

    def action_open_orders(self):
        """Confirmed orders with one of the coupons, as far as the reader may see them."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders: %s", self.name),
            "res_model": "sale.order",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("state", "=", "sale"), ("order_line.coupon_id.greeting_ids.occasion_id", "=", self.id)],
            "context": {"create": False},
        }
