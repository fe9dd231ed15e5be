import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestTicketConcurrency(BaseCase):
    """With real transactions, each on its own connection."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.remove_tickets)

    def remove_tickets(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"ticket_deletion_reason": "A test is over"})
            env["service.ticket"].search([("name", "=", "Concurrency")]).unlink()

    def create_ticket(self, barrier):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["service.ticket"].search_count([])  # both transactions have begun
            barrier.wait(timeout=20)
            return env["service.ticket"].create({"name": "Concurrency"}).number

    def file_ticket(self, barrier, token):
        """As the portal's form does: a request that is tried again when it meets a concurrent one."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            values = {"name": "Concurrency", "type": "question", "description": "x", "sale_order_id": False}
            first_try = iter([True])

            def request():
                env["service.ticket"].search_count([])  # the transaction has begun
                if next(first_try, False):
                    barrier.wait(timeout=20)
                return env["service.ticket"]._file(values, [("a.txt", b"x")], token).id

            return retrying(request, env)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_a_form_sent_twice_at_the_same_time_files_one_ticket(self):
        barrier, token = Barrier(2), uuid.uuid4().hex
        with ThreadPoolExecutor(2) as pool:
            ids = list(pool.map(self.file_ticket, [barrier, barrier], [token, token]))
        self.assertEqual(len(set(ids)), 1, ids)

    def file_by_program(self, barrier, key):
        """As another program does over HTTP."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            first_try = iter([True])

            def request():
                env["service.ticket"].search_count([])  # the transaction has begun
                if next(first_try, False):
                    barrier.wait(timeout=20)
                return env["service.ticket"].file("Concurrency", key=key)["id"]

            return retrying(request, env)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_a_program_that_files_the_same_twice_at_once_gets_one_ticket(self):
        barrier, key = Barrier(2), uuid.uuid4().hex
        with ThreadPoolExecutor(2) as pool:
            ids = list(pool.map(self.file_by_program, [barrier, barrier], [key, key]))
        self.assertEqual(len(set(ids)), 1, ids)

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
