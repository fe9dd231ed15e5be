from contextlib import contextmanager
from datetime import datetime

from odoo.addons.mail.tests.common import MockEmail
from odoo.tests import freeze_time

from .common import ClubCase

NOON = datetime(2026, 6, 15, 12)  # the moment of these tests, in UTC


class OccasionCase(ClubCase, MockEmail):
    """A club with two members who have their birthday on 15 June, and an occasion that greets them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Jakarta"
        (cls.siti | cls.budi).write({"birthday": "1990-06-15", "tz": "Asia/Jakarta"})
        cls.siti.email, cls.budi.email = "siti@rahmawati.example", "budi@santoso.example"
        cls.enrol(cls.siti | cls.budi)
        cls.occasion = cls.make_occasion()

    @classmethod
    def enrol(cls, partners):
        """Members since a year before these tests."""
        with freeze_time("2025-06-15"):
            cls.club._enrol(partners)
            cls.env.flush_all()

    @classmethod
    def make_occasion(cls, start=True, **vals):
        """An occasion that has been running since 1 June 2026."""
        occasion = cls.env["loyalty.occasion"].create(
            {"name": "Birthday of our members", "company_id": cls.company.id, "club_ids": cls.club.ids, **vals}
        )
        if start:
            occasion.write({"state": "running", "started_on": "2026-06-01"})
        return occasion

    @contextmanager
    def at(self, moment):
        with freeze_time(moment), self.mock_mail_gateway():
            yield

    def greet(self, moment=NOON):
        """What the hourly job does at a moment, given in UTC.

        :return: contacts of the greetings that are sent by now
        """
        with self.at(moment), self.enter_registry_test_mode():
            self.env.ref("crm_loyalty.ir_cron_greetings").method_direct_trigger()
        self.env.invalidate_all()
        return self.greetings("sent").partner_id

    def greetings(self, state=None, occasion=None):
        domain = [("occasion_id", "=", (occasion or self.occasion).id)]
        return self.env["loyalty.greeting"].search(domain + ([("state", "=", state)] if state else []))
