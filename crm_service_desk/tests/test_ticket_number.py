from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common import ServiceDeskCase


@tagged("post_install", "-at_install")
class TestTicketNumber(ServiceDeskCase):
    def test_a_ticket_has_a_number_as_soon_as_it_exists(self):
        self.assertRegex(self.new_ticket().number, r"^T\d{5}$")

    def test_numbers_go_up_one_by_one(self):
        first, second = self.new_ticket().number, self.new_ticket().number
        self.assertEqual(int(second[1:]), int(first[1:]) + 1)

    def test_tickets_created_together_have_numbers_of_their_own_in_order(self):
        tickets = self.env["service.ticket"].create([{"name": f"Ticket {n}"} for n in range(5)])
        numbers = [int(number[1:]) for number in tickets.mapped("number")]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 5)))

    def test_each_company_counts_for_itself(self):
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        ticket = self.new_ticket(partner=self.env["res.partner"].create({"name": "Ani"}), company_id=other.id)
        self.assertEqual(ticket.number, "T00001")

    def test_a_number_cannot_be_used_twice_in_a_company(self):
        ticket = self.new_ticket()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.new_ticket(number=ticket.number)

    def test_a_copy_gets_its_own_number(self):
        ticket = self.new_ticket()
        self.assertNotEqual(ticket.copy().number, ticket.number)

    def test_an_administrator_may_choose_another_series(self):
        sequence = self.company._ticket_sequence()
        sequence.write({"prefix": "KB-", "implementation": "no_gap", "number_next": 700})
        self.assertEqual(self.new_ticket().number, "KB-00700")

    def test_a_company_whose_series_was_deleted_gets_a_new_one(self):
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        other._ticket_sequence().unlink()
        self.assertEqual(other._next_ticket_numbers(2), ["T00001", "T00002"])
