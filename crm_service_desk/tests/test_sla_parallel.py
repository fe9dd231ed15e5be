from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.addons.crm_contact_history.patience import patiently
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from ..models import service_sla_clock_alarm


@tagged("post_install", "-at_install")
class TestSlaParallel(BaseCase):
    """The job of breaches with real transactions, each on its own connection."""

    TICKETS = 30

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.remove)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            policies = env["service.sla.policy"]
            policy = policies.create(
                {
                    "name": "Parallel",
                    "sequence": -1,
                    "target_ids": [
                        (
                            0,
                            0,
                            {"metric": "first_answer", "hours": 1, "escalate_leader": False, "escalate_priority": True},
                        )
                    ],
                }
            )
            received = fields.Datetime.now() - timedelta(days=30)
            tickets = env["service.ticket"].with_context(ticket_no_acknowledgement=True)
            created = tickets.create([{"name": "Parallel", "date_received": received} for _each in range(self.TICKETS)])
            self.assertEqual(set(created.mapped("sla_state")), {"breached"})
            self.policy, self.tickets = policy.id, created.ids

    def remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            reason = {"ticket_deletion_reason": "A test"}
            env["service.ticket"].browse(self.tickets).exists().with_context(**reason).unlink()
            env["service.sla.policy"].browse(self.policy).unlink()

    def work_off(self, barrier=None, batches=None):
        """What the job does, on a connection of its own.

        :param batches: so many, and then the process is killed
        :return: how many clocks it looked at
        """
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            clocks, total = env["service.sla.clock"], 0
            clocks.search_count([])  # the transaction has begun
            if barrier:
                barrier.wait(timeout=30)
            while batches is None or batches > 0:
                done = patiently(env, clocks._check_batch)
                cr.commit()  # pylint: disable=invalid-commit
                total += done
                if not done:
                    break
                batches = batches and batches - 1
            if batches == 0:
                patiently(env, clocks._check_batch)
                cr.rollback()  # killed in the middle of the next one
            return total

    def priorities(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            tickets = env["service.ticket"].browse(self.tickets)
            self.assertEqual(len(tickets.clock_ids.filtered("escalated_on")), self.TICKETS)
            return tickets.mapped("priority")

    @mute_logger("odoo.sql_db")
    def test_two_jobs_at_once_tell_each_breach_once(self):
        barrier = Barrier(2)
        with patch.object(service_sla_clock_alarm, "BATCH", 7), ThreadPoolExecutor(2) as pool:
            done = list(pool.map(self.work_off, [barrier, barrier]))
        self.assertEqual(sum(done), self.TICKETS)
        self.assertEqual(self.priorities(), ["1"] * self.TICKETS)

    def test_a_job_that_was_killed_is_taken_up_where_it_stopped(self):
        with patch.object(service_sla_clock_alarm, "BATCH", 7):
            self.assertEqual(self.work_off(batches=2), 14)
            self.assertEqual(self.work_off(), self.TICKETS - 14)
        self.assertEqual(self.priorities(), ["1"] * self.TICKETS)
