"""Redeeming at many counters at the same time, each in a transaction of its own, and a process that is killed in the middle."""

import tempfile
import time
from datetime import timedelta
from pathlib import Path

from odoo.addons.crm_loyalty.tests.co_marketing_case import SIGNATURE
from odoo.addons.crm_loyalty.tests.parallel_case import ParallelCase
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import OperationalError

from tests.killing import kill_when

COUNTERS, MEMBERS = 50, 10


@tagged("post_install", "-at_install")
class TestCoMarketingParallel(ParallelCase):
    NAME = "of many counters"

    def make(self, env):
        club = self.make_club(env)
        self.memberships = club._enrol(
            env["res.partner"].create([{"name": f"Member {number} {self.NAME}"} for number in range(MEMBERS)])
        ).ids
        partner = env["res.partner"].create({"name": f"Warung {self.NAME}", "is_company": True})
        self.outlet = env["co.marketing.outlet"].create({"name": f"Dago {self.NAME}", "partner_id": partner.id}).id
        agreement = env["co.marketing.agreement"].create(
            {"partner_id": partner.id, "outlet_ids": [(6, 0, [self.outlet])], "date_start": "2020-01-01"}
        )
        version = env["co.marketing.version"].create({"agreement_id": agreement.id})
        names = ("last", "budget", "points", "own")
        benefits = env["co.marketing.benefit"].create(
            [
                {"version_id": version.id, "name": "The last one", "limit_total": 3},
                {"version_id": version.id, "name": "Out of a budget", "budget": 45},
                {"version_id": version.id, "name": "Points", "kind": "points", "points": 7, "limit_total": 100},
                {"version_id": version.id, "name": "Once for each", "limit_member": 1},
            ]
        )
        self.benefits = dict(zip(names, benefits.ids, strict=True))
        agreement.action_propose()
        version._accept("Agus", SIGNATURE, partner)
        self.agreement = agreement.id

    def take_away(self):
        """Redemptions are for ever: only here the database is told to let them go."""
        with self.transaction() as env:
            for table in ("co_marketing_statement_line", "co_marketing_statement"):
                env.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                env.cr.execute(f"DELETE FROM {table} WHERE agreement_id = %s", [self.agreement])
                env.cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            env.cr.execute("ALTER TABLE co_marketing_redemption DISABLE TRIGGER USER")
            env.cr.execute("DELETE FROM co_marketing_redemption WHERE agreement_id = %s", [self.agreement])
            env.cr.execute("ALTER TABLE co_marketing_redemption ENABLE TRIGGER USER")
            env.cr.execute("DELETE FROM contact_history_entry WHERE res_model = 'co.marketing.redemption'")
            env.cr.execute("DELETE FROM co_marketing_version WHERE agreement_id = %s", [self.agreement])
            env.cr.execute("DELETE FROM co_marketing_agreement WHERE id = %s", [self.agreement])
            env["co.marketing.outlet"].browse(self.outlet).unlink()
        super().take_away()

    # -- at the same time ----------------------------------------------------------------------------------------

    def redeem(self, name, member=0, key=None, amount=100.0):
        def work(env):
            outlet = env["co.marketing.outlet"].browse(self.outlet)
            membership = env["loyalty.membership"].browse(self.memberships[member % MEMBERS])
            benefit = env["co.marketing.benefit"].browse(self.benefits[name])
            return outlet._redeem(membership, benefit, key or f"counter-{name}-{member}", amount).id

        return work

    def booked(self, name):
        """(redemptions, uses that the tally counts, discounts) of a benefit"""
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            rows = env["co.marketing.redemption"].search([("benefit_id", "=", self.benefits[name])])
            cr.execute(
                "SELECT uses FROM co_marketing_tally WHERE benefit_id = %s AND member_key = 0 AND span = 'total'",
                [self.benefits[name]],
            )
            return len(rows), (cr.fetchone() or [0])[0], round(sum(rows.mapped("discount")), 2)

    def outcome(self, results):
        """(how many succeeded, the different refusals)"""
        self.assertFalse([one for one in results if isinstance(one, OperationalError) or one is None])
        return sum(isinstance(one, int) for one in results), {str(one) for one in results if isinstance(one, UserError)}

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_of_fifty_who_take_the_last_use_at_once_one_gets_it(self):
        for member in range(2):  # of three
            with self.transaction() as env:
                self.redeem("last", member, key=f"before-{member}-{self.agreement}")(env)
        results = self.at_once(*[self.redeem("last", member) for member in range(COUNTERS)])
        done, refusals = self.outcome(results)
        self.assertEqual(done, 1)
        self.assertEqual(refusals, {"The last one: It is used up: all that were agreed are given away."})
        self.assertEqual(self.booked("last"), (3, 3, 30))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_a_budget_is_not_overdrawn_by_ten_at_once(self):
        done, refusals = self.outcome(self.at_once(*[self.redeem("budget", member) for member in range(10)]))
        self.assertEqual((done, len(refusals)), (4, 1))
        self.assertEqual(self.booked("budget"), (4, 4, 40))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_the_same_request_sent_ten_times_at_once_is_booked_once(self):
        results = self.at_once(*[self.redeem("own", key="the-same-key")] * 10)
        self.assertEqual((self.outcome(results)[0], len(set(results))), (10, 1))
        self.assertEqual(self.booked("own")[0], 1)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_voiding_and_suspending_at_the_same_time_leave_the_books_right(self):
        with self.transaction() as env:
            receipt = self.redeem("last")(env)

        def void(env):
            env["co.marketing.redemption"].browse(receipt)._void("Twice at once")
            return True

        def suspend(env):
            env["co.marketing.agreement"].browse(self.agreement).action_suspend()
            return True

        results = self.at_once(*[void, void, suspend, *(self.redeem("last", member) for member in range(1, 6))])
        self.assertFalse([one for one in results if isinstance(one, OperationalError) or one is None])
        booked, uses, _discount = self.booked("last")
        self.assertEqual(uses, booked - 1)  # the one that was voided counts once less
        self.assertLessEqual(uses, 3)

    # -- settling ------------------------------------------------------------------------------------------------

    def settle(self, env):
        agreement = env["co.marketing.agreement"].browse(self.agreement)
        return len(agreement._settle(agreement._today()))

    def settled(self, env):
        """The lines of all statements of the agreement."""
        return env["co.marketing.statement.line"].search([("agreement_id", "=", self.agreement)])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_who_settles_at_the_same_time_settles_each_redemption_once(self):
        for member in range(5):
            with self.transaction() as env:
                self.redeem("own", member)(env)
        void = self.redeem("own", 4)  # books nothing anew: the same key
        with self.transaction() as env:
            receipt = void(env)

        def void_it(env):
            env["co.marketing.redemption"].browse(receipt)._void("While it is settled")
            return 0

        results = self.at_once(*[self.settle, self.settle, self.settle, void_it, *[self.redeem("own", 6)]])
        self.assertFalse([one for one in results if not isinstance(one, int)], results)
        self.assertEqual(sum(results[:3]), 1)
        with self.transaction() as env:
            counted = self.settled(env).filtered(lambda line: line.state == "open").redemption_id
            done = env["co.marketing.redemption"].search(
                [("agreement_id", "=", self.agreement), ("state", "=", "done"), ("is_settled", "=", True)]
            )
            self.assertEqual(counted, done)
            self.assertIn(len(counted), (4, 5))  # the one that was booked meanwhile may come in the next
            self.assertEqual(
                env["co.marketing.statement"].search([("agreement_id", "=", self.agreement)]).line_count, len(done)
            )

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_voiding_while_it_is_posted_takes_it_out_or_credits_it_in_the_next(self):
        with self.transaction() as env:
            receipt = self.redeem("own")(env)
            self.settle(env)
            statement = self.settled(env).statement_id
            statement.action_send()
            statement.action_confirm()

        def post(env):
            env["co.marketing.statement"].browse(statement.id).action_post()
            return 1

        def void(env):
            env["co.marketing.redemption"].browse(receipt)._void("While it is posted")
            return 1

        self.assertEqual(self.at_once(*[post, void]), [1, 1])
        with self.transaction() as env:
            line = self.settled(env)
            self.assertIn(line.state, ("open", "voided"))
            agreement = env["co.marketing.agreement"].browse(self.agreement)
            following = agreement._settle(agreement._today() + timedelta(days=1))
            self.assertEqual(following.line_ids.mapped("kind"), ["credit"] if line.state == "open" else [])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_jobs_at_once_draft_each_month_once(self):
        with self.transaction() as env:
            env.cr.execute(
                "UPDATE co_marketing_benefit SET settlement_kind = 'monthly', settlement_figure = 5 WHERE id = %s",
                [self.benefits["own"]],
            )
            agreement = env["co.marketing.agreement"].browse(self.agreement)
            agreement.date_start = agreement._today().replace(day=1) - timedelta(days=70)

        def job(env):
            env["co.marketing.agreement"]._cron_make_statements()
            return 1

        self.assertEqual(self.at_once(*[job, job, job]), [1, 1, 1])
        with self.transaction() as env:
            months = self.settled(env).mapped("happened_on")
            self.assertEqual(len(months), len(set(months)))
            self.assertEqual(len(self.settled(env).statement_id), len(months))
            self.assertIn(len(months), (3, 4))

    # -- killed --------------------------------------------------------------------------------------------------

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_a_process_killed_in_the_middle_has_booked_nothing_and_the_same_request_books_once(self):
        marker = Path(tempfile.mkdtemp()) / "half-way"
        script = (
            "import pathlib, time\n"
            "Redemption = type(env['co.marketing.redemption'])\n"
            "give = Redemption._give_points\n"
            "def slow(self):\n"
            "    give(self)\n"
            "    self.env.flush_all()\n"  # all is written, and nothing committed
            f"    pathlib.Path({str(marker)!r}).touch()\n"
            "    time.sleep(100)\n"
            "Redemption._give_points = slow\n"
            f"outlet = env['co.marketing.outlet'].browse({self.outlet})\n"
            f"member = env['loyalty.membership'].browse({self.memberships[0]})\n"
            f"outlet._redeem(member, env['co.marketing.benefit'].browse({self.benefits['points']}), 'killed-key', None)\n"
            "env.cr.commit()\n"
        )
        kill_when(script, marker.exists)
        self.assertEqual((self.booked("points"), self.points()), ((0, 0, 0), 0))
        deadline = time.monotonic() + 30
        while (
            not self.booked("points")[0] and time.monotonic() < deadline
        ):  # the server takes a moment to notice the death
            self.at_once(*[self.redeem("points", key="killed-key", amount=None)] * 2)
        self.assertEqual((self.booked("points"), self.points()), ((1, 1, 0), 7))

    def points(self):
        with self.registry.cursor() as cr:
            return self.env_of(cr)["loyalty.membership"].browse(self.memberships[0]).card_id.points
