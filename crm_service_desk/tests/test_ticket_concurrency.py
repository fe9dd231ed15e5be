from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged


@tagged("post_install", "-at_install")
class TestTicketConcurrency(BaseCase):
    """With real transactions, each on its own connection."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.remove_tickets)

    def remove_tickets(self):
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["service.ticket"].search([("name", "=", "Concurrency")]).unlink()

    def create_ticket(self, barrier):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["service.ticket"].search_count([])  # both transactions have begun
            barrier.wait(timeout=20)
            return env["service.ticket"].create({"name": "Concurrency"}).number

    def test_two_tickets_created_at_the_same_time_get_different_numbers(self):
        barrier = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            numbers = list(pool.map(self.create_ticket, [barrier, barrier]))
        self.assertEqual(len(set(numbers)), 2, numbers)

    def test_a_failed_attempt_loses_its_number_and_disturbs_nobody(self):
        with self.registry.cursor() as cr:
            lost = api.Environment(cr, SUPERUSER_ID, {})["service.ticket"].create({"name": "Concurrency"}).number
            cr.rollback()
        with self.registry.cursor() as cr:
            kept = api.Environment(cr, SUPERUSER_ID, {})["service.ticket"].create({"name": "Concurrency"}).number
        self.assertEqual(int(kept[1:]), int(lost[1:]) + 1)
