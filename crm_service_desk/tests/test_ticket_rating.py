from odoo.tests import tagged

from .common import ServiceDeskCase


@tagged("post_install", "-at_install")
class TestTicketRating(ServiceDeskCase):
    """A bad rating is a complaint."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.bad_rating_below = 3

    def rate(self, mark, record=None, **values):
        """A rating as core keeps it when the customer has given it; by default Siti's of an order of hers."""
        record = record if record is not None else self.env["sale.order"].create({"partner_id": self.siti.id})
        return self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id(record._name),
                "res_id": record.id,
                "partner_id": self.siti.id,
                "rating": mark,
                "consumed": True,
                **values,
            }
        )

    def ticket_of(self, rating):
        return self.env["service.ticket"].search([("source_rating_id", "=", rating.id)])

    def test_a_bad_rating_of_an_order_makes_a_ticket_of_its_customer(self):
        rating = self.rate(1, feedback="Never again")
        ticket = self.ticket_of(rating)
        self.assertEqual((ticket.channel, ticket.type, ticket.partner_id), ("rating", "complaint", self.siti))
        self.assertEqual(ticket.sale_order_id.id, rating.res_id)
        self.assertIn("Never again", ticket.description)
        self.assertRegex(ticket.name, r"^Rated 1 of 5: S\d+")
        self.assertEqual(ticket.action_open_rated()["res_id"], rating.res_id)

    def test_a_rating_that_is_good_enough_makes_none(self):
        for mark in (3, 5):
            self.assertFalse(self.ticket_of(self.rate(mark)))

    def test_each_company_says_what_is_bad(self):
        self.company.bad_rating_below = 0
        self.assertFalse(self.ticket_of(self.rate(1)))
        self.company.bad_rating_below = 4.5
        self.assertTrue(self.ticket_of(self.rate(4)))

    def test_the_company_is_that_of_the_record_rated(self):
        other = self.env["res.company"].create({"name": "Kopi Dago", "bad_rating_below": 2})
        order = self.env["sale.order"].create({"partner_id": self.siti.id, "company_id": other.id})
        self.assertFalse(self.ticket_of(self.rate(2, order)))
        self.assertEqual(self.ticket_of(self.rate(1, order)).company_id, other)

    def test_a_rating_makes_one_ticket_whatever_is_changed_in_it(self):
        rating = self.rate(1)
        ticket = self.ticket_of(rating)
        rating.write({"rating": 5})
        rating.write({"rating": 1, "feedback": "Cold"})
        self.assertEqual(self.ticket_of(rating), ticket)
        self.assertIn("Cold", ticket.description, "the words often come after the mark")

    def test_a_rating_that_was_good_and_becomes_bad_makes_one(self):
        rating = self.rate(5)
        rating.rating = 1
        self.assertTrue(self.ticket_of(rating))

    def test_a_rating_that_is_asked_for_and_not_given_makes_none(self):
        rating = self.rate(0, consumed=False)
        self.assertFalse(self.ticket_of(rating))
        rating.write({"rating": 2, "consumed": True})
        self.assertTrue(self.ticket_of(rating))

    def test_the_rating_of_a_ticket_makes_no_further_ticket(self):
        self.assertFalse(self.ticket_of(self.rate(1, self.new_ticket())))

    def test_a_rating_of_any_other_record_makes_a_ticket(self):
        self.assertTrue(self.ticket_of(self.rate(1, self.budi)))

    def test_a_rating_by_the_link_in_a_mail_without_a_login(self):
        order = self.env["sale.order"].create({"partner_id": self.siti.id})
        rating = self.rate(0, order, consumed=False)
        public = rating.with_user(self.env.ref("base.public_user")).sudo()
        public.write({"rating": 1, "feedback": "Late", "consumed": True})
        self.assertEqual(self.ticket_of(rating).partner_id, self.siti)

    def test_many_ratings_cost_as_many_queries_as_one_beside_their_tickets(self):
        orders = self.env["sale.order"].create([{"partner_id": self.siti.id} for _n in range(31)])
        ratings = self.env["rating.rating"].union(*(self.rate(5, order) for order in orders))
        self.company.bad_rating_below = 3

        def queries(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._file_when_bad()
            return self.env.cr.sql_log_count - before

        queries(ratings[:1])
        self.assertEqual(queries(ratings[:1]), queries(ratings))
