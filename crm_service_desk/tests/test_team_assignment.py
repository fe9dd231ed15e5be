from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .common import ServiceDeskCase


@tagged("post_install", "-at_install")
class TestTeamAssignment(ServiceDeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.acknowledgement_template_id = False
        cls.ani, cls.beni, cls.citra = (
            new_test_user(cls.env, name, groups="crm_service_desk.group_service_user", email=f"{name}@braga.example")
            for name in ("ani", "beni", "citra")
        )
        cls.team.write(
            {
                "assignment": "turn",
                "user_id": cls.manager.id,
                "member_ids": [(6, 0, (cls.ani + cls.beni + cls.citra).ids)],
            }
        )

    def setUp(self):
        super().setUp()
        # The database gives no number back that a test before drew and rolled back.
        self.env.cr.execute("SELECT setval(%s, 1, false)", [self.team._turns_name()])

    def last_turn(self):
        return self.env.execute_query(SQL("SELECT last_value FROM %s", SQL.identifier(self.team._turns_name())))

    def takes(self, user, **values):
        return self.env["service.team.skill"].create({"team_id": self.team.id, "user_id": user.id, **values})

    def come(self, number, **values):
        """Who gets so many new tickets, one after the other."""
        return [self.new_ticket(**values).user_id for _each in range(number)]

    def test_tickets_go_in_turn(self):
        self.assertEqual(self.come(5), [self.ani, self.beni, self.citra, self.ani, self.beni])

    def test_tickets_created_together_go_in_turn_too(self):
        tickets = self.env["service.ticket"].create([{"name": f"T{n}"} for n in range(4)])
        self.assertEqual([ticket.user_id for ticket in tickets], [self.ani, self.beni, self.citra, self.ani])

    def test_by_hand_nobody_is_chosen(self):
        self.team.assignment = "manual"
        self.assertFalse(self.new_ticket().user_id)

    def test_who_was_chosen_by_hand_keeps_the_ticket(self):
        self.assertEqual(self.new_ticket(user_id=self.citra.id).user_id, self.citra)

    def test_a_form_saved_with_nobody_assigned_is_handed_out(self):
        self.assertEqual(self.new_ticket(user_id=False).user_id, self.ani)

    def test_the_least_loaded_gets_it(self):
        self.new_ticket(user_id=self.ani.id)
        self.new_ticket(user_id=self.beni.id)
        self.team.assignment = "least_loaded"
        self.assertEqual(self.come(4), [self.citra, self.ani, self.beni, self.citra])

    def test_tickets_that_are_done_are_no_load(self):
        self.new_ticket(user_id=self.ani.id, stage_id=self.stage("closed").id)
        self.team.assignment = "least_loaded"
        self.assertEqual(self.come(1), [self.ani])

    def test_who_is_out_of_office_is_passed_over(self):
        self.ani.out_of_office_from = fields.Datetime.now() - timedelta(hours=1)
        self.assertEqual(self.come(3), [self.beni, self.citra, self.beni])

    def test_who_was_out_of_office_last_week_is_not(self):
        now = fields.Datetime.now()
        self.ani.write({"out_of_office_from": now - timedelta(days=9), "out_of_office_to": now - timedelta(days=2)})
        self.assertEqual(self.come(1), [self.ani])

    def test_who_is_on_leave_by_the_working_calendar_is_passed_over(self):
        resource = self.env["resource.resource"].create({"name": "Ani", "user_id": self.ani.id})
        now = fields.Datetime.now()
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "resource_id": resource.id,
                "calendar_id": resource.calendar_id.id,
                "date_from": now - timedelta(days=1),
                "date_to": now + timedelta(days=1),
            }
        )
        self.assertEqual(self.come(2), [self.beni, self.citra])

    def test_an_archived_member_is_passed_over(self):
        self.ani.active = False
        self.assertEqual(self.come(1), [self.beni])

    def test_a_member_takes_only_his_categories_and_their_parts(self):
        product = self.env["service.category"].create({"name": "Product"})
        coffee = self.env["service.category"].create({"name": "Coffee", "parent_id": product.id})
        billing = self.env["service.category"].create({"name": "Billing"})
        self.takes(self.ani, category_ids=[(4, billing.id)])
        self.takes(self.beni, category_ids=[(4, billing.id)])
        self.takes(self.citra, category_ids=[(4, product.id)])
        self.assertEqual(self.come(2, category_id=coffee.id), [self.citra, self.citra])
        self.assertEqual(self.come(2, category_id=billing.id), [self.ani, self.beni])

    def test_a_member_takes_only_customers_of_his_languages(self):
        self.env["res.lang"]._activate_lang("id_ID")
        indonesian = self.env["res.lang"]._lang_get("id_ID")
        self.takes(self.ani, lang_ids=[(4, self.env["res.lang"]._lang_get("en_US").id)])
        self.takes(self.beni, lang_ids=[(4, indonesian.id)])
        self.siti.lang = "id_ID"
        self.assertEqual(self.come(3), [self.beni, self.citra, self.beni])

    def test_who_has_his_fill_is_passed_over_also_within_one_lot(self):
        self.takes(self.ani, max_open=1)
        tickets = self.env["service.ticket"].create([{"name": f"T{n}"} for n in range(4)])
        self.assertEqual([ticket.user_id for ticket in tickets], [self.ani, self.beni, self.citra, self.beni])

    def test_where_nobody_is_there_the_ticket_stays_and_the_leader_is_told_once_for_all(self):
        (self.ani + self.beni + self.citra).out_of_office_from = fields.Datetime.now() - timedelta(hours=1)
        tickets = self.env["service.ticket"].create([{"name": f"T{n}"} for n in range(3)])
        self.assertFalse(tickets.user_id)
        told = (
            self.env["mail.message"]
            .search([("model", "=", "service.team"), ("res_id", "=", self.team.id)])
            .filtered(lambda message: "Nobody of" in (message.subject or ""))
        )
        self.assertEqual(told.notified_partner_ids, self.manager.partner_id)
        self.assertIn("3 new tickets", told.body)

    def test_when_somebody_is_back_the_tickets_left_over_are_handed_out(self):
        everybody = self.ani + self.beni + self.citra
        everybody.out_of_office_from = fields.Datetime.now() - timedelta(hours=1)
        ticket = self.new_ticket()
        self.beni.out_of_office_from = False
        with self.enter_registry_test_mode():
            self.env.ref("crm_service_desk.ir_cron_hand_out").method_direct_trigger()
        self.assertEqual(ticket.user_id, self.beni)

    def test_while_nobody_is_there_the_job_changes_nothing(self):
        everybody = self.ani + self.beni + self.citra
        everybody.out_of_office_from = fields.Datetime.now() - timedelta(hours=1)
        ticket = self.new_ticket()
        self.env.flush_all()
        before, changed = self.last_turn(), ticket.write_date
        with self.enter_registry_test_mode():
            self.env.ref("crm_service_desk.ir_cron_hand_out").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((self.last_turn(), ticket.write_date), (before, changed))

    def test_old_tickets_that_are_done_already_are_nobodys_turn(self):
        self.assertFalse(self.new_ticket(stage_id=self.stage("closed").id).user_id)

    def test_a_ticket_moved_to_a_team_is_handed_out_there(self):
        other = self.env["service.team"].create({"name": "Roastery", "assignment": "manual"})
        ticket = self.new_ticket(team_id=other.id, user_id=self.agent.id)
        ticket.team_id = self.team
        self.assertEqual(ticket.user_id, self.ani)

    def test_who_is_of_the_new_team_too_keeps_his_ticket(self):
        other = self.env["service.team"].create({"name": "Roastery"})
        ticket = self.new_ticket(team_id=other.id, user_id=self.citra.id)
        ticket.team_id = self.team
        self.assertEqual(ticket.user_id, self.citra)

    def test_tickets_of_nobody_are_handed_out_from_the_list(self):
        self.team.assignment = "manual"
        tickets = self.env["service.ticket"].create([{"name": f"T{n}"} for n in range(3)])
        self.team.assignment = "turn"
        tickets.with_user(self.manager).action_hand_out()
        self.assertEqual([ticket.user_id for ticket in tickets], [self.ani, self.beni, self.citra])

    def test_a_customers_form_is_handed_out(self):
        ticket = (
            self.env["service.ticket"]
            .with_user(self.siti_user)
            ._file({"name": "Cold", "type": "complaint", "description": "x", "sale_order_id": False})
        )
        self.assertEqual(ticket.user_id, self.ani)

    def test_what_an_agent_writes_down_is_handed_out(self):
        ticket = self.env["service.ticket"].with_user(self.ani).create({"name": "He called"})
        self.assertEqual(ticket.user_id, self.ani)

    def test_deleting_a_team_drops_its_sequence_of_turns(self):
        team = self.env["service.team"].create({"name": "Short", "assignment": "turn"})
        name = team._turns_name()
        team.unlink()
        self.env.cr.execute("SELECT to_regclass(%s)", [name])
        self.assertFalse(self.env.cr.fetchone()[0])
