"""The partner's customers at many desks at the same time, and the job that makes statements killed in the middle."""

import time
from datetime import timedelta

import psycopg2
from odoo.addons.crm_loyalty.tests.co_marketing_case import SIGNATURE
from odoo.addons.crm_loyalty.tests.parallel_case import ParallelCase
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from tests.killing import SLOW_COMMITS, kill_when

DESKS, MONTHS = 50, 6

SCRIPT = f"{SLOW_COMMITS}env['co.marketing.agreement']._cron_make_statements()\n"


class PactOfManyCase(ParallelCase):
    """An agreement for the partner's customers, whose cards begin with KK."""

    def make(self, env):
        self.make_club(env)
        partner = env["res.partner"].create({"name": f"Warung {self.NAME}", "is_company": True})
        agreement = env["co.marketing.agreement"].create(
            {
                "partner_id": partner.id,
                "kind": "ours_to_theirs",
                "date_start": "2020-01-01",
                "card_prefix": "KK",
                "card_length": 8,
            }
        )
        version = env["co.marketing.version"].create({"agreement_id": agreement.id})
        values = {"version_id": version.id, "name": "The last one", **self.BENEFIT}
        self.benefit = env["co.marketing.benefit"].create(values).id
        agreement.action_propose()
        version._accept("Agus", SIGNATURE, partner)
        self.agreement = agreement.id

    def take_away(self):
        """Redemptions and statements are for ever: only here the database is told to let them go."""
        with self.transaction() as env:
            for table in ("co_marketing_statement_line", "co_marketing_statement", "co_marketing_redemption"):
                name = SQL.identifier(table)
                env.cr.execute(SQL("ALTER TABLE %s DISABLE TRIGGER USER", name))
                env.cr.execute(SQL("DELETE FROM %s WHERE agreement_id = %s", name, self.agreement))
                env.cr.execute(SQL("ALTER TABLE %s ENABLE TRIGGER USER", name))
            env.cr.execute("DELETE FROM contact_history_entry WHERE res_model = 'co.marketing.redemption'")
            everything = env(context={"active_test": False})
            partners = everything["res.partner"].search([("name", "like", f"% {self.NAME}")])
            orders = everything["sale.order"].search([("partner_id", "in", partners.ids)])
            orders.filtered(lambda order: order.state == "sale")._action_cancel()
            orders.unlink()
            program = everything["loyalty.program"].search([("co_marketing_benefit_id", "=", self.benefit)])
            everything["loyalty.card"].search([("program_id", "in", program.ids)]).unlink()
            program.active = False
            program.unlink()
            env.cr.execute("DELETE FROM co_marketing_version WHERE agreement_id = %s", [self.agreement])
            env.cr.execute("DELETE FROM co_marketing_agreement WHERE id = %s", [self.agreement])
        super().take_away()

    def ask(self, query):
        with self.registry.cursor() as cr:
            cr.execute(query, {"agreement": self.agreement, "benefit": self.benefit})
            return cr.fetchall()


@tagged("post_install", "-at_install")
class TestTheirsParallel(PactOfManyCase):
    NAME = "of many desks"
    BENEFIT = {"percent": 10, "limit_total": 1}

    def make(self, env):
        super().make(env)
        flour = env["product.product"].create({"name": f"Flour {self.NAME}", "list_price": 100, "taxes_id": [(5,)]})
        customers = env["res.partner"].create([{"name": f"Guest {one} {self.NAME}"} for one in range(DESKS)])
        line = [(0, 0, {"product_id": flour.id})]
        orders = env["sale.order"].create([{"partner_id": one.id, "order_line": line} for one in customers])
        for number, order in enumerate(orders):
            self.assertIn("text", order.apply_partner_number(f"KK{number:06d}"))
        self.orders = orders.ids

    def confirm(self, order_id):
        def work(env):
            env["sale.order"].browse(order_id).action_confirm()
            return order_id

        return work

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_of_fifty_orders_confirmed_at_once_on_the_last_use_one_gets_it(self):
        results = self.at_once(*[self.confirm(order) for order in self.orders])
        done = [one for one in results if isinstance(one, int)]
        refused = [one for one in results if isinstance(one, UserError)]
        self.assertEqual((len(done), len(refused)), (1, DESKS - 1), [str(one) for one in results])
        for refusal in refused:
            self.assertIn("given away", str(refusal))
        self.assertEqual(self.ask("SELECT sale_order_id FROM co_marketing_redemption WHERE agreement_id = %(agreement)s"),
                         [(done[0],)])  # fmt: skip
        counted = (
            "SELECT uses FROM co_marketing_tally WHERE benefit_id = %(benefit)s AND member_key = 0 AND span = 'total'"
        )
        self.assertEqual(self.ask(counted), [(1,)])
        with self.transaction() as env:
            orders = env["sale.order"].browse(self.orders)
            self.assertEqual(orders.filtered(lambda order: order.state == "sale").ids, done)


@tagged("post_install", "-at_install")
class TestStatementsKilled(PactOfManyCase):
    NAME = "of the killed statements"
    BENEFIT = {"percent": 10, "settlement_kind": "monthly", "settlement_payer": "us", "settlement_figure": 5}

    def make(self, env):
        super().make(env)
        agreement = env["co.marketing.agreement"].browse(self.agreement)
        month = agreement._today().replace(day=1)
        for _month in range(MONTHS):
            month = (month - timedelta(days=1)).replace(day=1)
        agreement.date_start = month

    def statements(self):
        return self.ask(
            "SELECT date_from, total FROM co_marketing_statement WHERE agreement_id = %(agreement)s ORDER BY 1"
        )

    def assertWhole(self):
        """Each statement there is is whole, follows the one before, and the agreement is settled until its last day."""
        made = self.statements()
        totals = self.ask(
            """SELECT count(*), COALESCE(sum(amount), 0), count(DISTINCT happened_on), count(DISTINCT statement_id)
                 FROM co_marketing_statement_line WHERE agreement_id = %(agreement)s"""
        )
        self.assertEqual([tuple(map(int, row)) for row in totals], [(len(made), -5 * len(made), len(made), len(made))])
        until = self.ask(
            """SELECT count(*) FROM co_marketing_agreement agreement WHERE id = %(agreement)s AND settled_until IS NOT DISTINCT
               FROM (SELECT max(date_to) FROM co_marketing_statement WHERE agreement_id = agreement.id)"""
        )
        self.assertEqual((until, {float(total) for _day, total in made} or {-5.0}), ([(1,)], {-5.0}))
        return len(made)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_killed_in_the_middle_each_statement_is_whole_and_the_next_run_makes_the_others_once(self):
        kill_when(SCRIPT, lambda: len(self.statements()) >= 2)
        half = self.assertWhole()
        self.assertTrue(2 <= half < MONTHS, half)
        deadline = time.monotonic() + 60
        while self.assertWhole() < MONTHS and time.monotonic() < deadline:
            try:  # the server takes a moment to notice the death
                with self.transaction() as env:
                    env["co.marketing.agreement"]._cron_make_statements()
            except psycopg2.OperationalError:
                time.sleep(0.2)
        self.assertEqual(self.assertWhole(), MONTHS)
        with self.transaction() as env:
            env["co.marketing.agreement"]._cron_make_statements()
        self.assertEqual(self.assertWhole(), MONTHS)
