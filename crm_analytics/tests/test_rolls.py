import random
from array import array
from datetime import date
from itertools import product
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from .. import rolls, streaming
from ..periods import Period
from .books_case import BooksCase
from .retention_common import triangle_each_way

JAN, FEB, MAR = (date(2025, month, 1) for month in (1, 2, 3))


def packed(code, *numbers):
    """As PostgreSQL sends whole numbers."""
    found = array(code, numbers)
    found.byteswap()
    return found.tobytes()


@tagged("post_install", "-at_install")
class TestRolls(BaseCase):
    """Customers and amounts side by side, without a database."""

    def roll(self, month, bought, given_back=(), unit=0.01):
        """:param bought, given_back: {customer: amount in the smallest unit}"""
        given_back = dict(given_back)
        places, amounts = rolls.write(
            packed("i", *bought, *given_back), packed("q", *bought.values(), *given_back.values())
        )
        return rolls.Roll(month, len(bought), places, amounts, unit)

    def cells(self, *of_span, chosen=None, grain="month", later=False):
        triangle = rolls.Triangle(Period(JAN, MAR), grain, later)
        triangle.add(list(of_span), chosen and chosen.of_span(0))
        return triangle.cells()

    def test_a_cell_has_the_customers_and_what_they_bought_for(self):
        found = self.cells(self.roll(JAN, {1: 1000, 2: 250}), self.roll(FEB, {2: 50, 3: 700}))
        self.assertEqual(found, {(JAN, JAN): (2, 12.5), (JAN, FEB): (1, 0.5), (FEB, FEB): (1, 7.0)})

    def test_those_before_the_period_are_no_new_customers_in_it(self):
        before = self.roll(date(2024, 7, 1), {1: 1000})._replace(amounts=None)
        self.assertEqual(self.cells(before, self.roll(FEB, {1: 300, 2: 50})), {(FEB, FEB): (1, 0.5)})

    def test_customers_count_who_are_in_all_sets_wanted_and_in_none_left_out(self):
        bought = self.roll(JAN, {1: 100, 2: 200, 3: 300})
        some, others = packed("i", 2, 3), packed("i", 3, rolls.SPAN + 1)
        for wanted, left_out, cells in (
            ([some], [], {(JAN, JAN): (2, 5.0)}),
            ([some, others], [], {(JAN, JAN): (1, 3.0)}),
            ([some], [others], {(JAN, JAN): (1, 2.0)}),
            ([], [others], {(JAN, JAN): (2, 3.0)}),
            ([b""], [], {}),
            ([], [], {(JAN, JAN): (3, 6.0)}),
        ):
            self.assertEqual(self.cells(bought, chosen=rolls.Chosen(wanted, left_out)), cells)

    def test_of_a_span_beyond_all_sets_nobody_is_wanted_and_nobody_left_out(self):
        some = packed("i", 2)
        self.assertFalse(rolls.Chosen([some]).of_span(7).any())
        self.assertTrue(rolls.Chosen([], [some]).of_span(7).all())
        self.assertIsNone(rolls.Chosen().of_span(7))

    def test_few_picked_out_and_many_counted_with_the_others_are_told_alike(self):
        dice, half = random.Random(5), rolls.Chosen([packed("i", *range(0, 900, 2))])
        of_span = [
            self.roll(
                month,
                *({dice.randrange(900): dice.randrange(1, 9999) for _buyer in range(number)} for number in (300, 9)),
            )
            for month in (date(2024, 12, 1), JAN, FEB, MAR)
            for _team in range(3)
        ]
        for grain, later in product(("month", "quarter"), (False, True)):
            told = []
            for few in (0, rolls.SPAN + 1):
                with patch.object(rolls, "FEW", few):
                    told.append(self.cells(*of_span, chosen=half, grain=grain, later=later))
            self.assertEqual(*told)
            self.assertTrue(all(told))

    def test_who_has_changed_is_told_where_he_is_wanted_and_left_out(self):
        chosen = rolls.Chosen([packed("i", 1, 2)], [packed("i", 1)], packed("i", 1, 2, 3, 2))
        self.assertEqual(chosen.changed, [2])
        self.assertEqual(self.cells(self.roll(JAN, {1: 100, 2: 200}), chosen=chosen), {})

    def test_an_amount_that_makes_up_for_the_number_of_customers_is_no_empty_cell(self):
        self.assertEqual(self.cells(self.roll(JAN, {1: -100})), {(JAN, JAN): (1, -1.0)})

    def test_money_given_back_lessens_what_was_bought_and_is_no_customer(self):
        found = self.cells(self.roll(JAN, {1: 1000}), self.roll(FEB, {}, {1: -400}))
        self.assertEqual(found, {(JAN, JAN): (1, 10.0), (JAN, FEB): (0, -4.0)})

    def test_money_given_back_before_the_first_purchase_is_in_no_cell(self):
        self.assertEqual(self.cells(self.roll(JAN, {}, {1: -400}), self.roll(FEB, {1: 50})), {(FEB, FEB): (1, 0.5)})

    def test_who_was_only_given_money_back_is_of_the_first_month_of_that(self):
        found = self.cells(self.roll(JAN, {}, {1: -400}), self.roll(FEB, {}, {1: -50}))
        self.assertEqual(found, {(JAN, JAN): (0, -4.0), (JAN, FEB): (0, -0.5)})

    def test_a_quarter_counts_a_customer_once_and_adds_up_his_months(self):
        found = self.cells(self.roll(JAN, {1: 100}), self.roll(MAR, {1: 200, 2: 50}), grain="quarter")
        self.assertEqual(found, {(JAN, JAN): (2, 3.5)})

    def test_who_bought_later_is_counted_in_his_last_month_only(self):
        found = self.cells(self.roll(JAN, {1: 100, 2: 100}), self.roll(FEB, {1: 200}), later=True)
        self.assertEqual(found, {(JAN, JAN): (1, 2.0), (JAN, FEB): (1, 2.0)})

    def test_large_amounts_take_more_room_and_stay_exact(self):
        small, large = self.roll(JAN, {1: 2**31 - 1}), self.roll(JAN, {1: 2**31, 2: -(2**40) - 1}, unit=1.0)
        self.assertEqual((len(small.amounts), len(large.amounts)), (4, 16))
        self.assertEqual(self.cells(large), {(JAN, JAN): (2, 2.0**31 - 2**40 - 1)})

    def test_rows_are_read_whole_however_they_come_in_pieces(self):
        sent = b"PGCOPY\n\xff\r\n\0" + packed("i", 0, 0)
        sent += b"\0\2" + packed("i", 3) + b"one" + packed("i", -1) + b"\0\2" + packed("i", 0) + packed("i", 1) + b"x"
        sent += b"\xff\xff"
        for length in (1, 19, 20, len(sent)):
            rows, pieces = [], [sent[at : at + length] for at in range(0, len(sent), length)]
            if length < 19:  # the head comes in one
                pieces = [sent[:19], *(sent[at : at + length] for at in range(19, len(sent), length))]
            sink = streaming._Rows(lambda row, rows=rows: rows.append([field and bytes(field) for field in row]))
            for piece in pieces:
                self.assertEqual(sink.write(piece), len(piece))
            self.assertEqual(rows, [[b"one", None], [b"", b"x"]])


