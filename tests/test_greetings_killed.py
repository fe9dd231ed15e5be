"""Greetings with two jobs at the same time, and with a job that is killed: each person is greeted once, with one coupon."""

import time

import psycopg2
from odoo import Command, fields
from odoo.addons.crm_loyalty.tests.parallel_case import ParallelCase
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from tests.killing import SLOW_COMMITS, kill_when

PEOPLE, BATCH = 40, 5

SCRIPT = f"""{SLOW_COMMITS}
from odoo.addons.crm_loyalty.models import loyalty_greeting_job as job
job.GREETING_BATCH = {BATCH}
env['loyalty.occasion']._cron_greet()
"""


@tagged("post_install", "-at_install")
class TestGreetingsKilled(ParallelCase):
    NAME = "of the killed greetings"

    def make(self, env):
        club = self.make_club(env)
        today = fields.Date.today()
        partners = env["res.partner"].create(
            [
                {
                    "name": f"Member {number} {self.NAME}",
                    "email": f"member{number}@killed.example",
                    "tz": "UTC",
                    "birthday": today.replace(year=1992),
                }
                for number in range(PEOPLE)
            ]
        )
        club._enrol(partners)
        self.gift_id = (
            env["loyalty.program"]
            .create(
                {
                    "name": f"Gift {self.NAME}",
                    "program_type": "coupons",
                    "company_id": club.company_id.id,
                    "reward_ids": [Command.create({"reward_type": "discount", "discount": 10})],
                }
            )
            .id
        )
        occasion = env["loyalty.occasion"].create(
            {
                "name": f"Birthday {self.NAME}",
                "club_ids": club.ids,
                "company_id": club.company_id.id,
                "hour": 0,
                "gift_program_id": self.gift_id,
            }
        )
        occasion.write({"state": "running", "started_on": today})
        self.occasion_id = occasion.id

    def take_away(self):
        with self.transaction() as env:
            greetings = env["loyalty.greeting"].search([("occasion_id", "=", self.occasion_id)])
            env["mail.mail"].search([("mail_message_id", "in", greetings.message_id.ids)]).unlink()
            greetings.message_id.unlink()
            coupons = greetings.coupon_id
            greetings.unlink()
            coupons.unlink()
            env["loyalty.occasion"].browse(self.occasion_id).unlink()
            gift = env["loyalty.program"].browse(self.gift_id)
            gift.active = False
            gift.unlink()
        super().take_away()

    def ask(self, query):
        with self.registry.cursor() as cr:
            cr.execute(SQL(query, occasion=self.occasion_id, gift=self.gift_id))
            return cr.fetchall()

    def sent(self):
        [(count,)] = self.ask(
            "SELECT count(*) FROM loyalty_greeting WHERE occasion_id = %(occasion)s AND state = 'sent'"
        )
        return count

    def assertWhole(self):
        """Who is marked as greeted has one mail and one coupon; nobody else has any.

        :return: how many they are
        """
        [(sent, people, mails, recipients, coupons)] = self.ask(
            """
            SELECT count(*) FILTER (WHERE greeting.state = 'sent'), count(DISTINCT greeting.partner_id),
                   (SELECT count(*) FROM mail_mail mail JOIN mail_message message ON message.id = mail.mail_message_id
                     WHERE message.subject LIKE '%%of the killed greetings%%'),
                   (SELECT count(DISTINCT message.res_id) FROM mail_mail mail
                      JOIN mail_message message ON message.id = mail.mail_message_id
                     WHERE message.subject LIKE '%%of the killed greetings%%'),
                   (SELECT count(*) FROM loyalty_card WHERE program_id = %(gift)s)
              FROM loyalty_greeting greeting WHERE occasion_id = %(occasion)s
            """
        )
        self.assertEqual((mails, recipients, coupons), (sent,) * 3)
        self.assertIn(people, (0, PEOPLE))
        return sent

    def go_on(self):
        """As the next run of the job; the server takes a moment to notice the death."""
        deadline = time.monotonic() + 60
        while self.sent() < PEOPLE and time.monotonic() < deadline:
            try:
                with self.transaction() as env:
                    env["loyalty.occasion"]._cron_greet()
            except psycopg2.OperationalError:
                time.sleep(0.2)

    def test_killed_in_the_middle_everybody_is_greeted_once(self):
        kill_when(SCRIPT, lambda: self.sent() >= 2 * BATCH)
        half = self.assertWhole()
        self.assertTrue(2 * BATCH <= half < PEOPLE, half)
        self.go_on()
        self.assertEqual(self.assertWhole(), PEOPLE)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_jobs_at_once_greet_everybody_once(self):
        job = lambda env: env["loyalty.occasion"]._cron_greet()  # noqa: E731
        self.assertEqual(self.at_once(job, job), [None, None])
        self.assertEqual(self.assertWhole(), PEOPLE)
