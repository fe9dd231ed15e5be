from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

PEOPLE = ("parallel.ani", "parallel.beni", "parallel.citra")


@tagged("post_install", "-at_install")
class TestTeamAssignmentParallel(BaseCase):
    """Tickets that come at the same time, each in a transaction of its own. No transaction is tried twice here: one
    that met another would fail the test."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.remove)
        self.remove()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            people = env["res.users"].create([{"name": login, "login": login} for login in PEOPLE])
            values = {"name": "Parallel", "assignment": "turn", "acknowledgement_template_id": False}
            self.team_id = env["service.team"].create({**values, "member_ids": [(6, 0, people.ids)]}).id

    def remove(self):
        with self.registry.cursor() as cr:
            # without a trace, which would keep the team
            env = api.Environment(cr, SUPERUSER_ID, {"active_test": False, "_force_unlink": True})
            env["service.ticket"].search([("name", "=", "Parallel")]).unlink()
            env["service.team"].search([("name", "=", "Parallel")]).unlink()
            people = env["res.users"].search([("login", "in", PEOPLE)])
            partners = people.partner_id
            people.unlink()
            partners.unlink()

    def set_team(self, **values):
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["service.team"].browse(self.team_id).write(values)

    def come_together(self, number):
        """Who gets so many tickets of which none sees another: all begin before the first is saved."""
        begun, created = Barrier(number), Barrier(number)

        def come(_number):
            with self.registry.cursor() as cr:
                env = api.Environment(
                    cr, SUPERUSER_ID, {"tracking_disable": True, "mail_auto_subscribe_no_notify": True}
                )
                env["service.ticket"].search_count([])  # the transaction has begun
                begun.wait(timeout=30)
                ticket = env["service.ticket"].create({"name": "Parallel", "team_id": self.team_id})
                env.flush_all()
                created.wait(timeout=30)
                return ticket.user_id.login

        with ThreadPoolExecutor(number) as pool:
            return sorted(pool.map(come, range(number)))

    def test_three_tickets_at_the_same_time_go_to_three_people(self):
        self.assertEqual(self.come_together(3), sorted(PEOPLE))

    def test_the_least_loaded_is_not_given_two_at_the_same_time(self):
        self.set_team(assignment="least_loaded")
        self.assertEqual(self.come_together(3), sorted(PEOPLE))

    def test_more_tickets_than_people_go_round_and_nobody_waits_for_another(self):
        self.assertEqual(self.come_together(6), sorted(PEOPLE * 2))
