import threading
from datetime import date

import psycopg2
from odoo import Command
from odoo.exceptions import ConcurrencyError, UserError
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from .parallel_case import ParallelCase


@tagged("post_install", "-at_install")
class TestMembershipRaces(ParallelCase):
    """Joining and renewing at the same time."""

    NAME = "of the races"

    def make(self, env):
        fee = env["loyalty.club"]._make_fee_product(f"Club {self.NAME}", 50, env.company)
        fee.taxes_id = False
        self.make_club(env, validity="calendar_year", enrolment="paid", fee_product_id=fee.id)
        self.product_id = fee.id

    def enrol(self):
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            env["loyalty.club"].browse(self.club_id)._enrol(env["res.partner"].browse(self.partner_id))

    def order(self, confirmed=False):
        with self.registry.cursor() as cr:
            line = Command.create({"product_id": self.product_id})
            order = self.env_of(cr)["sale.order"].create({"partner_id": self.partner_id, "order_line": [line]})
            if confirmed:
                order.action_confirm()
            return order.id

    def confirm(self, order_id):
        return lambda env: env["sale.order"].browse(order_id).action_confirm()

    def renew(self, env):
        self.memberships(env)._renew("at the desk")

    def memberships(self, env):
        return env["loyalty.membership"].search([("club_id", "=", self.club_id)])

    def at_once(self, *works):
        """Do each in a transaction of its own, all of whose snapshots are from before the first commits.

        :return: list of the errors
        """
        gate = threading.Barrier(len(works), timeout=30)
        failures = []

        def desk(work):
            tries = []

            def attempt():
                if not tries:
                    tries.append(1)
                    env.cr.execute("SELECT 1 FROM loyalty_membership LIMIT 1")  # the snapshot is taken
                    gate.wait()
                work(env)

            with self.registry.cursor() as cr:
                env = self.env_of(cr)
                try:
                    retrying(attempt, env)
                except (UserError, ConcurrencyError, psycopg2.Error) as error:
                    failures.append(str(error))

        threads = [threading.Thread(target=desk, args=[work]) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return failures

    def assertLeft(self, last_year, fees, logged=None):
        with self.registry.cursor() as cr:
            membership = self.memberships(self.env_of(cr))
            self.assertEqual(len(membership), 1)
            self.assertEqual(membership.date_end, date(last_year, 12, 31))
            self.assertEqual(len(membership.fee_ids), fees)
            if logged is not None:
                self.assertEqual(membership.log_ids.mapped("event").count("renewed"), logged)

    @property
    def year(self):
        return date.today().year

    def asked(self):
        """The dialog "Renew", opened by a clerk: its id."""
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            context = self.memberships(env).action_renew()["context"]
            wizard = env["loyalty.membership.wizard"].with_context(**context).create({"reason": "paid at the desk"})
            return wizard.id

    def press(self, wizard_id):
        return lambda env: env["loyalty.membership.wizard"].browse(wizard_id).action_apply()

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_clerks_renew_for_the_same_customer_and_one_is_told(self):
        self.enrol()
        failures = self.at_once(*map(self.press, [self.asked(), self.asked()]))
        self.assertEqual(len(failures), 1)
        self.assertIn("has just been changed by a colleague", failures[0])
        self.assertLeft(self.year + 1, 0, logged=1)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_renewals_that_are_meant_both_count(self):
        self.enrol()
        self.assertEqual(self.at_once(self.renew, self.renew), [])
        self.assertLeft(self.year + 2, 0, logged=2)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_orders_confirmed_at_once_are_one_membership_and_two_periods(self):
        orders = [self.order(), self.order()]
        self.assertEqual(self.at_once(*map(self.confirm, orders)), [])
        self.assertLeft(self.year + 1, 2, logged=1)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_one_order_confirmed_twice_at_once_counts_once(self):
        order = self.order()
        failures = self.at_once(self.confirm(order), self.confirm(order))
        self.assertEqual(len(failures), 1)
        self.assertIn("not in a state requiring confirmation", failures[0])
        self.assertLeft(self.year, 1, logged=0)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_a_payment_told_twice_at_once_counts_once(self):
        order = self.order(confirmed=True)
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            self.memberships(env).fee_ids.unlink()
            self.memberships(env).unlink()

        def told(env):
            env["sale.order"].browse(order)._follow_clubs()

        self.assertEqual(self.at_once(told, told), [])
        self.assertLeft(self.year, 1, logged=0)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_a_colleague_enrols_while_the_order_is_confirmed(self):
        order = self.order()

        def enrol(env):
            env["loyalty.club"].browse(self.club_id)._enrol(env["res.partner"].browse(self.partner_id))

        failures = self.at_once(enrol, self.confirm(order))
        with self.registry.cursor() as cr:
            membership = self.memberships(self.env_of(cr))
            self.assertEqual((len(membership), len(membership.fee_ids)), (1, 1))
            if failures:  # the order was first; the colleague is told
                self.assertIn("ember", failures[0])
                self.assertEqual(membership.date_end.year, self.year)
            else:
                self.assertEqual(membership.date_end.year, self.year + 1)

    @mute_logger("odoo.sql_db", "odoo.service.model", "odoo.addons.crm_loyalty.models.loyalty_club_automatic")
    def test_the_order_and_the_nightly_job_enrol_a_buyer_once(self):
        with self.registry.cursor() as cr:
            club = self.env_of(cr)["loyalty.club"].browse(self.club_id)
            club.write({"enrolment": "automatic", "automatic_since": False})
        order = self.order()

        def job(env):
            env["loyalty.club"]._cron_enrol_automatically()

        self.assertEqual(self.at_once(self.confirm(order), job, job), [])
        with self.registry.cursor() as cr:
            self.assertEqual(len(self.memberships(self.env_of(cr))), 1)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_the_nightly_job_ends_while_a_clerk_renews(self):
        self.enrol()
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            self.memberships(env).write(
                {"date_start": date(self.year - 2, 1, 1), "date_end": date(self.year - 1, 12, 31)}
            )

        def job(env):
            env["loyalty.membership"]._cron_follow_the_calendar()

        failures = self.at_once(self.renew, job)
        with self.registry.cursor() as cr:
            membership = self.memberships(self.env_of(cr))
            events = membership.log_ids.mapped("event")
        if failures:  # the job was first
            self.assertIn("has ended", failures[0])
            self.assertEqual((events.count("ended"), events.count("renewed")), (1, 0))
        else:
            self.assertEqual((events.count("ended"), events.count("renewed")), (0, 1))
