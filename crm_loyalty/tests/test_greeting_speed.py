from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .occasion_case import NOON, OccasionCase


@tagged("post_install", "-at_install")
class TestGreetingSpeed(OccasionCase):
    """One person and a hundred cost the same number of queries."""

    def members(self, count, birthday):
        partners = self.env["res.partner"].create(
            [
                {
                    "name": f"Member {number}",
                    "email": f"{birthday}-{number}@example.com",
                    "phone": f"+62 812 5550 {number:04}",
                    "tz": "Asia/Jakarta",
                    "birthday": birthday,
                }
                for number in range(count)
            ]
        )
        self.enrol(partners)

    def queries(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def greet_on(self, day):
        """Queries of planning and greeting on a day of June."""
        moment = NOON.replace(day=day)
        with self.at(moment):
            return self.queries(lambda: (self.occasion._plan(moment), self.env["loyalty.greeting"]._greet_next(moment)))

    def assertSameQueries(self):
        (self.siti | self.budi).birthday = False
        for count, day in ((2, 4), (1, 8), (100, 12)):
            self.members(count, f"1990-06-{day:02}")
        warm, one, many = (self.greet_on(day) for day in (4, 8, 12))
        self.assertEqual(len(self.greetings("sent")), 103)
        self.assertLessEqual(many, one + 3, f"{warm} queries for 2, {one} for 1, {many} for 100")

    def test_mails_with_gifts(self):
        self.occasion.gift_program_id = self.env["loyalty.program"].create(
            {
                "name": "A free cup",
                "program_type": "coupons",
                "company_id": self.company.id,
                "reward_ids": [Command.create({"reward_type": "discount", "discount": 10})],
            }
        )
        self.assertSameQueries()

    def test_texts_that_tell_the_years_of_a_membership(self):
        self.occasion.kind = "membership"

        def texts(count, birthday):
            self.members(count, birthday)
            born = self.env["res.partner"].search([("birthday", "=", birthday)])
            born._running_memberships().date_start = "2020-06-15"
            greetings = self.env["loyalty.greeting"].create(
                [
                    {
                        "occasion_id": self.occasion.id,
                        "partner_id": partner.id,
                        "date": "2026-06-15",
                        "send_on": "2026-06-15",
                    }
                    for partner in born
                ]
            )
            self.found = []
            queries = self.queries(lambda: self.found.append(greetings._texts(self.occasion, ("body_html",))))
            self.assertIn("6", self.found[0][greetings[-1:].id]["body_html"])
            self.assertEqual(greetings.mapped("years"), [6] * count)
            return queries

        _warm, one, many = texts(2, "1991-01-01"), texts(1, "1991-01-02"), texts(100, "1991-01-03")
        self.assertLessEqual(many, one + 1)

    def test_calls(self):
        self.occasion.channel = "call"
        self.assertSameQueries()

    def test_previews_and_figures(self):
        self.members(1, "1990-06-20")
        preview = lambda: self.occasion.action_preview()  # noqa: E731
        with self.at(NOON):
            preview()
            one = self.queries(preview)
            self.members(100, "1990-06-21")
            preview()
            many = self.queries(preview)
            self.assertLessEqual(many, one + 3, f"{one} queries for a few, {many} for 100 more")
        names = ("sent_count", "coupon_used_count")
        few = self.occasion
        many = few | self.env["loyalty.occasion"].create([{"name": f"Occasion {number}"} for number in range(20)])
        read = [self.queries(lambda lot=lot: [lot.mapped(name) for name in names]) for lot in (few, many)]
        self.assertEqual(read[0], read[1])

    def test_birthdays_and_anniversaries_of_a_day_are_found_by_their_index(self):
        self.env.cr.execute(SQL("SET LOCAL enable_seqscan = off"))  # a few rows would be read faster without
        days = self.occasion._days_sql([NOON.date()])
        for whose, index in (
            (self.occasion._whose_birthday_sql(days), "res_partner_birthday_year_day_idx"),
            (self.occasion._whose_membership_sql(days), "loyalty_membership_start_year_day_idx"),
        ):
            plan = self.env.execute_query(SQL("EXPLAIN %s", whose))
            self.assertIn(index, " ".join(row[0] for row in plan))
