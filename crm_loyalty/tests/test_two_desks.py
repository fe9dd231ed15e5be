import threading

from odoo import SUPERUSER_ID, api
from odoo.exceptions import ValidationError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestTwoDesks(BaseCase):
    """Two real transactions at the same time, each on a connection of its own; what they leave is taken away at
    the end.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            club = env["loyalty.club"]._create_with_programs(
                {"name": "Club of two desks", "company_id": env.company.id}, [], {"amount": 10, "value": 1}
            )
            self.club_id, self.program_id = club.id, club.program_id.id
            self.partner_id = env["res.partner"].create({"name": "Siti of two desks"}).id
        self.addCleanup(self.take_away)

    @staticmethod
    def env_of(cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def take_away(self):
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            env["loyalty.membership"].search([("club_id", "=", self.club_id)]).unlink()
            env["loyalty.card"].search([("program_id", "=", self.program_id)]).unlink()
            env["res.partner"].browse(self.partner_id).unlink()
            program = env["loyalty.program"].browse(self.program_id)
            program.club_ids = False
            env["loyalty.club"].browse(self.club_id).unlink()
            program.active = False
            program.unlink()

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
