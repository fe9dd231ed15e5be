from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import ServiceDeskHttpCase
from .test_reports import ReportCase


class ReviewCase(ReportCase):
    def page(self, user=None, **values):
        self.env.flush_all()
        values = {"month": "2026-10-15", "company_id": self.company.id, **values}
        return self.env["service.review"].with_user(user or self.manager).create(values)._page()

    def row(self, page, label):
        return next(row for section in page["sections"] for row in section["rows"] if row["label"] == label)

    def feedback(self, ticket, day=10, **marks):
        feedback = self.env["service.feedback"].create(
            {
                "ticket_id": ticket.id,
                "closed_on": datetime(2026, 10, day),
                "answered_on": datetime(2026, 10, day, 12),
                "user_id": self.agent.id,
                **marks,
            }
        )
        return feedback


@tagged("post_install", "-at_install")
class TestMonthlyReview(ReviewCase):
    def test_it_sets_the_month_beside_the_month_before(self):
        self.complaint(1)
        self.complaint(31, self.budi)
        self.new_ticket(date_received=datetime(2026, 9, 30, 12))
        self.new_ticket(date_received=datetime(2026, 11, 1, 12))
        page = self.page()
        self.assertEqual(self.row(page, "Received")["cells"], ["2", "1"])
        self.assertEqual(self.row(page, "Open at the end")["cells"], ["3", "1"])

    def test_every_figure_opens_as_many_records_as_it_says(self):
        self.complaint(1, severity="high", safety_concern=True)
        self.complaint(2)
        self.complaint(3, self.budi)
        page = self.page()
        for label in ("Received", "High or critical", "With a safety concern", "Open at the end"):
            row = self.row(page, label)
            self.assertEqual(str(self.env[row["model"]].search_count(row["domain"])), row["cells"][0], label)
        self.assertEqual(self.row(page, "Recurrence")["cells"][0], "33 %")

    def test_a_share_of_satisfied_customers_has_its_number_and_its_interval(self):
        for day in range(1, 21):
            ticket = self.complaint(day, self.budi if day % 2 else self.siti)
            self.feedback(ticket, day, csat=5 if day <= 15 else 2, ces=6)
        cell = self.row(self.page(), "Satisfied with the answer (CSAT)")["cells"][0]
        self.assertEqual(cell, "75 % of 20 (95 %: 53 to 89 %)")
        self.assertIn("6.0 from 20 answers", self.row(self.page(), "How easy it was (CES)")["cells"][0])

    def test_few_answers_are_said_to_be_few(self):
        self.feedback(self.complaint(1), csat=5, ces=7)
        page = self.page()
        self.assertIn("too few answers", self.row(page, "Satisfied with the answer (CSAT)")["cells"][0])
        self.assertIn("too few answers", self.row(page, "How easy it was (CES)")["cells"][0])
        self.assertEqual(self.row(page, "Satisfied with the handling")["cells"][0], "no answers")

    def test_the_causes_are_those_of_the_month_the_most_frequent_first(self):
        other = self.env["service.root.cause"].create({"name": "Late van"})
        for day in (1, 2, 3):
            self.complaint(day)
        self.complaint(4, root_cause_id=other.id)
        page = self.page()
        causes = next(section for section in page["sections"] if section["title"] == "Top causes")["rows"]
        self.assertEqual([row["label"] for row in causes], ["Seal worn out", "Late van"])
        self.assertEqual([row["cells"][:2] for row in causes], [["3", "75 %"], ["1", "100 %"]])

    def test_open_actions_stand_there_with_owner_and_day_and_overdue_ones_are_to_be_decided_on(self):
        self.env["service.action"].create(
            {
                "ticket_id": self.complaint(1).id,
                "text": "Order seals",
                "user_id": self.leader.id,
                "date_due": "2026-10-02",
            }
        )
        page = self.page()
        self.assertEqual(self.row(page, "Order seals")["cells"][1], "Lina")
        self.assertIn("overdue", self.row(page, "Order seals")["cells"][2])
        self.assertIn("Overdue actions: 1.", " ".join(page["decisions"]))

    def test_what_is_to_be_decided_follows_from_the_figures(self):
        self.assertEqual(self.page()["decisions"], ["Nothing of the figures asks for a decision."])
        self.complaint(1, safety_concern=True, root_cause_id=False)
        decisions = " ".join(self.page()["decisions"])
        for words in ("safety concern", "no root cause", "More came in than was done"):
            self.assertIn(words, decisions)

    def test_each_agent_stands_there_with_what_he_has_done_and_how_customers_found_it(self):
        done = [self.complaint(day, user_id=self.agent.id) for day in (1, 2)]
        self.complaint(3, user_id=self.leader.id)
        for ticket in done:
            ticket.stage_id = self.stage("resolved")
            ticket.date_closed = datetime(2026, 10, 9, 12)
        self.feedback(done[0], csat_handling=5)
        section = next(one for one in self.page()["sections"] if one["title"] == "Who handled them")
        [row] = section["rows"]
        self.assertEqual((row["label"], row["cells"][0], row["cells"][2]), ("Agus Pratama", "2", "7.5 days"))
        self.assertIn("100 % of 1", row["cells"][4])
        self.assertEqual(self.env[row["model"]].search_count(row["domain"]), 2)

    def test_time_by_stage_is_counted_in_working_hours(self):
        """From Friday 16:00 to Monday 9:00 of a calendar of 8 to 17 with a break at noon: two hours."""
        calendar = self.env["resource.calendar"].create({"name": "Desk", "tz": "UTC"})
        self.team.calendar_id = calendar
        ticket = self.complaint(9)
        self.env.cr.precommit.run()
        ticket.stage_id = self.stage("in_progress")
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE service_ticket SET create_date = '2026-10-09 16:00' WHERE id = %s", ticket.id))
        self.env.cr.execute(
            SQL(
                """UPDATE mail_tracking_value v SET create_date = '2026-10-12 09:00' FROM mail_message m
                    WHERE m.id = v.mail_message_id AND m.model = 'service.ticket' AND m.res_id = %s""",
                ticket.id,
            )
        )
        self.env.invalidate_all()
        self.assertEqual(self.row(self.page(), ticket.stage_id.search([("category", "=", "new")], limit=1).name)["cells"],
                         ["1", "2.0 h", "2.0 h"])  # fmt: skip

    def test_a_leaders_review_holds_his_teams_only(self):
        theirs = self.env["service.team"].create({"name": "Board", "member_ids": self.manager.ids})
        self.complaint(1)
        self.complaint(2, team_id=theirs.id)
        self.assertEqual(self.row(self.page(self.leader), "Received")["cells"][0], "1")
        self.assertEqual(self.row(self.page(self.manager), "Received")["cells"][0], "2")
        self.assertEqual(self.row(self.page(team_id=theirs.id), "Received")["cells"][0], "1")

    def test_agents_employees_and_customers_get_no_review(self):
        for user in (self.agent, self.employee, self.siti_user):
            with self.assertRaises(AccessError):
                self.env["service.review"].with_user(user).monthly_review("2026-10-01")
            with self.assertRaises(AccessError):
                self.env["service.review"].with_user(user).print_review("2026-10-01")

    def test_a_hundred_complaints_cost_as_many_queries_as_one(self):
        customers = self.env["res.partner"].create([{"name": f"Customer {n}"} for n in range(100)])

        self.complaint(1, customers[0], root_cause_id=self.seal.id)
        for n, customer in enumerate(customers[1:]):
            ticket = self.complaint(1 + n % 28, customer)
            ticket.date_received = datetime(2026, 8, 1 + n % 28)
        few = self.env["service.review"].with_user(self.manager).create({"month": "2026-10-01"})
        many = self.env["service.review"].with_user(self.manager).create({"month": "2026-08-01"})
        self.assertEqual(self.row(few._page(), "Received")["cells"][0], "1")
        self.assertEqual(self.row(many._page(), "Received")["cells"][0], "99")
        self.assertSameQueries(lambda review: review._page(), few, many)


