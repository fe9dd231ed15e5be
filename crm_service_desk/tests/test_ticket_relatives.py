from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import ServiceDeskCase


@tagged("post_install", "-at_install")
class TestTicketRelatives(ServiceDeskCase):
    def setUp(self):
        super().setUp()
        self.whole = self.new_ticket(name="Everything went wrong")
        self.part, self.other = (self.new_ticket(name=name, parent_id=self.whole.id) for name in ("Coffee", "Cake"))

    def test_a_whole_does_not_close_over_open_parts_and_says_which(self):
        for category in ("resolved", "closed"):
            with self.assertRaisesRegex(UserError, f"{self.whole.number} cannot be closed.*{self.part.number}"):
                self.whole.stage_id = self.stage(category)

    def test_it_closes_when_its_parts_are_done(self):
        (self.part + self.other).stage_id = self.stage("resolved")
        self.whole.stage_id = self.stage("closed")
        self.assertEqual(self.whole.stage_category, "closed")

    def test_a_whole_and_its_parts_are_closed_together(self):
        (self.whole + self.part + self.other).stage_id = self.stage("closed")
        self.assertEqual(self.whole.stage_category, "closed")

    def test_a_part_that_the_agent_cannot_see_keeps_the_whole_open(self):
        private = self.env["service.team"].create({"name": "Private", "private": True})
        (self.part + self.other).team_id = private
        with self.assertRaises(UserError):
            self.whole.with_user(self.agent).stage_id = self.stage("closed")

    def test_the_whole_is_told_when_a_part_is_done(self):
        self.part.stage_id = self.stage("resolved")
        self.assertIn(self.part.number, self.whole.message_ids[0].body)

    def test_resolved_that_becomes_closed_is_told_once(self):
        self.part.stage_id = self.stage("resolved")
        told = len(self.whole.message_ids)
        self.part.stage_id = self.stage("closed")
        self.assertEqual(len(self.whole.message_ids), told)

    def test_nothing_is_a_part_of_itself(self):
        with self.assertRaisesRegex(ValidationError, "part of itself"):
            self.whole.parent_id = self.part

    def test_parts_are_counted(self):
        self.part.stage_id = self.stage("closed")
        self.assertEqual((self.whole.child_count, self.whole.open_child_count), (2, 1))
