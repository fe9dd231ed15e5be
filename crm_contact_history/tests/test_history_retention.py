from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from ..models import contact_history_retention
from .common import ContactHistoryCase

NOW = "2026-11-22 10:00:00"


@tagged("post_install", "-at_install")
class TestHistoryRetention(ContactHistoryCase):
    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(NOW))
        self.old = [self.order(date_order=datetime(2020, 1, day)) for day in range(1, 10)]
        self.new = self.order(date_order=datetime(2026, 1, 1))
        self.Entry._sync()

    def rule(self, **values):
        return self.env["contact.history.retention"].create({"kind": "quotation", "years": 3, **values})

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_contact_history.ir_cron_retention").method_direct_trigger()

    def titles(self):
        return [entry["title"] for entry in self.history(self.siti)]

    def test_what_is_older_than_its_years_leaves_the_history_and_its_record_stays(self):
        rule = self.rule()
        self.assertEqual(len(self.titles()), 10, "nothing goes before the job has run")
        self.run_cron()
        self.assertEqual(self.titles(), [self.new.name])
        self.assertEqual(rule.cutoff, datetime(2023, 11, 1))
        self.assertTrue(self.old[0].exists())

    def test_a_logged_contact_is_deleted_with_its_text(self):
        phone = self.env.ref("crm_contact_history.channel_phone")
        values = {"partner_id": self.siti.id, "channel_id": phone.id, "subject": "Her knee"}
        old, new = self.env["crm.touchpoint"].create(
            [{**values, "start": start} for start in ("2020-01-01", "2026-01-01")]
        )
        self.rule(kind="touchpoint", delete_records=True)
        self.run_cron()
        self.assertEqual((old.exists(), new.exists()), (old.browse(), new))

    def test_another_kind_stays(self):
        self.mail_to(self.siti, self.old[0])
        self.rule()
        self.run_cron()
        self.assertEqual(sorted(self.kinds(self.siti)), ["email", "quotation"])

    def test_a_rebuilt_history_equals_the_kept_one(self):
        self.rule()
        self.run_cron()
        kept = self.rows()
        self.assertEqual(kept, self.rebuilt_rows())
        self.assertEqual(len([row for row in kept if row[3] == self.siti.id]), 1)

    def test_a_changed_old_record_does_not_come_back(self):
        self.rule()
        self.run_cron()
        self.old[0].user_id = self.chief
        self.assertEqual(self.titles(), [self.new.name])
        self.old[0].date_order = datetime(2026, 2, 2)
        self.assertEqual(self.titles(), [self.old[0].name, self.new.name])
        self.assertEqual(self.rows(), self.rebuilt_rows())

    def test_the_cutoff_moves_on_with_the_months(self):
        rule = self.rule(years=6)
        self.run_cron()
        self.assertEqual(len(self.titles()), 1)
        self.new.date_order = datetime(2020, 12, 15)
        self.assertEqual(len(self.titles()), 1)
        with freeze_time("2027-01-02 00:00:00"):
            self.run_cron()
            self.assertEqual(rule.cutoff, datetime(2021, 1, 1))
            self.assertEqual(self.titles(), [])

    def test_a_stopped_run_goes_on_where_it_was(self):
        rule = self.rule()
        rule._move_cutoff()
        with patch.object(contact_history_retention, "BATCH", 4):
            first = self.Entry.search([], order="id", limit=1).id
            rule.next_id = first
            rule._step()
            self.assertEqual(rule.next_id, first + 4)
            self.assertFalse(rule.is_done)
            left = len(self.titles())
            self.assertLess(1, left)
            with patch.object(type(self.env["ir.cron"]), "_commit_progress", stop_after(2)):
                self.env["contact.history.retention"]._cron_retention()
            self.assertFalse(rule.is_done, "the time was up")
            self.assertLess(len(self.titles()), left)
            self.run_cron()
        self.assertTrue(rule.is_done)
        self.assertEqual(self.titles(), [self.new.name])

    def test_each_batch_is_of_one_statement_however_many_entries_there_are(self):
        rule = self.rule()
        rule._move_cutoff()
        self.env.flush_all()
        self.assertLessEqual(self.count_queries(rule._step), 4)

    def test_a_rule_of_one_company_leaves_the_others_alone(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids = [Command.link(elsewhere.id)]
        self.order(company_id=elsewhere.id, date_order=datetime(2020, 1, 1), user_id=False)
        self.rule(company_id=elsewhere.id)
        self.run_cron()
        kept = [row for row in self.rows() if row[3] == self.siti.id]
        self.assertEqual(len(kept), 10)
        self.assertEqual({row[5] for row in kept}, {self.env.company.id})
        self.assertEqual(self.rows(), self.rebuilt_rows())

    def test_more_years_or_no_rule_bring_back_what_was_left_out(self):
        rule = self.rule()
        self.run_cron()
        rule.years = 20
        self.assertEqual(len(self.titles()), 10)
        rule.years = 3
        self.run_cron()
        rule.unlink()
        self.assertEqual(len(self.titles()), 10)

    def test_the_owner_of_a_kind_deletes_its_own_records_in_batches(self):
        asked = []

        def retire(model, kind, cutoff, company, limit):
            asked.append((kind, cutoff, company.id, limit))
            return 3 - len(asked)

        with patch.object(type(self.env["sale.order"]), "_contact_history_retire", retire):
            self.rule(delete_records=True)
            self.run_cron()
        self.assertEqual(len(asked), 3, "asked until nothing is left")
        self.assertEqual(asked[0][:3], ("quotation", datetime(2023, 11, 1), False))
        self.assertEqual(self.titles(), [self.new.name])

    def test_without_a_rule_nothing_is_left_out_and_nothing_is_asked(self):
        self.assertFalse(self.env["contact.history.retention"]._is_in_force())
        self.run_cron()
        self.assertEqual(len(self.titles()), 10)

    def test_years_that_make_no_sense_and_a_second_rule_are_refused(self):
        for years in (0, -1, 101, 10**6):
            with self.assertRaises(ValidationError):
                self.rule(years=years)
        self.rule()
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.rule()

    def test_only_the_administrator_of_the_desk_sets_it(self):
        rule = self.rule()
        for user in (self.clerk, self.agus):
            with self.assertRaises(AccessError):
                rule.with_user(user).years = 1
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.rule(company_id=elsewhere.id)
        manager = self.chief
        manager.group_ids = [Command.link(self.env.ref("crm_contact_history.group_front_desk_manager").id)]
        rule.with_user(manager).years = 2
        with self.assertRaises(AccessError):
            foreign.with_user(manager).years = 1


def stop_after(calls):
    """A clock that lets so many batches pass."""
    left = [calls]

    def commit_progress(cron, processed=0, *, remaining=None, deactivate=False):
        left[0] -= 1
        return left[0]

    return commit_progress