@tagged("post_install", "-at_install")
class TestPareto(ReportCase):
    def chart(self, user=None, **values):
        self.env.flush_all()
        values = {"date_from": "2026-10-01", "date_to": "2026-10-31", **values}
        return self.env["service.ticket.report"].with_user(user or self.manager).pareto_chart(**values)

    def test_bars_are_in_order_and_each_opens_its_complaints(self):
        van = self.env["service.root.cause"].create({"name": "Late van"})
        for day, cause in enumerate((van, van, van, self.seal, self.env["service.root.cause"]), 1):
            self.complaint(day, root_cause_id=cause.id)
        chart = self.chart()
        self.assertEqual([(bar["label"], bar["value"], bar["cumulative"]) for bar in chart["bars"]],
                         [("Late van", 3, 0.75), ("Seal worn out", 1, 1)])  # fmt: skip
        self.assertEqual((chart["total"], chart["unknown"], chart["number"]), (4, 1, 5))
        for bar in chart["bars"]:
            self.assertEqual(self.env["service.ticket.report"].search_count(bar["domain"]), bar["value"])
        self.assertEqual(self.env["service.ticket.report"].search_count(chart["unknown_domain"]), 1)

    def test_by_every_dimension_and_measure(self):
        self.complaint(1, severity="high")
        for dimension in ("category_id", "product_id", "branch_id", "team_id", "channel", "severity"):
            for measure in ("tickets", "cost"):
                self.chart(dimension=dimension, measure=measure)
        self.assertEqual([bar["label"] for bar in self.chart(dimension="severity")["bars"]], ["High"])

    def test_what_is_no_dimension_measure_or_period_is_refused(self):
        for nonsense in ({"dimension": "partner_id"}, {"measure": "x"}, {"date_from": "2026-11-02"}):
            with self.assertRaises(UserError):
                self.chart(**nonsense)

    def test_agents_see_no_chart(self):
        with self.assertRaises(AccessError):
            self.chart(self.agent)


