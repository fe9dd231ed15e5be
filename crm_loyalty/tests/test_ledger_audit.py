from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .test_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestAudit(LedgerCase):
    def audit(self):
        return self.env["loyalty.ledger.audit"]._audit().filtered(lambda audit: audit.company_id == self.company)

    def spoil(self, points):
        """Change the points behind the back of the ledger."""
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE loyalty_card SET points = points + %s WHERE id = %s", points, self.card.id))
        self.env.invalidate_all()

    def test_cards_that_match_are_counted_and_nobody_is_alarmed(self):
        self.card._book(10, "gift", "test/gift")
        audit = self.audit()
        self.assertGreaterEqual(audit.card_count, 1)
        self.assertFalse(audit.mismatch_count or audit.activity_ids)

    def test_a_card_that_does_not_match_is_listed_and_a_manager_gets_a_task(self):
        self.card._book(10, "gift", "test/gift")
        self.spoil(5)
        audit = self.audit()
        self.assertEqual([(line.card_id, line.points, line.ledger, line.difference) for line in audit.line_ids], [
            (self.card, 15, 10, 5)])  # fmt: skip
        self.assertTrue(audit.activity_ids.user_id.has_group("crm_loyalty.group_club_manager"))
        self.assertIn("1 cards do not match", audit.message_ids[0].body)
        self.spoil(-5)

    def test_the_job_and_the_button_do_it(self):
        before = self.env["loyalty.ledger.audit"].search_count([])
        with self.enter_registry_test_mode():
            self.env.ref("crm_loyalty.ir_cron_points_audit").method_direct_trigger()
        self.env["loyalty.ledger.audit"].with_user(self.manager).action_audit_now()
        self.assertGreaterEqual(self.env["loyalty.ledger.audit"].search_count([]), before + 2)

    def test_only_a_manager_audits_and_sees_audits(self):
        with self.assertRaises(AccessError):
            self.env["loyalty.ledger.audit"].with_user(self.clerk).action_audit_now()
        with self.assertRaises(AccessError):
            self.env["loyalty.ledger.audit"].with_user(self.clerk).search([])

    def test_one_card_and_a_hundred_cost_the_same(self):
        def queries():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["loyalty.ledger.audit"]._audit()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        partners = self.env["res.partner"].create([{"name": f"M{number}"} for number in range(100)])
        self.club._enrol(partners).card_id.points = 5
        self.assertEqual(queries(), few)


@tagged("post_install", "-at_install")
class TestOtherCompany(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls.env["res.company"].create({"name": "Other"})
        cls.stranger = new_test_user(
            cls.env,
            "stranger",
            "crm_loyalty.group_club_manager,sales_team.group_sale_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        cls.card._book(10, "gift", "test/gift")
        cls.card._book(-3, "redeem", "test/spent")

    def test_sees_no_entry_allocation_reminder_or_audit_of_ours(self):
        self.env["loyalty.ledger.audit"]._audit()
        lot = self.entries()[0]
        self.env["loyalty.ledger.reminder"].create({"lot_id": lot.id, "card_id": self.card.id})
        for model in ("entry", "allocation", "reminder", "audit", "audit.line"):
            found = self.env[f"loyalty.ledger.{model}"].with_user(self.stranger).search([])
            self.assertNotIn(self.company, found.sudo().company_id, model)

    def test_redeems_and_adjusts_nothing_of_ours(self):
        with self.assertRaises(AccessError):
            self.card.with_user(self.stranger).redeem_points(1, "till-1-0001")
        with self.assertRaises(AccessError):
            self.card.with_user(self.stranger).adjust_points(1, "mine now")

    def test_reads_no_liability_of_ours(self):
        wizard = self.env["loyalty.liability.wizard"].with_user(self.stranger).create({})
        wizard.action_compute()
        self.assertNotIn(self.club.program_id.id, wizard.line_ids.sudo().program_id.ids)
