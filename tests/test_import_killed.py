"""An import of cards whose process is killed: nothing is half done, the next run goes on, and nothing is taken twice."""

import base64
import time

import psycopg2
from odoo.addons.crm_loyalty.tests.parallel_case import ParallelCase
from odoo.tests import tagged
from odoo.tools import SQL

from tests.killing import SLOW_COMMITS, kill_when

ROWS, BATCH = 300, 10

SCRIPT = f"""{SLOW_COMMITS}
from odoo.addons.crm_loyalty.models import loyalty_card_import as job
job.LOAD_BATCH, job.TAKE_BATCH = {BATCH * 5}, {BATCH}
env['loyalty.card.import']._cron_work()
"""


@tagged("post_install", "-at_install")
class TestImportKilled(ParallelCase):
    NAME = "of the killed import"

    def make(self, env):
        club = self.make_club(env)
        lines = [f"04499{number:05},Member {number} {self.NAME},{number + 1}" for number in range(ROWS)]
        file = base64.b64encode("\n".join(["card_number,name,points", *lines]).encode())
        run = env["loyalty.card.import"].create({"club_id": club.id, "file": file})
        run.state = "loading"
        self.run_id = run.id

    def ask(self, query, **values):
        with self.registry.cursor() as cr:
            cr.execute(SQL(query, run=self.run_id, club=self.club_id, program=self.program_id, **values))
            return cr.fetchall()

    def rows(self, state=None):
        [(count,)] = self.ask(
            "SELECT count(*) FROM loyalty_card_import_row WHERE import_id = %(run)s AND (%(state)s::text IS NULL OR state = %(state)s)",
            state=state,
        )
        return count

    def go_on(self, until):
        """As the next run of the job; the server takes a moment to notice the death."""
        deadline = time.monotonic() + 60
        while not until() and time.monotonic() < deadline:
            try:
                with self.transaction() as env:
                    env["loyalty.card.import"]._cron_work()
            except psycopg2.OperationalError:
                time.sleep(0.2)
        self.assertTrue(until())

    def assertWhole(self):
        """Every row that is done has one membership, card, log line and opening entry; no other has anything."""
        query = """
            SELECT count(*) FILTER (WHERE line.state = 'done'), count(member.id), count(DISTINCT card.id), count(DISTINCT log.id),
                   count(DISTINCT entry.id), COALESCE(sum(card.points), 0), COALESCE(sum(entry.points), 0)
              FROM loyalty_card_import_row line
         LEFT JOIN loyalty_card card ON card.code = line.card_number
         LEFT JOIN loyalty_membership member ON member.card_id = card.id
         LEFT JOIN loyalty_membership_log log ON log.membership_id = member.id
         LEFT JOIN loyalty_ledger_entry entry ON entry.card_id = card.id
             WHERE line.import_id = %(run)s
        """
        [(done, members, cards, logs, entries, points, booked)] = self.ask(query)
        self.assertEqual((members, cards, logs, entries), (done,) * 4)
        self.assertEqual(points, booked)
        [(people,)] = self.ask(
            "SELECT count(*) FROM res_partner WHERE name LIKE %(name)s", name=f"Member % {self.NAME}"
        )
        self.assertEqual(people, done)
        return done

    def test_killed_while_reading_and_while_taking_it_ends_whole(self):
        kill_when(SCRIPT, lambda: self.rows() >= BATCH * 5)
        self.assertTrue(0 < self.rows() < ROWS, self.rows())
        self.assertEqual(self.assertWhole(), 0)
        self.go_on(lambda: self.rows("ok") == ROWS)
        with self.transaction() as env:
            env["loyalty.card.import"].browse(self.run_id).state = "importing"
        kill_when(SCRIPT, lambda: self.rows("done") >= 3 * BATCH)
        half = self.assertWhole()
        self.assertTrue(3 * BATCH <= half < ROWS, half)
        self.go_on(lambda: self.rows("done") == ROWS)
        self.assertEqual(self.assertWhole(), ROWS)
        [(state, taken)] = self.ask("SELECT state, done_count FROM loyalty_card_import WHERE id = %(run)s")
        self.assertEqual((state, taken), ("done", ROWS))
        self.assertEqual(self.ask("SELECT sum(points) FROM loyalty_card WHERE program_id = %(program)s"), [(45150.0,)])