@tagged("post_install", "-at_install")
class TestRollsOfRefunds(BooksCase):
    """The triangle from rolls, against the same counted from the months, of a shop that gives money back, too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.purchase_basis = "invoices"
        cls.teams = cls.env["crm.team"].create([{"name": "Counter"}, {"name": "Telephone"}])
        cls.categories = cls.env["product.category"].create([{"name": "Drinks"}, {"name": "Cakes"}])
        goods = [cls.product(f"Goods {n}", categ_id=category.id) for n, category in enumerate(cls.categories)]
        cls.people = cls.siti + cls.budi + cls.env["res.partner"].create([{"name": f"Customer {n}"} for n in range(6)])
        (cls.people - cls.siti - cls.budi).property_account_receivable_id = cls.receivable
        cls.people[::2].country_id = cls.env.ref("base.id")
        dice = random.Random(7)
        for _invoice in range(60):
            cls.invoice(
                dice.choice(cls.people),
                date(2001, dice.randint(1, 9), dice.randint(1, 28)),
                dice.randint(1, 9000) / 100,
                dice.choice(["out_invoice", "out_refund"]),
                dice.choice(goods),
                team_id=dice.choice(cls.teams).id,
            )
        cls.invoice(cls.budi, date(2001, 8, 3), 3e8, "out_invoice", goods[0], team_id=cls.teams[0].id)
        cls.Purchase._rebuild()
        cls.count()
        while cls.env["customer.purchase.roll"]._make_next():
            pass

    def test_rolls_tell_the_triangle_whatever_is_filtered(self):
        purchases = (
            {},
            {"team_ids": self.teams[0].ids},
            {"team_ids": self.teams.ids},
            {"category_ids": self.categories[:1].ids},
            {"category_ids": self.categories.ids},
            {"category_ids": self.categories.ids, "team_ids": self.teams[1].ids},
        )
        customers = ({}, {"country_ids": self.env.ref("base.id").ids})
        units = ({}, {"grain": "quarter"}, {"cohort_kind": "unbounded"}, {"grain": "year", "cohort_kind": "unbounded"})
        periods = (("2001-01-01", "2001-12-31"), ("2001-03-01", "2001-06-30"))
        for one, two, three, (first, last) in product(purchases, customers, units, periods):
            filters = {**one, **two, **three, "date_from": first, "date_to": last}
            told, summed, counted = triangle_each_way(self.env["retention.dashboard"], filters)
            self.assertEqual(summed, counted, filters)
            self.assertEqual(told, [row[:3] for row in counted if row[2]], filters)
            self.assertTrue(counted, filters)
