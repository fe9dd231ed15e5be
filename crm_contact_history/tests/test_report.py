from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import SQL

from .test_touchpoint import TouchpointCase


class ReportCase(TouchpointCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letter = cls.env.ref("crm_contact_history.channel_letter")

    def call_ago(self, days=0, partner=None, hours=0, **values):
        call = self.call(partner, start=fields.Datetime.now() - timedelta(days=days, hours=hours), **values)
        self.Entry._sync()
        return call

    def ours(self, model, user=None, partners=None):
        """The rows of a report that speak of the customers of this test, as a person sees them."""
        partners = partners or self.siti | self.mill
        return self.env[model].with_user(user or self.admin).search([("commercial_partner_id", "in", partners.ids)])


@tagged("post_install", "-at_install")
class TestContactReport(ReportCase):
    def test_contacts_by_channel_person_month_and_outcome(self):
        for channel, user, outcome in (
            (self.phone, self.agus, self.settled),
            (self.phone, self.agus, False),
            (self.counter, self.chief, self.settled),
        ):
            self.call_ago(
                1, channel_id=channel.id, user_id=user.id, outcome_id=outcome and outcome.id, duration=24 + 10 / 60
            )
        self.order()
        self.Entry._sync()
        rows = self.ours("contact.history.report")
        grouped = rows._read_group(
            [("id", "in", rows.ids)], ["channel_id", "user_id", "outcome_id"], ["__count", "duration:sum"]
        )
        self.assertEqual(
            {
                (channel.code, user.name, outcome.code): (count, round((hours or 0) * 60))
                for channel, user, outcome, count, hours in grouped
            },
            {
                ("phone", "Agus", "done"): (1, 1450),
                ("phone", "Agus", False): (1, 1450),
                ("counter", "Chief", "done"): (1, 1450),
                (False, self.env.user.name, False): (1, 0),
            },
        )
        [[month, count]] = rows._read_group(
            [("id", "in", rows.ids), ("kind", "=", "touchpoint")], ["happened_at:month"], ["__count"]
        )
        self.assertEqual((month.day, count), (1, 3))

    def test_an_administrator_sees_all_and_the_front_desk_its_own(self):
        self.call_ago(user_id=self.agus.id)
        self.call_ago(user_id=self.chief.id)
        self.assertEqual(len(self.ours("contact.history.report")), 2)
        self.assertEqual(self.ours("contact.history.report", self.agus).user_id, self.agus)
        with self.assertRaises(AccessError):
            self.ours("contact.history.report", self.clerk)

    def test_no_report_crosses_companies(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        for at in range(6):
            self.call_ago(at, company_id=elsewhere.id, channel_id=self.letter.id)
        self.call_ago(7, company_id=elsewhere.id)
        for model in ("contact.history.report", "contact.answer.report", "contact.tie.report"):
            self.assertFalse(self.ours(model))
        self.admin.company_ids = [Command.link(elsewhere.id)]
        for model in ("contact.history.report", "contact.answer.report", "contact.tie.report"):
            self.assertTrue(
                self.env[model]
                .with_user(self.admin)
                .with_context(allowed_company_ids=elsewhere.ids)
                .search_count([("commercial_partner_id", "=", self.siti.id)])
            )

    def test_the_record_behind_a_row_opens_only_for_who_may_read_it(self):
        self.order(user_id=self.chief.id)
        self.Entry._sync()
        row = self.ours("contact.history.report")
        self.assertEqual(row.with_user(self.env.ref("base.user_admin")).action_open_record()["res_model"], "sale.order")
        with self.assertRaises(AccessError):
            row.action_open_record()


@tagged("post_install", "-at_install")
class TestAnswerReport(ReportCase):
    def letter_ago(self, hours_ago, direction="in", **values):
        return self.call_ago(hours=hours_ago, direction=direction, channel_id=self.letter.id, **values)

    def answers(self, **options):
        return [
            (row.is_answered, round(row.hours, 2))
            for row in self.ours("contact.answer.report", **options).sorted("asked_at")
        ]

    def test_from_the_first_question_to_the_next_contact_to_him(self):
        self.letter_ago(48)
        self.letter_ago(40)  # he writes again while he waits: the same question
        self.letter_ago(36, "out")
        self.letter_ago(10)
        self.letter_ago(9, "out")
        self.letter_ago(1)
        self.assertEqual(self.answers(), [(True, 12.0), (True, 1.0), (False, 0.0)])

    def test_a_word_on_the_phone_answers_and_is_no_question(self):
        self.letter_ago(10)
        self.call_ago(hours=7, direction="in")
        self.letter_ago(5)
        self.assertEqual(self.answers(), [(True, 3.0), (False, 0.0)])

    def test_another_customers_contact_answers_nothing(self):
        self.letter_ago(10)
        self.letter_ago(5, "out", partner=self.rina)
        self.assertEqual(self.answers(partners=self.siti), [(False, 0.0)])

    def test_a_colleague_of_his_company_gets_the_answer_for_both(self):
        self.letter_ago(10, partner=self.rina)
        self.letter_ago(5, "out", partner=self.mill)
        self.assertEqual(self.answers(partners=self.mill), [(True, 5.0)])

    def test_the_front_desk_sees_what_it_answered(self):
        self.letter_ago(10)
        self.letter_ago(8, "out", user_id=self.agus.id)
        self.assertEqual(self.answers(user=self.agus), [(True, 2.0)])
        self.assertEqual(self.answers(user=self.chief), [])


@tagged("post_install", "-at_install")
class TestTieReport(ReportCase):
    def test_who_had_most_contacts_knows_him(self):
        for user, times in ((self.agus, 3), (self.chief, 1)):
            for _i in range(times):
                self.call_ago(5, user_id=user.id)
        rows = self.ours("contact.tie.report", self.agus)
        self.assertEqual(
            [(row.user_id, row.contacts, row.share) for row in rows], [(self.agus, 3, 0.75), (self.chief, 1, 0.25)]
        )
        self.assertEqual(rows.mapped("hangs_on_one"), [False, False])

    def hanging(self):
        self.env.invalidate_all()
        return self.ours("contact.tie.report").filtered("hangs_on_one").user_id

    def test_a_tie_hangs_on_one_person_from_five_contacts_and_80_percent_on(self):
        for _i in range(4):
            self.call_ago(5)
        self.assertFalse(self.hanging())
        self.call_ago(5, user_id=self.chief.id)
        self.assertEqual(self.hanging(), self.agus)
        self.call_ago(5, user_id=self.chief.id)
        self.assertFalse(self.hanging())

    def test_what_lies_more_than_a_year_back_does_not_count(self):
        self.call_ago(370)
        self.assertFalse(self.ours("contact.tie.report"))

    def test_the_contact_of_a_company_opens_who_knows_the_company(self):
        self.call_ago(1, self.rina)
        action = self.rina.with_user(self.agus).action_who_knows()
        self.assertEqual(self.env["contact.tie.report"].search(action["domain"]).user_id, self.agus)

    def test_asked_for_one_customer_only_his_entries_are_read(self):
        """The condition stands at the table of entries, below the grouping; there its index serves it."""
        query = self.env["contact.tie.report"]._search([("commercial_partner_id", "=", self.siti.id)])
        plan = [line for (line,) in self.env.execute_query(SQL("EXPLAIN %s", query.select()))]
        grouping = next(at for at, line in enumerate(plan) if "Aggregate" in line)
        where = [at for at, line in enumerate(plan) if f"commercial_partner_id = {self.siti.id}" in line]
        self.assertTrue(where and min(where) > grouping, "\n".join(plan))


@tagged("post_install", "-at_install")
class TestQuietReport(ReportCase):
    def quiet(self, days, user=None):
        partners = self.env["res.partner"].with_user(user or self.agus)
        return partners.search(
            [("days_without_contact", ">=", days), ("id", "in", (self.siti | self.mill | self.rina).ids)]
        )

    def test_customers_without_contact_for_so_many_days(self):
        self.call_ago(100)
        self.call_ago(20, self.rina)
        self.assertEqual(self.quiet(90), self.siti)
        self.assertEqual(self.quiet(10), self.siti | self.mill)
        self.assertEqual(self.siti.with_user(self.agus).days_without_contact, 100)

    def test_an_internal_note_is_no_contact(self):
        self.call_ago(100)
        self.siti.message_post(body="note", message_type="comment", subtype_xmlid="mail.mt_note")
        self.Entry._sync()
        self.assertEqual(self.quiet(90), self.siti)

    def test_a_contact_in_another_company_is_none_here(self):
        self.call_ago(100)
        self.call_ago(5, company_id=self.env["res.company"].create({"name": "Elsewhere"}).id)
        self.assertEqual(self.quiet(90), self.siti)

    def test_a_number_of_days_that_is_none_is_refused(self):
        for days in (-1, 10**30, "many", True, float("nan")):
            with self.assertRaises(UserError, msg=str(days)[:20]):
                self.quiet(days)

    def known_for(self, days, partners=None, **values):
        """Contacts who were entered so many days ago; nobody has been in touch with them."""
        partners = partners or self.env["res.partner"].create({"name": "Never", **values})
        entered = fields.Datetime.now() - timedelta(days=days)
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE res_partner SET create_date = %s WHERE id = ANY(%s)", entered, partners.ids))
        self.env.invalidate_all()
        return partners

    def found(self, partners, *domain):
        return self.env["res.partner"].with_user(self.agus).search([*domain, ("id", "in", partners.ids)])

    def test_a_customer_never_contacted_is_without_contact_since_he_was_entered(self):
        never, of_late = self.known_for(100), self.known_for(20)
        both = never | of_late
        self.assertEqual(self.found(both, ("days_without_contact", ">=", 90)), never)
        self.assertEqual(self.found(both, ("days_without_contact", "<", 90)), of_late)
        [row] = never.with_user(self.agus).read(["last_contact", "days_without_contact", "contacted"])
        self.assertEqual((row["last_contact"], row["days_without_contact"], row["contacted"]), (False, 100, "never"))

    def test_those_never_contacted_are_told_from_those_contacted_before(self):
        never = self.known_for(100)
        self.known_for(100, self.siti)
        self.call_ago(95)
        both = never | self.siti
        quiet = ("days_without_contact", ">=", 90)
        self.assertEqual(self.found(both, quiet), both)
        self.assertEqual(self.found(both, quiet, ("contacted", "=", "never")), never)
        self.assertEqual(self.found(both, quiet, ("contacted", "=", "before")), self.siti)
        self.assertEqual(self.found(both, ("contacted", "!=", "never")), self.siti)
        self.assertEqual(self.siti.with_user(self.agus).contacted, "before")

    def test_never_contacted_are_customers_only(self):
        """Neither people of ours nor our companies, nor who only sells to us, nor the contacts of a company."""
        supplier = self.known_for(100, supplier_rank=1)
        none = self.rina | self.agus.partner_id | self.env.company.partner_id | supplier
        self.known_for(100, none)
        self.assertFalse(self.found(none, ("days_without_contact", ">=", 90)))
        self.assertFalse(self.found(none, ("contacted", "=", "never")))
        self.assertFalse(any(partner.contacted for partner in (none - self.rina).with_user(self.agus)))
        supplier.customer_rank = 1
        self.assertEqual(self.found(none, ("contacted", "=", "never")), supplier, "who also buys is a customer")

    def test_a_call_is_planned_with_who_was_never_contacted(self):
        never = self.known_for(100)
        self.plan(never)
        self.assertEqual(never.activity_ids.user_id, self.agus)

    def test_80_customers_cost_as_many_queries_as_one(self):
        partners = self.env["res.partner"].create([{"name": f"P {at}"} for at in range(80)])
        self.Touchpoint.create([{"partner_id": partner.id} for partner in partners[:40]])
        self.Entry._sync()
        names = ["days_without_contact", "last_contact", "contacted"]
        read = lambda records: records.with_user(self.agus).read(names)  # noqa: E731
        self.count_queries(lambda: read(partners))
        self.assertEqual(self.count_queries(lambda: read(partners)), self.count_queries(lambda: read(partners[0])))

    def plan(self, partners, **values):
        wizard = self.env["contact.plan.call"].with_user(self.agus)
        action = partners.with_user(self.agus).action_plan_calls()
        form = Form(wizard.with_context(**action["context"]))
        for name, value in values.items():
            form[name] = value
        return form.save().action_plan()

    def test_a_call_is_planned_with_many_at_once_and_never_twice(self):
        self.siti.user_id = self.chief
        self.plan(self.siti | self.mill, who="salesperson")
        self.plan(self.siti | self.mill)
        planned = (self.siti | self.mill).activity_ids
        self.assertEqual(
            [(a.res_id, a.user_id) for a in planned.sorted("res_id")],
            [(self.siti.id, self.chief), (self.mill.id, self.agus)],
        )

    def test_a_day_gone_by_too_many_or_nobody_is_refused(self):
        with self.assertRaisesRegex(UserError, "from today on"):
            self.plan(self.siti, date=fields.Date.today() - timedelta(days=1))
        many = self.env["res.partner"].create([{"name": f"P {at}"} for at in range(1001)])
        with self.assertRaisesRegex(UserError, "at most 1000"):
            self.env["contact.plan.call"].create({"partner_ids": many.ids}).action_plan()
        with self.assertRaisesRegex(UserError, "Choose the customers"):
            self.env["contact.plan.call"].create({"partner_ids": []}).action_plan()
        self.assertFalse(self.siti.activity_ids)

    def test_calls_with_100_customers_cost_hardly_more_than_with_one(self):
        partners = self.env["res.partner"].create([{"name": f"P {at}"} for at in range(101)])
        self.plan(partners[0])
        one = self.count_queries(lambda: self.plan(partners[0]))
        many = self.count_queries(lambda: self.plan(partners[1:]))
        self.assertLess(many - one, 25)
