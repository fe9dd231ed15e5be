import random
from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from .metric_case import TODAY, MetricCase
from .test_retention_model import FitCase


class NightsCase(MetricCase):
    def mine(self):
        return self.Metric.search([("company_id", "=", self.company.id)])

    def versions(self):
        """:returns: where PostgreSQL keeps each customer's row, which another version of it never shares"""
        return dict(
            self.env.execute_query(
                SQL("SELECT partner_id, ctid::text FROM customer_metric WHERE company_id = %s", self.company.id)
            )
        )

    def stored(self):
        """:returns: all that is stored of each customer, but the row's number and day"""
        names = [name for name, field in self.Metric._fields.items() if field.store and name not in ("id", "as_of")]
        self.env.invalidate_all()
        return {
            row["partner_id"][0]: {name: row[name] for name in names}
            for row in self.mine().read(["partner_id", *names])
        }

    def worked_out_from_nothing(self, as_of):
        self.env.cr.execute(SQL("DELETE FROM customer_metric WHERE company_id = %s", self.company.id))
        self.assertIsNone(self.Metric._known_since(self.company, as_of, self.env["retention.model"]))
        self.work_out(as_of)
        return self.stored()


@tagged("post_install", "-at_install")
class TestMovingFigures(NightsCase):
    """What moves with the calendar is not stored, and is searched, sorted and counted as if it were."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.customers(*(f"Customer {number}" for number in range(12)))
        for number, partner in enumerate(cls.partners):
            cls.bought(partner, {200 + number: 10.0, 5 * number: 10.0})
        lead = cls.customers("Lead")
        cls.env["crm.lead"].create({"name": "Beans", "partner_id": lead.id, "company_id": cls.company.id})
        cls.work_out()

    def test_a_night_on_which_nothing_happens_writes_nothing(self):
        before = self.versions()
        for _time in range(2):
            self.work_out(TODAY + timedelta(1))
            self.assertEqual(self.versions(), before)
        self.assertEqual(set(self.mine().mapped("as_of")), {TODAY + timedelta(1)})
        self.assertEqual(self.metric(self.partners[3]).recency_days, 16)
        self.assertEqual(self.metric(self.partners[3]).age_days, 204)

    def test_a_night_writes_those_whom_something_happened_to_and_nobody_else(self):
        self.bought(self.partners[7], {-1: 10.0})
        before, figures = self.versions(), self.stored()
        self.work_out(TODAY + timedelta(1))
        changed = {who for who, values in self.stored().items() if values != figures[who]}
        self.assertEqual({who for who, version in self.versions().items() if version != before[who]}, changed)
        self.assertIn(self.partners[7].id, changed)
        self.assertLess(len(changed), 7)

    def test_conditions_are_asked_of_the_database_as_python_would(self):
        mine, buyers = self.mine(), self.mine().filtered("orders")
        for condition, wanted in (
            (("recency_days", ">", 30), buyers.filtered(lambda metric: metric.recency_days > 30)),
            (("recency_days", "in", [0, 5]), mine.filtered(lambda metric: metric.recency_days in (0, 5))),
            (("age_days", "<=", 205), mine.filtered(lambda metric: metric.age_days <= 205)),
            (("as_of", "=", TODAY), mine),
            (("as_of", ">", TODAY), mine[:0]),
            (("as_of", "!=", str(TODAY)), mine[:0]),
        ):
            with self.subTest(condition):
                self.assertEqual(self.Metric.search([("id", "in", mine.ids), condition]), wanted)
                self.assertEqual(mine.filtered_domain([condition]), wanted)

    def test_they_are_sorted_grouped_and_averaged(self):
        mine = [("company_id", "=", self.company.id), ("orders", ">", 0)]
        self.assertEqual(self.Metric.search(mine, order="recency_days").partner_id, self.partners)
        self.assertEqual(self.Metric.search(mine, order="age_days DESC")[:1].partner_id, self.partners[11])
        self.assertEqual(self.Metric._read_group(mine, ["as_of:month"], ["recency_days:avg"])[0][1], 27.5)
        groups = self.Metric._read_group(mine, ["recency_days"], ["__count"], having=[("__count", "=", 1)])
        self.assertEqual([days for days, _count in groups], [5 * number for number in range(12)])
        for name, told in self.Metric.fields_get(["as_of", "recency_days", "age_days"]).items():
            with self.subTest(name):
                self.assertTrue(told["searchable"] and told["sortable"] and told["groupable"])
        self.assertEqual(self.Metric.fields_get(["recency_days"])["recency_days"]["aggregator"], "avg")

    def test_those_of_1_and_of_13_customers_cost_the_same_number_of_queries(self):
        costs = []
        for some in (self.mine()[:1], self.mine()):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("recency_days")
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(costs[0], costs[1])

    def test_whoever_is_behind_when_a_night_s_work_stops_says_so(self):
        first, last = self.partners[0], self.partners[11]
        for night in (1, 2):
            run = self.Run._begin(self.company, "figures", TODAY + timedelta(night))
            run.next_partner, run.last_partner = first.id, last.id
            self.assertTrue(run._next_batch(1))
            self.assertEqual((self.metric(first).as_of, self.metric(last).as_of), (run.as_of, TODAY))
            self.assertEqual(self.Metric.search([("as_of", "=", run.as_of)]).partner_id, first)
        while run._next_batch():
            pass
        self.assertEqual(set(self.mine().mapped("as_of")), {run.as_of})

    def test_working_out_anew_later_leaves_the_day_as_it_is_until_then(self):
        self.Run._do_again(self.company)
        self.assertEqual(set(self.mine().mapped("as_of")), {TODAY})

    def test_a_day_before_is_worked_out_as_well(self):
        self.work_out(TODAY + timedelta(1))
        self.work_out(TODAY - timedelta(1))
        self.assertEqual(set(self.mine().mapped("as_of")), {TODAY - timedelta(1)})


@tagged("post_install", "-at_install")
class TestNights(NightsCase, FitCase):
    """Nights that write only what changes leave what one pass from nothing does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trade(150)
        cls.fit = cls.env["retention.model"]._fit(cls.company)
        cls.work_out()

    def estimated(self):
        """:returns: how many the last pass estimated, once per distinct past"""
        [[number]] = self.env.execute_query(SQL("SELECT COUNT(*) FROM customer_metric_estimate"))
        return number

    def happen(self, chance, night):
        """What may happen on a day: purchases, among them late ones, money given back, orders cancelled and moved."""
        some = chance.sample(list(self.partners), 12)
        for partner in some[:6]:
            self.bought(partner, {-night: chance.choice([10.0, 25.0])})
        self.bought(some[6], {600 + night: 30.0})
        self.bought(some[7], {-night: -15.0}, orders=0)
        for partner in some[8:10]:
            self.env.cr.execute(SQL("DELETE FROM customer_purchase WHERE partner_id = %s", partner.id))
        self.env.cr.execute(
            SQL(
                "UPDATE customer_purchase SET amount = amount + 5 WHERE id IN (SELECT MAX(id) FROM customer_purchase"
                " WHERE partner_id IN %s GROUP BY partner_id)",
                tuple(partner.id for partner in some[10:]),
            )
        )
        for partner in some[8:]:
            self.counted(partner)

    def test_a_night_reads_the_facts_of_those_counted_anew_or_with_a_purchase_since(self):
        bought, recounted = self.partners[5], self.partners[6]
        self.bought(self.partners[7], {-3: 25.0})  # after the night: not due yet
        self.work_out(TODAY + timedelta(1))
        self.bought(bought, {-2: 25.0})
        self.env["customer.metric.change"].search([]).unlink()
        self.counted(recounted)
        self.work_out(TODAY + timedelta(2))
        self.assertEqual(self.read_anew(), {bought.id, recounted.id})
        self.work_out(TODAY + timedelta(3))
        self.assertEqual(self.read_anew(), {self.partners[7].id})
        self.assertFalse(self.env["customer.metric.change"].search([("company_id", "=", self.company.id)]))

    def read_anew(self):
        """:returns: ids of those whose facts the last night read; none where it read all"""
        return {partner for (partner,) in self.env.execute_query(SQL("SELECT partner_id FROM customer_metric_changed"))}

    def test_whatever_else_the_figures_are_counted_by_all_facts_are_read(self):
        since = lambda: self.Metric._known_since(self.company, TODAY + timedelta(1), self.fit)  # noqa: E731
        self.assertEqual(since(), TODAY)
        self.assertIsNone(self.Metric._known_since(self.company, TODAY - timedelta(1), self.fit), "a day before")
        self.assertIsNone(self.Metric._known_since(self.company, TODAY, self.fit.browse()), "another fit")
        self.company.lifecycle_lost_factor = 5
        self.assertIsNone(since(), "another rule")
        self.work_out()
        self.assertEqual(since(), TODAY)
        self.Run._do_again(self.company)
        self.assertIsNone(since(), "asked for anew")
        run = self.Run._begin(self.company, "figures", TODAY)
        while run._next_batch(run.last_partner - 1):
            pass
        self.assertIsNone(since(), "not done in one piece")

    def test_night_after_night_the_same_is_left_as_by_one_pass_from_nothing(self):
        chance = random.Random(3)
        for night in (1, 2, 8, 9):
            self.happen(chance, night)
            self.work_out(TODAY + timedelta(night))
            if night in (2, 9):
                left = self.stored()
                self.assertEqual(self.worked_out_from_nothing(TODAY + timedelta(night)), left, night)

    def test_estimates_are_made_anew_for_who_bought_and_stand_for_the_others(self):
        buyer, before = self.partners[5], self.stored()
        self.bought(buyer, {-2: 25.0})
        self.work_out(TODAY + timedelta(2))
        self.assertEqual(self.estimated(), 1)
        after = self.stored()
        names = ("probability_alive", "expected_purchases", "lifetime_value", "lifetime_value_high", "estimated_on")
        self.assertEqual(after[buyer.id]["estimated_on"], TODAY + timedelta(2))
        changed = {who for who in after if any(after[who][name] != before[who][name] for name in names)}
        self.assertEqual(changed, {buyer.id})

    def test_after_a_week_without_another_fit_all_are_estimated_anew_as_of_then(self):
        before = self.stored()
        self.work_out(TODAY + timedelta(10))
        self.assertEqual(set(self.mine().mapped("estimated_on")), {TODAY + timedelta(7)})
        [metric] = self.metric(self.partners[5])
        fitted = self.fit._fitted()
        alive = fitted.probability_alive(metric.frequency, metric.t_x / 7, (metric.age_days - 3) / 7)
        self.assertAlmostEqual(metric.probability_alive, alive[0], places=3)
        repeaters = self.mine().filtered("frequency")
        self.assertTrue(
            all(metric.probability_alive <= before[metric.partner_id.id]["probability_alive"] for metric in repeaters)
        )

    def test_a_new_fit_estimates_all_anew(self):
        self.env["retention.model"]._fit(self.company)
        self.work_out()
        self.assertGreater(self.estimated(), 50)
