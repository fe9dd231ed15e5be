import threading

from odoo import SUPERUSER_ID, Command, api
from odoo.addons.crm_loyalty.models.patience import patiently
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestTierParallel(BaseCase):
    """Real transactions at the same time, each on a connection of its own; what they leave is taken away at the end."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            club = env["loyalty.club"]._create_with_programs(
                {"name": "Club of the night", "company_id": env.company.id},
                [{"name": "Best", "discount": 0, "threshold": 1000}, {"name": "All", "discount": 0}],
                {"amount": 10, "value": 1},
            )
            club.qualification_metric = "spend"
            product = env["product.product"].create({"name": "Coffee of the night", "taxes_id": [Command.clear()]})
            partner = env["res.partner"].create({"name": "Siti of the night"})
            orders = env["sale.order"].create([self.order_of(partner, product) for _number in range(2)])
            member = club._enrol(partner)
            member._queue_tiers()
            self.club_id, self.program_id, self.product_id = club.id, club.program_id.id, product.id
            self.partner_id, self.order_ids, self.member_id = partner.id, orders.ids, member.id
        self.addCleanup(self.take_away)

    @staticmethod
    def env_of(cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    @staticmethod
    def order_of(partner, product):
        line = Command.create({"product_id": product.id, "price_unit": 600, "tax_ids": [Command.clear()]})
        return {"partner_id": partner.id, "order_line": [line]}

    def take_away(self):
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            orders = env["sale.order"].browse(self.order_ids)
            orders._action_cancel()
            orders.unlink()
            env["loyalty.membership"].browse(self.member_id).unlink()
            env["loyalty.card"].search([("program_id", "=", self.program_id)]).unlink()
            env["res.partner"].browse(self.partner_id).unlink()
            env["product.product"].browse(self.product_id).unlink()
            program = env["loyalty.program"].browse(self.program_id)
            program.club_ids = False
            club = env["loyalty.club"].browse(self.club_id)
            tiers = club.tier_ids
            (tiers.program_id | program).tier_ids = False
            tiers.unlink()
            club.unlink()
            program.active = False
            program.unlink()

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
