import threading

from odoo import Command
from odoo.addons.crm_contact_history.patience import patiently
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from .parallel_case import ParallelCase


@tagged("post_install", "-at_install")
class TestTierParallel(ParallelCase):
    """Orders and the nightly evaluation at the same time."""

    NAME = "of the night"

    def make(self, env):
        tiers = [{"name": "Best", "discount": 0, "threshold": 1000}, {"name": "All", "discount": 0}]
        club = self.make_club(env, tiers)
        club.qualification_metric = "spend"
        product = env["product.product"].create({"name": f"Coffee {self.NAME}", "taxes_id": [Command.clear()]})
        partner = env["res.partner"].browse(self.partner_id)
        line = Command.create({"product_id": product.id, "price_unit": 600, "tax_ids": [Command.clear()]})
        orders = env["sale.order"].create([{"partner_id": partner.id, "order_line": [line]} for _number in range(2)])
        member = club._enrol(partner)
        member._queue_tiers()
        self.order_ids, self.member_id = orders.ids, member.id

    def confirm(self, order_id):
        """As a request does: again, when somebody was faster."""
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            retrying(lambda: env["sale.order"].browse(order_id).action_confirm(), env)

    def stored(self):
        with self.registry.cursor() as cr:
            member = self.env_of(cr)["loyalty.membership"].browse(self.member_id)
            return member.qualified_value, member.tier_id.name, len(member.log_ids.filtered("new_tier_id"))

    @mute_logger("odoo.sql_db")
    def test_an_order_confirmed_while_the_night_evaluates_the_same_member(self):
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            env["loyalty.membership"].browse(self.member_id).qualified_value = 5
            env.flush_all()
            cr.commit()  # pylint: disable=invalid-commit
            env["loyalty.tier.queue"]._drain_batch()  # the night: it has seen no order, and has not committed
            waiting = threading.Thread(target=self.confirm, args=(self.order_ids[0],))
            waiting.start()
            waiting.join(1)
            self.assertTrue(waiting.is_alive(), "the order waits for the night to be done with its customer")
            cr.commit()  # pylint: disable=invalid-commit
        waiting.join(30)
        self.assertFalse(waiting.is_alive())
        self.assertEqual(self.stored()[:2], (600, "All"))

    @mute_logger("odoo.sql_db")
    def test_the_night_begins_before_an_order_is_confirmed_and_writes_after_it(self):
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            env["loyalty.membership"].browse(self.member_id).qualified_value = 5
            env.flush_all()
            cr.commit()  # pylint: disable=invalid-commit
            env.cr.execute("SELECT 1 FROM loyalty_membership LIMIT 1")  # what it sees is from now
            self.confirm(self.order_ids[0])
            # The night cannot write over what it has not seen: it begins its batch anew.
            done = patiently(env, env["loyalty.tier.queue"]._drain_batch)
            cr.commit()  # pylint: disable=invalid-commit
        self.assertTrue(done)
        self.assertEqual(self.stored()[:2], (600, "All"))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_orders_confirmed_at_once_make_the_tier_together(self):
        threads = [threading.Thread(target=self.confirm, args=(order_id,)) for order_id in self.order_ids]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        value, tier, changes = self.stored()
        self.assertEqual((value, tier, changes), (1200, "Best", 2))  # enrolled, and raised once
