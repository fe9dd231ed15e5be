from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger
from psycopg2 import errors

from .co_marketing_case import SIGNATURE, PactCase


@tagged("post_install", "-at_install")
class TestCoMarketingRedeem(PactCase):
    """Redeeming and voiding."""

    def test_a_redemption_keeps_what_was_given_and_the_terms_of_then(self):
        benefit = self.make_benefit(percent=10, settlement_kind="discount", settlement_figure=50)
        receipt = self.redeem(benefit, 250)
        self.assertTrue(receipt.name.startswith("R"))
        self.assertEqual((receipt.amount, receipt.discount, receipt.settlement_amount), (250, 25, 12.5))
        self.assertEqual((receipt.partner_id, receipt.tier_id), (self.siti, self.gold))
        self.assertEqual(receipt.version_id, benefit.version_id)

    def test_what_is_settled_follows_from_the_kind(self):
        for kind, figure, paid in (
            ("none", 0, 0), ("each", 7, 7), ("bill", 2, 5), ("discount", 40, 10), ("monthly", 900, 0), ("prepaid", 900, 25)
        ):  # fmt: skip
            benefit = self.make_benefit(settlement_kind=kind, settlement_figure=figure)
            self.assertEqual(self.redeem(benefit, 250).settlement_amount, paid, kind)

    def test_the_same_key_gives_back_the_first_receipt(self):
        benefit, key = self.make_benefit(limit_member=1), self.key()
        first = self.redeem(benefit, key=key)
        self.assertEqual(self.redeem(benefit, key=key), first)
        with self.assertRaisesRegex(UserError, "something else"):
            self.redeem(benefit, amount=99, key=key)
        self.assertEqual(self.redeem(amount=5, key=key, outlet=self.braga).outlet_id, self.braga)

    def test_bonus_points_go_through_the_ledger_and_back(self):
        benefit = self.make_benefit(kind="points", points=40)
        receipt = self.redeem(benefit, amount=None)
        self.assertEqual(self.member.card_id.points, 40)
        receipt._void("Wrong card")
        self.assertEqual(self.member.card_id.points, 0)
        self.assertEqual(self.member.card_id.ledger_entry_ids.mapped("points"), [-40, 40])

    def test_a_voided_use_can_be_used_again_and_stays_on_the_books(self):
        benefit = self.make_benefit(limit_member=1, limit_total=1, budget=10)
        receipt = self.redeem(benefit)
        self.assertFalse(self.offer(benefit).is_open)
        receipt._void("Wrong bill")
        receipt._void("Tapped twice")
        self.assertEqual((receipt.state, receipt.void_reason), ("voided", "Wrong bill"))
        self.assertEqual((self.offer(benefit).uses_left, self.offer(benefit).code), (1, ""))
        self.assertTrue(self.redeem(benefit))

    def test_voiding_needs_a_reason(self):
        receipt = self.redeem()
        for reason in ("", "  ", None, 7):
            with self.assertRaisesRegex(UserError, "Write why"):
                receipt._void(reason)

    def test_a_refusal_books_nothing(self):
        benefit = self.make_benefit(kind="points", points=5, limit_member=1)
        self.redeem(benefit, amount=None)
        with self.assertRaisesRegex(UserError, "as often as each member may"):
            self.redeem(benefit, amount=None)
        self.assertEqual(self.member.card_id.points, 5)
        self.assertEqual(benefit.agreement_id.redemption_count, 1)

    def test_bills_that_cannot_be_are_refused(self):
        for amount in (-1, 10**12, float("nan"), float("inf"), "12", True, 1.001):
            with self.assertRaises(UserError, msg=amount):
                self.redeem(amount=amount)
        self.assertFalse(self.agreement.redemption_count)

    def test_keys_that_are_none_are_refused(self):
        for key in ("", "short", None, "x" * 65, 12345678):
            with self.assertRaises(UserError, msg=key):
                self.dago._redeem(self.member, self.benefit, key, 10.0)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_to_change_or_delete_a_redemption(self):
        receipt = self.redeem()
        receipt._void("Wrong bill")
        for statement in (
            "UPDATE co_marketing_redemption SET amount = 1 WHERE id = %s",
            "UPDATE co_marketing_redemption SET state = 'done' WHERE id = %s",
            "DELETE FROM co_marketing_redemption WHERE id = %s",
        ):
            with self.assertRaises(errors.RestrictViolation), self.env.cr.savepoint():
                self.env.cr.execute(statement, [receipt.id])
        with self.assertRaises(UserError):
            receipt.amount = 1
        with self.assertRaises(UserError):
            receipt.unlink()

    def test_the_redemption_stands_in_the_members_history(self):
        receipt = self.redeem()
        entries = self.env["contact.history.entry"].with_user(self.clerk).history_page(self.siti.id)["entries"]
        found = [entry for entry in entries if entry["kind"] == "redemption"]
        self.assertEqual([entry["res_id"] for entry in found], receipt.ids)
        self.assertEqual(found[0]["title"], "10% off · Dago")

    def test_merged_contacts_have_used_it_together(self):
        benefit = self.make_benefit(limit_member=2)
        budi = self.club._enrol(self.budi)
        self.redeem(benefit)
        self.redeem(benefit, membership=budi)
        self.env["base.partner.merge.automatic.wizard"]._merge((self.siti | self.budi).ids, self.siti)
        self.env.invalidate_all()
        self.assertEqual(self.offer(benefit).code, "member")
        self.assertEqual(benefit.agreement_id.redemption_count, 2)

    def test_the_tally_made_anew_is_the_one_that_was_kept(self):
        benefit = self.make_benefit(limit_member=9, limit_total=9, budget=900)
        for amount in (100, 200, 300):
            receipt = self.redeem(benefit, amount)
        receipt._void("Wrong bill")
        read = "SELECT member_key, span, period, uses, discount FROM co_marketing_tally WHERE benefit_id = %s ORDER BY 1, 2, 3"
        self.env.cr.execute(read, [benefit.id])
        kept = self.env.cr.fetchall()
        self.env["co.marketing.tally"]._recount(benefit)
        self.env.cr.execute(read, [benefit.id])
        self.assertEqual(self.env.cr.fetchall(), kept)
        self.assertEqual(len(kept), 6)

    def test_uses_under_old_terms_count_under_new_ones(self):
        benefit = self.make_benefit(limit_member=2)
        old = self.redeem(benefit)
        agreement = benefit.agreement_id
        agreement.action_change_terms()
        draft = agreement.open_version_id
        draft.benefit_ids.percent = 20
        self.assertEqual(self.redeem(benefit, 100).discount, 10)  # the old terms hold until the new ones are accepted
        agreement.action_propose()
        draft._accept("Agus", SIGNATURE, self.agus)
        self.assertEqual((agreement.version_id, benefit.version_id.state), (draft, "replaced"))
        self.assertEqual(self.offer(draft.benefit_ids).code, "member")
        self.assertEqual(old.version_id.number, 1)

    def test_a_limit_that_new_terms_bring_counts_what_was_used_before(self):
        benefit = self.make_benefit()
        self.redeem(benefit)
        agreement = benefit.agreement_id
        agreement.action_change_terms()
        agreement.open_version_id.benefit_ids.limit_total = 1
        agreement.action_propose()
        agreement.open_version_id._accept("Agus", SIGNATURE, self.agus)
        self.assertEqual(self.offer(agreement.version_id.benefit_ids).code, "total")

    def test_a_cashier_voids_his_own_for_some_minutes_and_the_manager_later(self):
        self.make_staff()
        receipt = self.redeem().with_user(self.cashier).sudo()
        his, managers = self.people._of_user(self.cashier), self.people._of_user(self.boss)
        self.assertFalse(receipt._may_void(self.cashier, his))  # somebody else booked it
        self.assertTrue(receipt._may_void(self.env.user, his))
        self.env.flush_all()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=16)):
            self.assertFalse(receipt._may_void(self.env.user, his))
            self.assertTrue(receipt._may_void(self.boss, managers))
