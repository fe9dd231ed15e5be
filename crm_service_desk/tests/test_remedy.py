from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_remedy import RemedyCase


@tagged("post_install", "-at_install")
class TestRemedy(RemedyCase):
    """Offering, deciding, carrying out."""

    def test_an_apology_is_an_answer_to_the_customer_and_waits_for_his_word(self):
        remedy = self.offer("apology")
        self.assertEqual((remedy.state, remedy.user_id, remedy.cost), ("proposed", self.agent, 0))
        self.assertIn("We are sorry.", self.ticket.message_ids[0].body)
        self.assertEqual(self.ticket.message_ids[0].author_id, self.agent.partner_id)
        self.assertEqual((self.ticket.stage_category, self.ticket.outcome), ("waiting_customer", "no_answer"))

    def test_an_apology_needs_words(self):
        with self.assertRaises(UserError):
            self.offer("apology", text="  ")

    def test_an_offered_coupon_is_issued_when_the_customer_accepts(self):
        remedy = self.a_coupon()
        self.assertFalse(remedy.card_id)
        remedy._decide("accepted")
        self.assertEqual((remedy.card_id.partner_id, remedy.card_id.points), (self.siti, 1))
        self.assertEqual((remedy.state, remedy.decision), ("done", "accepted"))
        self.assertEqual((self.ticket.outcome, self.ticket.stage_category), ("accepted", "in_progress"))
        self.assertEqual(remedy.card_id.history_ids.description, f"Remedy for {self.ticket.number}")

    def test_a_coupon_given_at_once_asks_nobody(self):
        remedy = self.give("coupon", program_id=self.coupons.id)
        self.assertEqual((remedy.state, remedy.decision, len(remedy.card_id)), ("done", False, 1))

    def test_points_go_to_the_customers_card_with_their_reason(self):
        remedy = self.give("points", program_id=self.points.id, points=20)
        self.assertEqual((self.card.points, remedy.card_id, remedy.cost), (120, self.card, 10))
        self.assertEqual(self.card.history_ids[0].description, f"Remedy for {self.ticket.number}")

    def test_points_need_a_card(self):
        self.card.active = False
        with self.assertRaisesRegex(UserError, "no card"):
            self.offer("points", program_id=self.points.id, points=20)

    def test_only_what_the_team_gives_can_be_given(self):
        self.team.remedy_program_ids = False
        with self.assertRaisesRegex(UserError, "gives nothing of this program"):
            self.a_coupon()

    def test_programs_of_another_company_are_not_given(self):
        self.coupons.company_id = self.env["res.company"].create({"name": "Kopi Dago"})
        with self.assertRaises(UserError):
            self.a_coupon()

    def test_points_are_above_zero(self):
        for points in (0, -5, float("nan"), float("inf"), 1e12):
            with self.assertRaises(UserError, msg=points):
                self.offer("points", program_id=self.points.id, points=points)
        self.assertEqual(self.card.points, 100)

    def test_the_dialog_tells_no_value_of_a_program_that_the_team_may_not_give(self):
        self.assertEqual(self.wizard("coupon", program_id=self.coupons.id).cost, 25)
        self.team.remedy_program_ids -= self.coupons
        wizard = self.wizard("coupon", program_id=self.coupons.id)
        self.assertEqual((wizard.cost, wizard.cost_unknown), (0, False))

    def test_the_same_dialog_sent_twice_offers_once(self):
        wizard = self.wizard("coupon", program_id=self.coupons.id)
        wizard.action_give()
        wizard.action_give()
        wizard.action_offer()
        self.assertEqual(len(self.ticket.remedy_ids), 1)
        self.assertEqual(len(self.coupons.coupon_ids), 1)

    def test_an_offer_is_decided_once(self):
        remedy = self.a_coupon()
        remedy._decide("accepted")
        for again in ("accepted", "rejected"):
            with self.assertRaises(UserError):
                remedy._decide(again)
        self.assertEqual((len(self.coupons.coupon_ids), remedy.decision), (1, "accepted"))

    def test_a_rejected_remedy_brings_the_case_back_to_the_team(self):
        remedy = self.a_coupon()
        self.ticket.stage_id = self.stage("closed")
        remedy._decide("rejected", "I wanted my money back")
        self.assertEqual((remedy.state, self.ticket.outcome), ("rejected", "rejected"))
        self.assertEqual((self.ticket.stage_category, self.ticket.unanswered), ("in_progress", True))
        self.assertIn("I wanted my money back", self.ticket.message_ids[0].body)
        self.assertEqual(self.ticket.message_ids[0].author_id, self.siti)
        self.assertFalse(self.coupons.coupon_ids)

    def test_the_last_word_is_the_outcome(self):
        self.a_coupon()._decide("rejected", "No")
        self.offer("explanation")._decide("accepted")
        self.assertEqual(self.ticket.outcome, "accepted")

    def test_who_rejects_is_told_where_else_to_turn_to(self):
        self.company.service_external_route = "<p>BPSK Bandung</p>"
        self.a_coupon()._decide("rejected", "No")
        self.assertTrue(self.ticket.external_route_offered)
        self.assertIn("BPSK Bandung", self.ticket.external_route)
        self.company.service_external_route = "<p>Elsewhere</p>"
        self.assertIn("BPSK Bandung", self.ticket.external_route, "as it was at the time")

    def test_closing_after_a_rejection_tells_the_way_on(self):
        self.a_coupon()._decide("rejected", "No")
        self.assertFalse(self.ticket.external_route_offered)
        self.company.service_external_route = "<p>BPSK Bandung</p>"
        self.ticket.with_user(self.agent).stage_id = self.stage("closed")
        self.assertTrue(self.ticket.external_route_offered)

    def test_without_a_text_nobody_can_be_sent_elsewhere(self):
        self.company.service_external_route = "<p><br></p>"
        with self.assertRaisesRegex(UserError, "administrator"):
            self.ticket.with_user(self.agent).action_offer_external_route()

    def test_a_withdrawn_offer_cannot_be_accepted(self):
        remedy = self.a_coupon()
        remedy.with_user(self.agent).action_cancel()
        with self.assertRaises(UserError):
            remedy._decide("accepted")
        self.assertEqual((remedy.state, self.ticket.outcome), ("cancelled", "none"))

    def test_what_was_given_cannot_be_withdrawn(self):
        remedy = self.give("coupon", program_id=self.coupons.id)
        with self.assertRaisesRegex(UserError, "cannot be withdrawn"):
            remedy.with_user(self.agent).action_cancel()

    def test_a_customers_yes_counts_even_when_giving_fails(self):
        remedy = self.offer("points", program_id=self.points.id, points=20)
        self.card.active = False
        remedy._decide("accepted")
        self.assertEqual((remedy.state, remedy.decision, self.card.points), ("accepted", "accepted", 100))
        self.assertIn("Give by hand", self.ticket.activity_ids.summary)
        self.assertEqual(self.ticket.activity_ids.user_id, self.leader)

    def test_who_left_gives_nothing_any_more(self):
        remedy = self.a_coupon()
        self.agent.active = False
        remedy._decide("accepted")
        self.assertEqual((remedy.state, remedy.card_id.ids), ("accepted", []))
        self.assertIn("does not work here", self.ticket.activity_ids.note)