@tagged("post_install", "-at_install")
class TestLookingBackTours(ServiceDeskHttpCase, ReviewCase):
    def setUp(self):
        super().setUp()
        today = datetime.now().replace(day=1, hour=12) - timedelta(days=3)
        for partner, name in ((self.siti, "Cold coffee again"), (self.budi, "Wrong bill")):
            self.new_ticket(partner, name=name, date_received=today, root_cause_id=self.seal.id)
        for csat in (5, 5, 4, 1):
            values = {"csat": csat, "ces": 6, "team_id": self.team.id, "answered_on": today, "closed_on": today}
            self.feedback(self.new_ticket(), **values)
        self.env.flush_all()

    def test_the_manager_opens_the_register_and_prints_it(self):
        self.start_tour(
            "/odoo/complaint-register", "crm_service_desk.complaint_register", login=self.manager.login, timeout=120
        )

    def test_the_leader_reads_the_monthly_review_and_opens_a_figure(self):
        self.start_tour("/odoo/monthly-review", "crm_service_desk.monthly_review", login=self.leader.login, timeout=120)

    def test_the_leader_finds_the_vital_few_and_what_customers_say(self):
        self.start_tour("/odoo/complaints-pareto", "crm_service_desk.pareto", login=self.leader.login, timeout=120)

    def test_the_review_is_a_page_for_who_asked_for_it_and_for_nobody_else(self):
        review = self.env["service.review"].with_user(self.manager).create({"month": "2026-10-01"})
        name = "crm_service_desk.report_monthly_review"
        self.enter(self.manager)
        page = self.url_open(f"/report/html/{name}/{review.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("What to decide", page.text)
        for user in (self.leader, self.agent, self.employee, self.siti_user, None):
            self.enter(user)
            for kind in ("html", "pdf"):
                answer = self.url_open(f"/report/{kind}/{name}/{review.id}")
                self.assertNotIn("What to decide", answer.text)
                self.assertNotEqual(answer.headers["Content-Type"], "application/pdf")
