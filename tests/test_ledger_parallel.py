"""The points ledger with real transactions at the same time, each on a connection of its own, and with a killed job."""

import time
from datetime import timedelta

from odoo import Command, fields
from odoo.addons.crm_loyalty.models.ledger_booking import Piece
from odoo.addons.crm_loyalty.tests.parallel_case import ParallelCase
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from tests.killing import kill_when

CARD_POINTS = 100


@tagged("post_install", "-at_install")
class TestLedgerParallel(ParallelCase):
    """Orders, redemptions, credit notes and the nightly expiry at the same time."""

    NAME = "of many tills"

    def make(self, env):
        club = self.make_club(env)
        card = club._enrol(env["res.partner"].browse(self.partner_id)).card_id
        card._book(CARD_POINTS, "gift", f"parallel/{card.id}")
        coffee = env["product.product"].create({"name": f"Kopi {self.NAME}", "taxes_id": [Command.clear()]})
        self.card, self.coffee = card.id, coffee.id

    def state(self):
        """(points of the card, sum of its entries, sum of what is left of its lots)"""
        with self.registry.cursor() as cr:
            card = self.env_of(cr)["loyalty.card"].browse(self.card)
            entries = sum(card.ledger_entry_ids.mapped("points"))
            return card.points, round(entries, 6), round(sum(lot.points for lot in card._open_lots()[card]), 6)

    def entries(self, kind):
        with self.registry.cursor() as cr:
            return self.env_of(cr)["loyalty.ledger.entry"].search_count(
                [("card_id", "=", self.card), ("kind", "=", kind)]
            )

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_fifty_redemptions_at_once_never_spend_more_than_there_is(self):
        def redeem(number):
            return lambda env: env["loyalty.card"].browse(self.card).redeem_points(7, f"till-{self.card}-{number}")

        results = self.at_once(*(redeem(number) for number in range(50)))
        done = [result for result in results if isinstance(result, dict)]
        refused = [result for result in results if isinstance(result, UserError)]
        self.assertEqual((len(done), len(refused)), (14, 36), results)
        self.assertEqual(sorted(result["balance"] for result in done), [2 + 7 * step for step in range(14)])
        self.assertEqual(self.state(), (2, 2, 2))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_the_same_request_sent_ten_times_at_once_is_booked_once(self):
        results = self.at_once(
            *[lambda env: env["loyalty.card"].browse(self.card).redeem_points(7, f"till-{self.card}-same")] * 10
        )
        self.assertEqual([result["balance"] for result in results], [93] * 10)
        self.assertEqual(len({result["entry_id"] for result in results}), 1)
        self.assertEqual(self.state(), (93, 93, 93))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_orders_cancellations_and_redemptions_at_once_add_up(self):
        with self.registry.cursor() as cr:
            orders = self.env_of(cr)["sale.order"].create([self.order() for _number in range(16)])
            orders[8:].action_confirm()  # 10 points each
            ids = orders.ids

        def change(order_id, method):
            return lambda env: bool(getattr(env["sale.order"].browse(order_id), method)())

        def redeem(number):
            return lambda env: env["loyalty.card"].browse(self.card).redeem_points(5, f"till-{self.card}-{number}")

        works = [change(one, "action_confirm") for one in ids[:8]] + [change(one, "_action_cancel") for one in ids[8:]]
        results = self.at_once(*works, *(redeem(number) for number in range(8)))
        self.assertFalse([result for result in results if isinstance(result, Exception)])
        self.assertEqual(self.state(), (140, 140, 140))
        self.assertEqual((self.entries("earn"), self.entries("cancel"), self.entries("redeem")), (16, 8, 8))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_credit_notes_and_redemptions_and_orders_at_once_add_up(self):
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            company = env["loyalty.club"].browse(self.club_id).company_id
            if not env["account.journal"].search([("type", "=", "sale"), ("company_id", "=", company.id)]):
                env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
            env["product.product"].browse(self.coffee).invoice_policy = "order"
            orders = env["sale.order"].create([self.order() for _number in range(10)])
            orders[:6].action_confirm()  # 10 points each
            notes = env["account.move"]
            for order in orders[:6]:
                invoice = order._create_invoices()
                invoice.action_post()
                notes |= invoice._reverse_moves([{"invoice_date": invoice.date}])
            notes, ids = notes.ids, orders.ids
        self.addCleanup(self.take_invoices_away)

        def post(note):
            return lambda env: bool(env["account.move"].browse(note).action_post()) or True

        def confirm(order):
            return lambda env: bool(env["sale.order"].browse(order).action_confirm())

        def redeem(number):
            return lambda env: env["loyalty.card"].browse(self.card).redeem_points(5, f"till-{self.card}-{number}")

        results = self.at_once(
            *(post(note) for note in notes),
            *(confirm(one) for one in ids[6:]),
            *(redeem(number) for number in range(6)),
        )
        self.assertFalse([result for result in results if isinstance(result, Exception)])
        # 100 and 6 orders, less 6 credit notes, and 4 orders, less 6 times 5
        self.assertEqual(self.state(), (110, 110, 110))
        self.assertEqual((self.entries("reverse"), self.entries("redeem")), (6, 6))

    def take_invoices_away(self):
        with self.registry.cursor() as cr:
            moves = self.env_of(cr)["account.move"].search([("partner_id", "=", self.partner_id)])
            moves.line_ids.remove_move_reconcile()
            moves.button_draft()
            moves.with_context(force_delete=True).unlink()

    def order(self):
        line = {"product_id": self.coffee, "price_unit": 100, "tax_ids": [Command.clear()]}
        return {"partner_id": self.partner_id, "order_line": [Command.create(line)]}

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_one_order_confirmed_twice_at_once_earns_once(self):
        with self.registry.cursor() as cr:
            order = self.env_of(cr)["sale.order"].create(self.order()).id
        self.at_once(*[lambda env: bool(env["sale.order"].browse(order).action_confirm())] * 4)
        self.assertEqual(self.state(), (110, 110, 110))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_a_cards_limit_per_day_holds_for_orders_confirmed_at_once_also_while_points_are_pending(self):
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            env["loyalty.club"].browse(self.club_id).write({"points_cap_day": 25, "points_due": "delivered"})
            ids = env["sale.order"].create([self.order() for _number in range(6)]).ids
        results = self.at_once(
            *(lambda env, one=one: bool(env["sale.order"].browse(one).action_confirm()) for one in ids)
        )
        self.assertEqual(results, [True] * 6)
        with self.registry.cursor() as cr:
            self.assertEqual(self.env_of(cr)["loyalty.card"].browse(self.card).points_pending, 25)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_the_cap_of_adjustments_holds_for_eight_at_once_on_cards_of_their_own(self):
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            club = env["loyalty.club"].browse(self.club_id)
            club.adjustment_cap = 100
            names = [{"name": f"Member {number} of many tills"} for number in range(8)]
            cards = club._enrol(env["res.partner"].create(names)).card_id.ids
            admin = env.ref("base.user_admin").id

        def adjust(card):
            return lambda env: env(user=admin)["loyalty.card"].browse(card).adjust_points(40, "Cold coffee")

        results = self.at_once(*(adjust(card) for card in cards))
        done = [result for result in results if isinstance(result, dict)]
        self.assertEqual(len(done), 2, results)  # 40 and 40; a third would be above 100
        self.assertEqual(sum(isinstance(result, UserError) for result in results), 6, results)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_points_that_expire_while_they_are_redeemed_are_used_once(self):
        self.make_old_lots(1)

        def expire(env):
            company = env["loyalty.club"].browse(self.club_id).company_id
            env["loyalty.ledger.entry"]._expire_batch(
                company, fields.Date.today(), (fields.Date.to_date("0001-01-01"), 0)
            )

        def redeem(number):
            return lambda env: env["loyalty.card"].browse(self.card).redeem_points(30, f"till-{self.card}-{number}")

        results = self.at_once(expire, redeem(1), expire, redeem(2), expire)
        self.assertEqual(sum(isinstance(result, dict) for result in results), 2, results)
        points, entries, left = self.state()
        self.assertEqual((points, entries), (left, left))
        self.assertGreaterEqual(points, 0)

    def make_old_lots(self, count):
        """Lots of 5 points on cards of their own (the first on the card of the test), over since yesterday."""
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            club = env["loyalty.club"].browse(self.club_id)
            cards = env["loyalty.card"].browse(self.card)
            if count > 1:
                partners = [{"name": f"Member {number} of many tills"} for number in range(count - 1)]
                cards |= club._enrol(env["res.partner"].create(partners)).card_id
            piece = {"kind": "gift", "expires_on": fields.Date.today() - timedelta(days=2)}
            cards._book_many([(card, Piece(5, source_key=f"old/{card.id}", **piece)) for card in cards])

    def test_a_killed_job_is_continued_and_nothing_expires_twice(self):
        self.make_old_lots(60)
        script = (
            "from odoo.addons.crm_loyalty.models import loyalty_ledger_expiry as job\n"
            "import time\n"
            "job.EXPIRY_BATCH = 2\n"
            "Cron = type(env['ir.cron'])\n"
            "origin = Cron._commit_progress\n"
            "def slow(self, *args, **options):\n"
            "    time.sleep(0.2)\n"  # between the work of a batch and its commit
            "    return origin(self, *args, **options)\n"
            "Cron._commit_progress = slow\n"
            "env['loyalty.ledger.entry']._cron_expire()\n"
        )
        kill_when(script, lambda: self.expired() >= 6)
        half = self.expired()
        self.assertTrue(6 <= half < 60, half)
        deadline = time.monotonic() + 30
        while self.expired() < 60 and time.monotonic() < deadline:  # the server takes a moment to notice the death
            with self.registry.cursor() as cr:
                self.env_of(cr)["loyalty.ledger.entry"]._cron_expire()
        self.assertEqual(self.expired(), 60)
        self.assertEqual(self.state(), (100, 100, 100))
        with self.registry.cursor() as cr:
            query = SQL(
                """SELECT count(*) FROM loyalty_card card WHERE program_id = %s AND abs(points -
                   (SELECT COALESCE(sum(points), 0) FROM loyalty_ledger_entry WHERE card_id = card.id)) > 0.001""",
                self.program_id,
            )
            cr.execute(query)
            self.assertEqual(cr.fetchone(), (0,))

    def expired(self):
        with self.registry.cursor() as cr:
            cr.execute(
                SQL(
                    "SELECT count(*) FROM loyalty_ledger_entry WHERE kind = 'expire' AND program_id = %s",
                    self.program_id,
                )
            )
            return cr.fetchone()[0]