@tagged("post_install", "-at_install")
class TestRemedyApproval(RemedyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.remedy_limit = 20

    def test_what_costs_more_than_the_limit_waits_for_the_leader(self):
        remedy = self.a_coupon()  # worth 25
        self.assertEqual((remedy.state, remedy.cost), ("to_approve", 25))
        self.assertEqual(self.ticket.activity_ids.user_id, self.leader)
        self.assertFalse(self.ticket.message_ids.filtered(lambda message: "We are sorry" in message.body))
        with self.assertRaises(UserError):
            remedy._decide("accepted")

    def test_the_leader_approves_and_the_customer_is_asked(self):
        remedy = self.a_coupon()
        remedy.with_user(self.leader).action_approve()
        remedy.with_user(self.leader).action_approve()
        self.assertEqual((remedy.state, remedy.approved_by_id, remedy.user_id), ("proposed", self.leader, self.agent))
        said = self.ticket.message_ids.filtered(lambda message: "We are sorry" in message.body)
        self.assertEqual(said.author_id, self.agent.partner_id)
        self.assertFalse(self.ticket.activity_ids)

    def test_the_leader_does_not_approve(self):
        remedy = self.a_coupon()
        remedy.with_user(self.leader).action_refuse()
        self.assertEqual((remedy.state, self.ticket.activity_ids.ids), ("cancelled", []))

    def test_the_agent_cannot_approve_his_own(self):
        remedy = self.a_coupon()
        for act in ("action_approve", "action_refuse"):
            with self.assertRaises(AccessError):
                getattr(remedy.with_user(self.agent), act)()

    def test_a_leader_of_another_team_cannot_approve(self):
        self.team.user_id = self.manager
        with self.assertRaises(AccessError):
            self.a_coupon().with_user(self.leader).action_approve()

    def test_many_small_remedies_count_together(self):
        first, second = (self.offer("points", program_id=self.points.id, points=30) for _time in "12")
        self.assertEqual((first.state, second.state), ("proposed", "to_approve"), "15 and 30 of 20")

    def test_the_leader_needs_nobody(self):
        self.assertEqual(self.offer("coupon", user=self.leader, program_id=self.coupons.id).state, "proposed")

    def test_what_costs_up_to_the_limit_needs_nobody(self):
        self.assertEqual(self.offer("points", program_id=self.points.id, points=40).state, "proposed")

    def test_an_unknown_cost_waits_too(self):
        self.coupons.reward_ids.write({"discount_mode": "percent", "discount": 10})
        remedy = self.a_coupon()
        self.assertEqual((remedy.state, remedy.cost_unknown), ("to_approve", True))

    def test_a_cost_typed_in_does_not_pass_for_that_of_a_coupon(self):
        self.assertEqual(self.a_coupon(typed_cost=1, cost=1).state, "to_approve")


@tagged("post_install", "-at_install")
class TestRemedyValue(RemedyCase):
    """What a coupon or points are worth by the program's rewards."""

    def reward(self, program, **values):
        program.reward_ids = [Command.clear(), Command.create(values)]
        return program

    def test_a_fixed_discount(self):
        program = self.reward(self.coupons, reward_type="discount", discount_mode="per_order", discount=15)
        self.assertEqual(program._value_of_points(1), 15)

    def test_a_product(self):
        latte = self.env["product.product"].create({"name": "Latte", "lst_price": 4})
        program = self.reward(self.coupons, reward_type="product", reward_product_id=latte.id, reward_product_qty=2)
        self.assertEqual(program._value_of_points(1), 8)

    def test_per_cent_is_not_known_unless_there_is_a_maximum(self):
        program = self.reward(self.coupons, reward_type="discount", discount_mode="percent", discount=10)
        self.assertIsNone(program._value_of_points(1))
        program.reward_ids.discount_max_amount = 30
        self.assertEqual(program._value_of_points(1), 30)

    def test_collected_points_are_worth_their_share(self):
        values = {"reward_type": "discount", "discount_mode": "per_order", "discount": 10, "required_points": 200}
        self.assertEqual(self.reward(self.points, **values)._value_of_points(50), 2.5)

    def test_a_program_without_rewards_has_no_known_value(self):
        self.points.with_context(loyalty_skip_reward_check=True).reward_ids = False
        self.assertIsNone(self.points._value_of_points(50))


@tagged("post_install", "-at_install")
class TestRemedyAccess(RemedyCase):
    def test_nobody_writes_a_remedy_directly(self):
        remedy = self.a_coupon()
        for user in (self.agent, self.leader, self.manager, self.siti_user, self.employee):
            for attack in (
                lambda user=user: remedy.with_user(user).write({"state": "done"}),
                lambda user=user: remedy.with_user(user).write({"cost": 0}),
                lambda user=user: remedy.with_user(user).unlink(),
                lambda user=user: remedy.with_user(user).create({"ticket_id": self.ticket.id, "kind": "apology"}),
            ):
                with self.assertRaises(AccessError, msg=user.name):
                    attack()

    def test_the_customer_reads_what_he_is_offered_and_nothing_else_of_it(self):
        remedy = self.a_coupon().with_user(self.siti_user)
        self.assertEqual(remedy.offered, "Coupon “Free latte”.")
        harmless = {"id", "display_name", "ticket_id", "kind", "state", "text", "offered", "decision", "decided_on"}
        harmless |= {"decision_reason", "date_start", "create_date", "write_date", "partner_id"}
        for field in set(remedy._fields) - harmless:
            if field in ("create_uid", "write_uid"):
                continue
            with self.assertRaises(AccessError, msg=field):
                remedy.read([field])

    def test_strangers_do_not_see_a_remedy(self):
        remedy = self.a_coupon()
        self.assertFalse(remedy.with_user(self.budi_user).search([]))
        with self.assertRaises(AccessError):
            remedy.with_user(self.budi_user).read(["offered"])

    def test_a_new_customer_of_the_ticket_does_not_see_what_the_former_was_offered(self):
        remedy = self.a_coupon()
        self.ticket.partner_id = self.budi
        self.assertFalse(self.ticket._remedies_shown())
        self.assertFalse(remedy.with_user(self.budi_user).search([]))

    def test_the_customer_does_not_see_what_waits_for_the_leader(self):
        self.team.remedy_limit = 1
        self.assertFalse(self.a_coupon().with_user(self.siti_user).search([]))

    def test_an_agent_offers_nothing_on_a_ticket_that_is_not_his(self):
        type(self).ticket, former = self.new_ticket(user_id=self.leader.id), self.ticket
        self.addCleanup(setattr, type(self), "ticket", former)
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.agent)._offer_remedy({"kind": "apology", "text": "x"})
        remedy = self.offer("apology", user=self.leader)
        for act in ("action_cancel", "action_done"):
            with self.assertRaises(AccessError):
                getattr(remedy.with_user(self.agent), act)()

    def test_nobody_of_another_company_sees_remedies_actions_or_feedback(self):
        remedy = self.a_coupon()
        action = self.env["service.action"].create({"ticket_id": self.ticket.id, "text": "x"})
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        self.manager.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        for record in (remedy, action):
            self.assertFalse(record.with_user(self.manager).search([("id", "=", record.id)]))

    def test_the_rules_of_what_hangs_on_a_ticket_are_those_of_the_ticket(self):
        for role in ("user", "leader"):
            domain = self.env.ref(f"crm_service_desk.service_ticket_rule_{role}").domain_force
            expected = domain.replace('("', '("ticket_id.')
            for model in ("remedy", "action", "feedback"):
                rule = self.env.ref(f"crm_service_desk.service_{model}_rule_{role}")
                self.assertEqual(rule.domain_force, expected, rule.name)
