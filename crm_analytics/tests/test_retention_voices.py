from odoo.addons.crm_service_desk.report.intervals import wilson
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .retention_common import RetentionCase


@tagged("post_install", "-at_install")
class TestRetentionVoices(RetentionCase):
    """Satisfaction and complaints beside retention; members of clubs against others."""

    PERIOD = {"date_from": "2001-07-01", "date_to": "2001-12-31"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["service.team"].create({"name": "Desk", "company_id": cls.shop.id})
        now = {who for who, day, _amount, _team in cls.sales if str(day) >= "2001-07"}
        before = {who for who, day, _amount, _team in cls.sales if "2001-01" <= str(day) < "2001-07"}
        cls.kept, cls.lost = sorted(before & now, key=lambda who: who.id), sorted(before - now, key=lambda who: who.id)
        cls.active = now
        cls.complaints = [
            cls.complain(who, day, csat, ces)
            for who, day, csat, ces in (
                (cls.kept[0], "2001-08-03", 5, 6),
                (cls.kept[1], "2001-02-03", 4, 7),
                (cls.kept[1], "2001-12-31", 2, 2),
                (cls.lost[0], "2001-03-03", 1, 1),
                (cls.lost[0], "2001-04-03", 0, 0),
            )
        ]
        cls.env.flush_all()

    @classmethod
    def complain(cls, who, day, csat, ces):
        ticket = cls.env["service.ticket"].create({
            "name": "Cold coffee",
            "partner_id": who.id,
            "team_id": cls.team.id,
            "company_id": cls.shop.id,
            "date_received": f"{day} 05:00:00",
        })  # fmt: skip
        if csat:
            cls.env["service.feedback"].create({
                "ticket_id": ticket.id,
                "partner_id": who.id,
                "closed_on": f"{day} 06:00:00",
                "answered_on": f"{day} 07:00:00",
                "csat": csat,
                "ces": ces,
            })  # fmt: skip
        return ticket

    def test_satisfaction_is_told_with_its_number_of_answers_and_interval(self):
        found = self.load(**self.PERIOD)["satisfaction"]
        self.assertEqual((found["csat"], found["csat_n"]), (0.5, 2))
        self.assertEqual((found["csat_low"], found["csat_high"]), wilson(1, 2))
        self.assertEqual((found["ces"], found["ces_n"], found["complaints"]), (4.0, 2, 2))
        self.assertAlmostEqual(found["complaints_per_100_customers"], 100 * 2 / len(self.active))

    def test_those_who_stayed_are_beside_those_who_left(self):
        groups = {group["key"]: group for group in self.load(**self.PERIOD)["satisfaction"]["groups"]}
        self.assertEqual((groups["retained"]["csat"], groups["retained"]["csat_n"]), (2 / 3, 3))
        self.assertEqual((groups["lost"]["csat"], groups["lost"]["csat_n"]), (0.0, 1))
        self.assertAlmostEqual(groups["lost"]["complaints_per_100"], 100 * 2 / len(self.lost))
        self.assertEqual({*self.opened("satisfaction", {"key": "lost"}, **self.PERIOD)}, {*self.lost})
        self.assertEqual({*self.opened("satisfaction", {"key": "retained"}, **self.PERIOD)}, {*self.kept})

    def test_what_a_group_said_opens_in_this_period_and_the_one_before(self):
        for group in self.load(**self.PERIOD)["satisfaction"]["groups"]:
            answers = self.opened("satisfaction", {"key": group["key"], "of": "csat"}, **self.PERIOD)
            self.assertEqual(len(answers), group["csat_n"], group)
            self.assertAlmostEqual(len(answers.filtered(lambda one: one.csat >= 4)) / len(answers), group["csat"])
            complaints = self.opened("satisfaction", {"key": group["key"], "of": "complaints"}, **self.PERIOD)
            self.assertEqual(len(complaints), group["complaints"], group)

    def test_marks_and_complaints_open_their_records(self):
        self.assertEqual(len(self.opened("satisfaction", {"key": "csat"}, **self.PERIOD)), 2)
        opened = self.opened("satisfaction", {"key": "complaints"}, **self.PERIOD)
        self.assertEqual({*opened}, {self.complaints[0], self.complaints[2]})

    def test_filters_of_customers_hold_for_what_they_say(self):
        self.kept[0].country_id = self.env.ref("base.id")
        filters = {**self.PERIOD, "country_ids": self.env.ref("base.id").ids}
        self.assertEqual(self.load(**filters)["satisfaction"]["complaints"], 1)
        self.assertEqual(self.opened("satisfaction", {"key": "complaints"}, **filters), self.complaints[0])
        self.assertEqual(self.opened("satisfaction", {"key": "csat"}, **filters).ticket_id, self.complaints[0])

    def test_who_may_not_read_tickets_sees_how_many_there_are_only(self):
        analyst = new_test_user(
            self.env, "voices", "base.group_user,crm_analytics.group_analytics_user",
            company_id=self.shop.id, company_ids=[(6, 0, self.shop.ids)],
        )  # fmt: skip
        dashboard = self.Dashboard.with_user(analyst)
        self.assertEqual(dashboard.load(self.PERIOD)["satisfaction"]["complaints"], 2)
        with self.assertRaisesRegex(UserError, "not the tickets"):
            dashboard.open_records("satisfaction", {"key": "complaints"}, self.PERIOD)

    def test_members_are_beside_others(self):
        club = self.env["loyalty.club"]._create_with_programs(
            {"name": "Bean Club", "company_id": self.shop.id}, [], {"amount": 10, "value": 1}
        )
        members = self.kept[:3]
        for who in members:
            club._enrol(who)
        self.env["loyalty.membership"].search([("club_id", "=", club.id)]).date_start = "2001-01-01"
        groups = {group["key"]: group for group in self.load(**self.PERIOD)["clubs"]}
        mine = [sale for sale in self.sales if sale[0] in members and str(sale[1]) >= "2001-07"]
        self.assertEqual((groups["members"]["customers"], groups["members"]["retention_rate"]), (3, 1.0))
        self.assertAlmostEqual(groups["members"]["revenue"], sum(sale[2] for sale in mine))
        self.assertAlmostEqual(groups["members"]["orders_per_customer"], len(mine) / 3)
        self.assertEqual(groups["others"]["customers"], len(self.active) - 3)
        self.assertEqual({*self.opened("club", {"key": "members"}, **self.PERIOD)}, {*members})
        self.assertEqual({*self.opened("club", {"key": "others"}, **self.PERIOD)}, self.active - {*members})
        for key, group in groups.items():
            bought = self.opened("club", {"key": key, "of": "revenue"}, **self.PERIOD)
            self.assertAlmostEqual(sum(bought.mapped("amount")), group["revenue"])
            self.assertAlmostEqual(sum(bought.mapped("amount")) / sum(bought.mapped("orders")), group["average_order"])
        self.assertEqual({*self.opened("club", {"key": "members", "of": "retention_rate"}, **self.PERIOD)}, {*members})

    def test_without_members_there_is_nothing_to_compare(self):
        self.assertEqual(self.load(**self.PERIOD)["clubs"], [])
