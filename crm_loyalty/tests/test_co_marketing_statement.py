import random
from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import errors

from .co_marketing_case import SIGNATURE, PactCase

DAY = fields.Date.to_date("2026-03-10")


class StatementCase(PactCase):
    """Agreements that began in March; statements are made for days of then."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member.sudo().date_start = "2026-01-01"

    @classmethod
    def pact(cls, *benefits, **vals):
        """An agreement with benefits: (settlement, who pays, figure)."""
        return cls.make_agreement(
            [
                {
                    "name": f"Benefit {number}", "percent": 10, "settlement_kind": kind, "settlement_payer": payer,
                    "settlement_figure": figure,
                }
                for number, (kind, payer, figure) in enumerate(benefits)
            ],
            **{"date_start": "2026-03-01", **vals},
        )  # fmt: skip

    def use(self, agreement, amount=100.0, number=0, day=DAY):
        return self.redeem(
            agreement.version_id.benefit_ids[number], amount, moment=datetime.combine(day, datetime.min.time())
        )

    def post(self, statement):
        statement.action_send()
        statement._confirm(self.agus)
        statement.action_post()

    def settled(self, agreement, day="2026-03-31"):
        return agreement._settle(fields.Date.to_date(day))


@tagged("post_install", "-at_install")
class TestCoMarketingStatement(StatementCase):
    """What is in a statement, and that each thing is in one only."""

    def test_a_statement_is_the_sum_of_its_redemptions_whatever_was_used_and_voided(self):
        agreement = self.pact(("each", "us", 2.5), ("bill", "partner", 7), ("discount", "us", 33), ("none", "us", 0))
        dice = random.Random(7)
        rows = [self.use(agreement, dice.randint(1, 99999) / 100, dice.randrange(4)) for _row in range(25)]
        for row in dice.sample(rows, 6):
            row._void("Wrong")
        first = self.settled(agreement, "2026-03-15")
        for row in dice.sample([row for row in rows if row.state == "done"], 4):
            row._void("Wrong before it was posted")
        self.post(first)
        done = [row for row in rows if row.state == "done"]
        expected = sum(
            row.settlement_amount if row.settlement_payer == "partner" else -row.settlement_amount for row in done
        )
        self.assertAlmostEqual(first.total, expected, 6)
        self.assertEqual(first.line_count, len(done))
        self.assertAlmostEqual(first.total, first.owed_by_partner - first.owed_by_us, 6)
        for row in dice.sample(done, 5):
            row._void("Wrong after it was posted")
        rows += [self.use(agreement, dice.randint(1, 99999) / 100, dice.randrange(3)) for _row in range(5)]
        second = self.settled(agreement)
        expected = sum(
            row.settlement_amount if row.settlement_payer == "partner" else -row.settlement_amount
            for row in rows
            if row.state == "done"
        )
        self.assertAlmostEqual(first.total + second.total, expected, 6)

    def test_each_redemption_is_in_one_statement_and_late_ones_come_in_the_next(self):
        agreement = self.pact(("each", "us", 2))
        early = self.use(agreement)
        first = self.settled(agreement)
        late = self.use(agreement)  # of a day that was settled
        second = self.settled(agreement, "2026-04-30")
        self.assertEqual((first.line_ids.redemption_id, second.line_ids.redemption_id), (early, late))
        self.assertFalse(self.settled(agreement, "2026-04-30") or self.settled(agreement, "2026-05-31"))
        with mute_logger("odoo.sql_db"), self.assertRaises(errors.UniqueViolation), self.env.cr.savepoint():
            self.env.cr.execute(
                """INSERT INTO co_marketing_statement_line (statement_id, redemption_id, kind, agreement_id, company_id,
                     currency_id, state, happened_on, payer, amount)
                   SELECT %s, redemption_id, kind, agreement_id, company_id, currency_id, state, happened_on, payer, amount
                     FROM co_marketing_statement_line WHERE statement_id = %s""",
                [second.id, first.id],
            )

    def test_what_was_voided_after_posting_is_credited_once_in_the_next(self):
        agreement = self.pact(("each", "us", 2))
        one, two = self.use(agreement), self.use(agreement)
        first = self.settled(agreement)
        self.post(first)
        one._void("Too late")
        self.assertEqual((first.total, first.line_count), (-4, 2))
        second = self.settled(agreement, "2026-04-30")
        self.assertEqual((second.total, second.line_ids.kind, second.line_ids.redemption_id), (2, "credit", one))
        two._void("Later still")
        third = self.settled(agreement, "2026-05-31")
        self.assertEqual((third.total, third.line_ids.redemption_id), (2, two))

    def test_what_is_voided_before_posting_counts_no_more(self):
        agreement = self.pact(("each", "us", 2))
        one, _two = self.use(agreement), self.use(agreement)
        statement = self.settled(agreement)
        statement.action_send()
        one._void("In time")
        self.assertEqual((statement.total, statement.line_count), (-2, 1))
        statement._confirm(self.agus)
        statement.action_post()
        self.assertFalse(self.settled(agreement, "2026-04-30"))

    def test_each_month_is_paid_once_under_the_terms_at_its_end(self):
        agreement = self.pact(("monthly", "us", 50), date_start="2026-01-15")
        agreement.version_id.sudo().signed_on = "2026-01-10"
        agreement.action_change_terms()
        draft = agreement.open_version_id
        draft.benefit_ids.settlement_figure = 70
        agreement.action_propose()
        draft._accept("Agus", SIGNATURE, self.agus)
        draft.sudo().signed_on = "2026-02-20 08:00:00"
        first = self.settled(agreement, "2026-01-31")
        second = self.settled(agreement, "2026-04-15")
        self.assertEqual(first.line_ids.mapped("amount"), [-50])
        self.assertEqual(second.line_ids.mapped("amount"), [-70, -70, -70])
        self.assertFalse(self.settled(agreement, "2026-04-30"))

    def test_a_prepaid_budget_is_paid_once_and_then_used_up_until_it_is_renewed(self):
        agreement = self.pact(("prepaid", "partner", 500))
        self.use(agreement, 1000)
        first = self.settled(agreement)
        self.assertEqual((first.total, sum(first.line_ids.mapped("consumed"))), (500, 100))
        self.assertIn("400.00", first.prepaid_text)
        with self.assertRaisesRegex(UserError, "paid again"):
            first.action_renew_budget()
        self.use(agreement, 500)
        second = self.settled(agreement, "2026-04-30")
        self.assertEqual(second.total, 0)
        self.assertIn("350.00", second.prepaid_text)
        second.action_renew_budget()
        self.assertEqual(second.total, 500)
        self.assertIn("850.00", second.prepaid_text)
        self.assertIn("400.00", first.prepaid_text)

    def test_shared_costs_are_settled_once_and_only_when_that_was_agreed(self):
        agreement = self.pact(("each", "us", 2), shared_cost=300, shared_cost_percent=40)
        self.use(agreement)
        self.assertEqual(self.settled(agreement).total, -2)
        agreement.shared_cost_paid_by = "us"
        self.assertEqual(self.settled(agreement, "2026-04-30").total, 180)
        self.assertFalse(self.settled(agreement, "2026-05-31"))

    def test_the_job_drafts_each_month_or_quarter_that_is_over_once(self):
        start = fields.Date.start_of(self.today, "quarter") - timedelta(days=1)  # the last day of the last quarter
        agreement = self.pact(("monthly", "us", 50), date_start=start)
        quarterly = self.pact(("monthly", "us", 50), date_start=start, settlement_period="quarter")
        for _time in range(2):
            with self.enter_registry_test_mode():
                self.env.ref("crm_loyalty.ir_cron_co_marketing_statements").method_direct_trigger()
            over = fields.Date.start_of(agreement._today(), "month") - timedelta(days=1)
            self.assertEqual(agreement.settled_until, over)
            self.assertEqual(quarterly.settled_until, start)
            self.assertEqual(quarterly.statement_count, 1)
            months = (over.year - start.year) * 12 + over.month - start.month + 1
            self.assertEqual(agreement.statement_count, months)

    def test_the_button_makes_one_of_all_until_today(self):
        agreement = self.make_agreement([{"name": "Tea", "settlement_kind": "each", "settlement_figure": 1}])
        with self.assertRaisesRegex(UserError, "Nothing is to be settled"):
            agreement.action_make_statement()
        with self.assertRaises(AccessError):
            agreement.with_user(self.clerk).action_make_statement()
        agreement = self.make_agreement([{"name": "Tea", "settlement_kind": "each", "settlement_figure": 1}])
        self.redeem(agreement.version_id.benefit_ids)
        action = agreement.with_user(self.manager).action_make_statement()
        statement = self.env["co.marketing.statement"].browse(action["res_id"])
        self.assertEqual((statement.total, statement.state), (-1, "draft"))
        self.assertRegex(statement.name, r"^CMS/\d{4}/\d{4}$")
        self.assertEqual(agreement.action_open_statements()["domain"], [("agreement_id", "=", agreement.id)])

    def test_a_hundred_redemptions_cost_as_many_queries_as_one(self):
        def queries(uses):
            agreement = self.pact(("each", "us", 2))
            for _use in range(uses):
                self.use(agreement)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            statement = self.settled(agreement)
            self.env.flush_all()
            made = self.env.cr.sql_log_count
            self.env.invalidate_all()
            statement.with_user(self.manager).web_read(
                {"total": {}, "prepaid_text": {}, "line_ids": {"fields": {"display_name": {}, "amount": {}}}}
            )
            return made - start, self.env.cr.sql_log_count - made

        queries(1)
        one, many = queries(1), queries(40)
        self.assertLessEqual(many[0], one[0])
        self.assertLessEqual(many[1], one[1])


@tagged("post_install", "-at_install")
class TestCoMarketingStatementSteps(StatementCase):
    """Sent, disputed, confirmed, posted; and then for ever."""

    def sent(self, *benefits, uses=2):
        agreement = self.pact(*(benefits or [("each", "us", 2)]))
        for use in range(uses):
            self.use(agreement, number=use % len(agreement.version_id.benefit_ids))
        statement = self.settled(agreement)
        statement.with_user(self.manager).action_send()
        return statement

    def test_a_disputed_line_counts_no_more_and_the_rest_goes_on(self):
        statement = self.sent()
        line = statement.line_ids[0]
        with self.assertRaisesRegex(UserError, "why"):
            line._dispute(" ", self.agus)
        line._dispute("We had closed", self.agus)
        self.assertEqual((statement.total, statement.disputed_count, line.state), (-2, 1, "disputed"))
        statement._confirm(self.agus)
        statement.with_user(self.manager).action_post()
        self.assertEqual((statement.total, statement.line_count), (-2, 1))
        following = self.settled(statement.agreement_id, "2026-04-30")
        self.assertEqual((following.line_ids, following.total, line.state), (line, -2, "open"))

    def test_our_manager_puts_a_disputed_line_off_or_strikes_it(self):
        statement = self.sent(uses=3)
        for line in statement.line_ids[:2]:
            line._dispute("Never seen", self.agus)
        off, struck, fine = statement.line_ids
        with self.assertRaises(AccessError):
            struck.with_user(self.clerk)._strike("No")
        with self.assertRaises(UserError):
            fine.with_user(self.manager)._strike("Too late for what is not disputed")
        wizard = (
            self.env["co.marketing.strike"].with_user(self.manager).create({"line_id": struck.id, "reason": "Right"})
        )
        wizard.action_strike()
        off.with_user(self.manager).action_put_off()
        self.assertEqual((struck.state, struck.strike_reason, off.statement_id.id), ("struck", "Right", False))
        self.assertEqual((statement.total, statement.line_count), (-2, 1))
        off.redemption_id._void("The partner was right")
        struck.redemption_id._void("This one, too")
        self.post_confirmed(statement)
        self.assertFalse(self.settled(statement.agreement_id, "2026-04-30"))

    def post_confirmed(self, statement):
        statement._confirm(self.agus)
        statement.action_post()

    def test_each_step_has_its_time_and_its_people(self):
        statement = self.sent()
        for step in ("action_send", "action_post", "action_renew_budget"):
            with self.assertRaisesRegex(UserError, statement.name):
                getattr(statement.with_user(self.manager), step)()
        for step in ("action_send", "action_confirm", "action_post", "action_renew_budget"):
            with self.assertRaises(AccessError):
                getattr(statement.with_user(self.clerk), step)()
        with self.assertRaises(UserError):
            statement.sudo().unlink()

    def test_no_key_that_a_caller_sends_deletes_an_empty_statement(self):
        statement = self.sent()
        statement.line_ids.sudo().write({"statement_id": False, "state": "postponed"})
        with self.assertRaisesRegex(UserError, "never deleted"):
            statement.sudo().with_context(co_marketing_empty_statement=True).unlink()

    def test_what_is_posted_is_never_changed(self):
        statement = self.sent()
        self.post_confirmed(statement)
        line = statement.line_ids[0]
        for change in (
            lambda: statement.sudo().write({"total": 5}),
            lambda: statement.sudo().write({"state": "draft"}),
            lambda: statement.sudo().unlink(),
            lambda: line.sudo().write({"amount": 5}),
            lambda: line.sudo().write({"statement_id": False, "state": "postponed"}),
            lambda: line.sudo().unlink(),
            lambda: line.sudo().copy({"redemption_id": False}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        self.env.flush_all()
        for query in (
            "UPDATE co_marketing_statement SET total = 5 WHERE id = %(statement)s",
            "UPDATE co_marketing_statement SET state = 'draft' WHERE id = %(statement)s",
            "UPDATE co_marketing_statement_line SET amount = 5 WHERE id = %(line)s",
            "UPDATE co_marketing_statement_line SET dispute_reason = 'Words' WHERE id = %(line)s",
            "UPDATE co_marketing_statement_line SET statement_id = NULL, state = 'postponed' WHERE id = %(line)s",
            "DELETE FROM co_marketing_statement_line WHERE id = %(line)s",
            "DELETE FROM co_marketing_statement WHERE id = %(statement)s",
            """INSERT INTO co_marketing_statement_line (statement_id, kind, agreement_id, company_id, currency_id, state,
                 happened_on, payer, amount) SELECT id, 'shared', agreement_id, company_id, currency_id, 'open', date_to,
                 'us', 1 FROM co_marketing_statement WHERE id = %(statement)s""",
            "UPDATE co_marketing_redemption SET is_settled = FALSE"
            " WHERE id IN (SELECT redemption_id FROM co_marketing_statement_line WHERE id = %(line)s)",
        ):
            with self.assertRaises(errors.RestrictViolation, msg=query), mute_logger("odoo.sql_db"):
                with self.env.cr.savepoint():
                    self.env.cr.execute(query, {"statement": statement.id, "line": line.id})

    def test_who_pays_decides_whether_it_is_an_invoice_or_a_bill(self):
        for benefits, kind, amounts in (
            ([("each", "us", 2)], "in_invoice", [4]),
            ([("each", "partner", 3)], "out_invoice", [6]),
            ([("each", "partner", 9), ("each", "us", 2)], "out_invoice", [9, -2]),
            ([("each", "us", 2), ("each", "partner", 9)], "out_invoice", [-2, 9]),
            ([("each", "us", 9), ("each", "partner", 2)], "in_invoice", [9, -2]),
        ):
            statement = self.sent(*benefits)
            self.post_confirmed(statement)
            move = statement.move_id
            self.assertEqual((move.move_type, move.state, move.ref), (kind, "posted", statement.name))
            self.assertEqual(move.partner_id, self.warung)
            self.assertEqual(move.invoice_line_ids.mapped("price_unit"), amounts)
            self.assertAlmostEqual(move.amount_untaxed, abs(statement.total), 6)
            self.assertRegex(move.invoice_line_ids[0].name, r"Benefit 0 · Redemption: [12] ")

    def test_when_credits_outweigh_the_rest_it_is_a_credit_note(self):
        for payer, kind in (("us", "in_refund"), ("partner", "out_refund")):
            statement = self.sent(("each", payer, 2))
            self.post_confirmed(statement)
            statement.line_ids.redemption_id[0]._void("Too late")
            following = self.settled(statement.agreement_id, "2026-04-30")
            self.post(following)
            move = following.move_id
            self.assertEqual((move.move_type, move.amount_untaxed, move.state), (kind, 2, "posted"))

    def test_where_nothing_is_paid_nothing_is_booked(self):
        statement = self.sent(("none", "us", 0))
        self.post_confirmed(statement)
        self.assertEqual((statement.state, statement.move_id.id), ("posted", False))

    def test_it_is_settled_and_billed_in_the_agreements_currency(self):
        rupiah = self.env.ref("base.IDR")
        rupiah.write({"active": True, "rounding": 1})
        agreement = self.pact(("bill", "us", 3.3), currency_id=rupiah.id)
        for _use in range(3):
            self.use(agreement, 100_025)
        statement = self.settled(agreement)
        self.post(statement)
        self.assertEqual((statement.total, statement.currency_id), (-9903, rupiah))  # three times 3,301, rounded each
        self.assertEqual((statement.move_id.currency_id, statement.move_id.amount_untaxed), (rupiah, 9903))

    def test_only_people_of_clubs_and_of_the_company_read_statements(self):
        statement = self.sent()
        self.make_staff()
        other = self.env["res.company"].create({"name": "Other"})
        elsewhere = new_test_user(
            self.env,
            "elsewhere",
            "crm_loyalty.group_club_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for records in (statement, statement.line_ids):
            for user in (self.employee, self.cashier, self.boss, elsewhere):
                self.assertFalse(records.with_user(user).has_access("read"), user.login)
            for user in (self.clerk, self.manager):
                self.assertTrue(records.with_user(user).has_access("read"))
                for right in ("write", "create", "unlink"):
                    self.assertFalse(records.with_user(user).has_access(right), (user.login, right))
        with self.assertRaises(AccessError):
            statement.with_user(elsewhere).action_post()

    def test_words_about_a_line_are_emptied_when_the_contact_is_anonymised_also_when_posted(self):
        statement = self.sent()
        line = statement.line_ids[0]
        line._dispute("Agus was ill", self.agus)
        line._put_off()
        following = self.settled(statement.agreement_id, "2026-04-30")
        self.post(following)
        self.agus._anonymise_records()
        self.assertEqual((line.statement_id, line.dispute_reason), (following, False))
