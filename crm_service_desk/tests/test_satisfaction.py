from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .test_monthly_review import ReviewCase

OCTOBER = {"date_from": "2026-10-01", "date_to": "2026-10-31"}


@tagged("post_install", "-at_install")
class TestSatisfaction(ReviewCase):
    """CSAT and CES side by side, with the number of answers and how sure the figure is."""

    def satisfaction(self, by="team", user=None, **filters):
        self.env.flush_all()
        return self.env["service.feedback"].with_user(user or self.manager).satisfaction(by, **{**OCTOBER, **filters})

    def answered(self, number, day=10, ticket=None, **marks):
        marks = {"team_id": self.team.id, **marks}
        ticket = ticket or self.complaint(day, self.budi)
        for hour in range(number):
            self.feedback(ticket, day, **{"closed_on": datetime(2026, 10, day, hour), **marks})

    def test_a_share_has_its_number_and_wilsons_interval(self):
        """15 of 20: from 53.1 to 88.8 % (Wilson 1927, by the formula of Newcombe 1998)."""
        self.answered(15, csat=5)
        self.answered(5, csat=2)
        [row] = self.satisfaction()["rows"]
        csat = row["csat"]
        self.assertEqual(
            (row["label"], csat["number"], csat["share"], csat["is_few"]), (self.team.name, 20, 0.75, False)
        )
        self.assertEqual((round(csat["low"], 3), round(csat["high"], 3)), (0.531, 0.888))
        self.assertEqual(row["csat_handling"]["share"], None)

    def test_a_mean_has_its_number_and_students_interval_within_the_scale(self):
        """7, 7, 5, 7: 6.5 ± 3.1824 × 1 / √4, cut off at 7."""
        self.answered(3, ces=7)
        self.answered(1, ces=5)
        ces = self.satisfaction()["total"]["ces"]
        self.assertEqual((ces["number"], ces["mean"], ces["high"], ces["is_few"]), (4, 6.5, 7, True))
        self.assertAlmostEqual(ces["low"], 6.5 - 3.18245 / 2, 4)

    def test_one_answer_has_no_interval_of_its_mean(self):
        self.answered(1, ces=6)
        ces = self.satisfaction()["total"]["ces"]
        self.assertEqual((ces["mean"], ces["low"], ces["high"]), (6, None, None))

    def test_by_month_team_category_and_agent_each_opens_its_answers(self):
        taste = self.env["service.category"].create({"name": "Taste"})
        self.answered(2, day=3, ticket=self.complaint(3, category_id=taste.id), csat=4)
        self.answered(3, csat=1, user_id=self.leader.id, team_id=False)
        september = self.feedback(self.complaint(1), csat=5, answered_on=datetime(2026, 9, 30, 12))
        found = {
            by: [(row["label"], row["number"]) for row in self.satisfaction(by, date_from="2026-09-01")["rows"]]
            for by in ("month", "team", "category", "agent")
        }
        self.assertEqual(found["month"], [("September 2026", 1), ("October 2026", 5)])
        self.assertEqual(found["team"], [(self.team.name, 2), ("None", 4)])
        self.assertEqual(found["category"], [("Taste", 2), ("None", 4)])
        self.assertEqual(found["agent"], [("Agus Pratama", 3), ("Lina", 3)])
        for by in found:
            result = self.satisfaction(by, date_from="2026-09-01")
            for row in [*result["rows"], result["total"]]:
                self.assertEqual(september.search_count(row["domain"]), row["number"], (by, row["label"]))

    def test_of_one_team_and_one_type(self):
        question = self.complaint(5, type="question")
        self.answered(2, ticket=question, csat=5)
        self.answered(3, csat=5, team_id=False)
        self.assertEqual(self.satisfaction(team_id=self.team.id)["total"]["number"], 2)
        self.assertEqual(self.satisfaction(ticket_type="complaint")["total"]["number"], 3)

    def test_how_many_were_asked_stands_beside_it(self):
        self.answered(1, csat=5, sent_on=datetime(2026, 10, 2))
        self.feedback(self.complaint(2), answered_on=False, sent_on=datetime(2026, 10, 3))
        result = self.satisfaction()
        self.assertEqual((result["asked"], result["total"]["number"]), (2, 1))

    def test_what_makes_no_sense_is_refused(self):
        for wrong in ({"by": "customer"}, {"ticket_type": "x"}, {"date_from": "2026-11-01"}):
            with self.assertRaises(UserError):
                self.satisfaction(**wrong)

    def test_a_leader_counts_his_teams_and_nobody_another_company(self):
        elsewhere = self.env["service.team"].create({"name": "Dago", "member_ids": self.manager.ids})
        self.answered(2, csat=5)
        self.answered(3, ticket=self.complaint(4, team_id=elsewhere.id), csat=1, team_id=elsewhere.id)
        self.assertEqual(self.satisfaction()["total"]["number"], 5)
        self.assertEqual(self.satisfaction(user=self.leader)["total"]["number"], 2)
        company = self.env["res.company"].create({"name": "Kopi Dago"})
        stranger = new_test_user(
            self.env,
            "dewi.dago",
            groups="crm_service_desk.group_service_manager",
            company_id=company.id,
            company_ids=company.ids,
        )
        result = self.satisfaction(user=stranger)
        self.assertEqual((result["rows"], result["total"]["number"], result["asked"]), ([], 0, 0))
        for user in (self.employee, self.siti_user):
            with self.assertRaises(AccessError):
                self.satisfaction(user=user)

    def test_a_hundred_answers_cost_as_many_queries_as_one(self):
        teams = self.env["service.team"].create([{"name": f"Team {n}"} for n in range(20)])
        ticket = self.complaint(1)
        self.env["service.feedback"].create(
            [
                {
                    "ticket_id": ticket.id,
                    "team_id": teams[n % 20].id,
                    "closed_on": datetime(2026, 10, 1 + n % 28, n // 28),
                    "answered_on": datetime(2026, 10, 1 if n == 0 else 2, 12),
                    "csat": 1 + n % 5,
                    "ces": 1 + n % 7,
                }
                for n in range(100)
            ]
        )
        self.assertSameQueries(lambda day: self.satisfaction(date_to=day), "2026-10-01", "2026-10-31")
