from odoo.exceptions import UserError
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestRemedyLedger(TransactionCase):
    """Points and coupons that the service desk gives, and the ledger of the clubs, which knows nothing of the desk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.club = cls.env["loyalty.club"]._create_with_programs(
            {"name": "Friends of Braga", "company_id": cls.env.company.id}, [], {"amount": 10, "value": 1}
        )
        cls.siti = cls.env["res.partner"].create({"name": "Siti"})
        cls.card = cls.club._enrol(cls.siti).card_id
        cls.agent = new_test_user(cls.env, "agus.gives", groups="crm_service_desk.group_service_user")
        cls.team = cls.env["service.team"].create(
            {"name": "Care", "member_ids": cls.agent.ids, "remedy_program_ids": cls.club.program_id.ids}
        )
        cls.ticket = cls.env["service.ticket"].create(
            {"name": "Cold coffee", "partner_id": cls.siti.id, "team_id": cls.team.id, "user_id": cls.agent.id}
        )

    def give(self, points):
        wizard = self.env["service.remedy.wizard"].with_user(self.agent)
        wizard.create(
            {"ticket_id": self.ticket.id, "kind": "points", "program_id": self.club.program_id.id, "points": points}
        ).action_give()
        return self.ticket.remedy_ids.sorted("id")[-1:]

    def test_points_given_are_an_entry_with_the_tickets_number_and_who_gave_them(self):
        remedy = self.give(30)
        entry = self.card.ledger_entry_ids.sorted("id")[-1:]
        self.assertEqual((remedy.state, entry.points, self.card.points), ("done", 30, 30))
        self.assertEqual((entry.reason, entry.user_id), (f"Remedy for {self.ticket.number}", self.agent))
        self.assertEqual(sum(self.card.ledger_entry_ids.mapped("points")), self.card.points)

    def test_a_coupon_given_is_an_entry_too(self):
        coupons = self.env["loyalty.program"].create({"name": "Latte", "program_type": "coupons"})
        self.team.remedy_program_ids += coupons
        wizard = self.env["service.remedy.wizard"].with_user(self.agent)
        wizard.create({"ticket_id": self.ticket.id, "kind": "coupon", "program_id": coupons.id}).action_give()
        entry = self.ticket.remedy_ids.card_id.ledger_entry_ids
        self.assertEqual((entry.points, entry.kind, entry.reason), (1, "gift", f"Remedy for {self.ticket.number}"))

    def test_the_cap_of_the_club_holds_for_the_desk(self):
        self.club.adjustment_cap = 20
        remedy = self.give(30)
        self.assertEqual((remedy.state, self.card.points), ("accepted", 0))
        self.assertIn("Give by hand", str(self.ticket.activity_ids.mapped("summary")))

    def test_who_is_no_member_gets_no_points(self):
        self.ticket.partner_id = self.env["res.partner"].create({"name": "Budi"})
        with self.assertRaisesRegex(UserError, "no card"):
            self.give(30)
