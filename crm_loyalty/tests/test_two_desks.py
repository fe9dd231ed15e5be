import threading

from odoo.exceptions import ValidationError
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from .parallel_case import ParallelCase


@tagged("post_install", "-at_install")
class TestTwoDesks(ParallelCase):
    """Two clerks enrol the same customer."""

    NAME = "of two desks"

    def make(self, env):
        self.make_club(env)

    def enrol(self, env):
        club = env["loyalty.club"].browse(self.club_id)
        return club._enrol(env["res.partner"].browse(self.partner_id))

    @mute_logger("odoo.sql_db")
    def test_the_second_is_refused_with_a_clear_message(self):
        outcome = []

        def second_desk():
            with self.registry.cursor() as cr:
                env = self.env_of(cr)
                env.cr.execute("SELECT 1")  # its snapshot is from before the first commits
                ready.set()
                try:
                    retrying(lambda: self.enrol(env), env)
                except ValidationError as error:
                    outcome.append(str(error))

        ready = threading.Event()
        with self.registry.cursor() as cr:
            self.enrol(self.env_of(cr)).flush_recordset()
            thread = threading.Thread(target=second_desk)
            thread.start()
            ready.wait(20)
            thread.join(0.5)  # by now it waits at the unique index for the first to commit
            self.assertTrue(thread.is_alive())
            cr.commit()  # pylint: disable=invalid-commit
        thread.join(20)
        self.assertEqual(len(outcome), 1)
        self.assertIn("has just become a member", outcome[0])
        with self.registry.cursor() as cr:
            count = self.env_of(cr)["loyalty.membership"].search_count([("club_id", "=", self.club_id)])
            cards = self.env_of(cr)["loyalty.card"].search_count([("program_id", "=", self.program_id)])
        self.assertEqual((count, cards), (1, 1))
