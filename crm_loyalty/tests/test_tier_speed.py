import re
from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from .tier_case import TierCase

# Statements of one batch of the night, and those that tiers add to the confirmation of an order.
NIGHT, ORDER = 20, 7


@tagged("post_install", "-at_install")
class TestTierSpeed(TierCase):
    """One member and a hundred cost the same number of queries; each search has its index."""

    def members(self, count, spent=0):
        partners = self.env["res.partner"].create([{"name": f"Customer {number}"} for number in range(count)])
        members = self.club._enrol(partners)
        if spent:
            lines = [
                {"partner_id": partner.id, "order_line": [self.line_of(self.coffee, spent)]} for partner in partners
            ]
            orders = self.env["sale.order"].create(lines)
            orders.write({"state": "sale", "date_order": self.env.cr.now()})
        self.work_off()
        return members

    def queries(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def assertSameQueries(self, work, make):
        counted = []
        for count in (2, 1, 100):  # the first warms up what is read once per process
            members = make(count)
            counted.append(self.queries(lambda members=members: work(members)))
        _warm, few, lot = counted
        self.assertLessEqual(lot, few + 2, f"{few} queries for 1, {lot} for 100")

    def test_evaluating_when_nothing_has_changed(self):
        self.assertSameQueries(self.Membership._evaluate_tiers, lambda count: self.members(count, 500))

    def test_evaluating_when_values_have_changed(self):
        def change(count):
            members = self.members(count, 500)
            members.sudo().qualified_value = 7
            return members

        self.assertSameQueries(self.Membership._evaluate_tiers, change)

    def test_going_up(self):
        def low(count):
            members = self.members(count, 1500)
            members.sudo().write({"tier_id": self.green.id, "review_date": False})
            return members

        self.assertSameQueries(self.Membership._evaluate_tiers, low)

    def test_going_down_at_the_review(self):
        def high(count):
            members = self.members(count)
            members.sudo().write({"tier_id": self.gold.id, "review_date": self.today})
            return members

        self.assertSameQueries(self.Membership._evaluate_tiers, high)

    def test_the_queue(self):
        def waiting(count):
            members = self.members(count, 500)
            members.sudo().qualified_value = 7
            members._queue_tiers()
            self.env.flush_all()

        self.assertSameQueries(lambda _none: self.Queue._drain_batch(), waiting)

    def statements(self, work):
        """What ``work`` asks of the database, its writes included, from a cold cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertLogs("odoo.sql_db", "DEBUG") as log:
            work()
            self.env.flush_all()
        return [" ".join(line.split()) for line in log.output if "query:" in line]

    def test_a_night_in_which_members_move_takes_few_statements_however_many_they_are(self):
        counted = []
        for count in (2, 1, 100):
            members = self.members(count, 1500)
            members.sudo().write({"tier_id": self.green.id, "review_date": False})
            members._queue_tiers()
            counted.append(len(self.statements(self.Queue._drain_batch)))
            self.assertEqual(members.tier_id, self.silver)
        _warm, one, many = counted
        self.assertLessEqual(many, one)
        self.assertLessEqual(many, NIGHT, "each batch of a night asks these again")

    def test_an_order_of_a_member_asks_for_his_memberships_once_when_made_and_once_when_confirmed(self):
        self.member()
        self.quotation(self.siti).action_confirm()  # what is kept in the memory of the server is there
        looked_up = "FROM loyalty_membership WHERE date_start"
        made = self.statements(lambda: self.quotation(self.siti))
        order = self.env["sale.order"].search([("partner_id", "=", self.siti.id)], order="id desc", limit=1)
        confirmed = self.statements(order.action_confirm)
        self.assertEqual([sum(looked_up in line for line in lines) for lines in (made, confirmed)], [1, 1])

    def test_what_tiers_cost_an_order(self):
        """Looking for the member, the rules of his club and what he has bought; and one row in the queue."""
        counted = []
        for metric in (False, "spend"):
            self.club.qualification_metric = metric
            partner = self.env["res.partner"].create({"name": f"Customer by {metric}"})
            self.club._enrol(partner)
            self.quotation(partner).action_confirm()
            order = self.quotation(partner)
            counted.append(len(self.statements(order.action_confirm)))
        self.assertLessEqual(counted[1] - counted[0], ORDER)

    def test_contacts_have_room_for_a_new_level_beside_the_old_one(self):
        self.env.cr.execute("SELECT reloptions FROM pg_class WHERE oid = 'res_partner'::regclass")
        [options] = self.env.cr.fetchone()
        self.assertIn("fillfactor=90", options)

    def test_a_member_who_moves_is_written_once(self):
        """A row that is written again in the same transaction has all its foreign keys looked up again."""
        members = self.members(3, 1500)
        members.sudo().write({"tier_id": self.green.id, "review_date": False})
        members.sudo().qualified_value = 7
        self.env.flush_all()
        before = self.rows_written("loyalty_membership")
        self.evaluate(members)
        self.assertEqual((members.tier_id, members.mapped("qualified_value")), (self.silver, [1500] * 3))
        self.assertEqual(self.rows_written("loyalty_membership") - before, 3)

    def rows_written(self, table):
        """How many rows of a table this transaction has changed."""
        [[count]] = self.env.execute_query(SQL("SELECT pg_stat_get_xact_tuples_updated(%s::regclass)", table))
        return count

    def test_whose_year_begins_anew_is_asked_of_the_index_on_anniversaries(self):
        self.club.qualification_period = "membership_year"
        over = self.club._whose_period_is_over(self.today - timedelta(days=1), self.today)
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(SQL("EXPLAIN SELECT id FROM loyalty_membership member WHERE %s", over))
        self.assertIn("loyalty_membership_start_year_day_idx", str(self.env.cr.fetchall()))

    def test_a_change_of_tier_is_logged_by_one_statement(self):
        members = self.members(3, 1500)
        members.sudo().write({"tier_id": self.green.id, "review_date": False})
        self.env.flush_all()
        with self.assertLogs("odoo.sql_db", "DEBUG") as log:
            self.Membership._evaluate_tiers(members)
            self.env.flush_all()
        written = [line for line in log.output if 'query: UPDATE "loyalty_membership_log"' in line]
        self.assertEqual((members.tier_id, written), (self.silver, []))

    def test_giving_a_tier_by_hand(self):
        until = self.today.replace(year=self.today.year + 1, day=1)
        self.assertSameQueries(lambda members: members._change_tier(self.gold, "all", until=until), self.members)

    def test_the_columns_of_the_list(self):
        columns = {name: {} for name in ("qualified_value", "missing_value", "review_date", "qualified_text")}
        columns["next_tier_id"] = {"fields": {"display_name": {}}}
        self.assertSameQueries(lambda members: members.web_read(columns), lambda count: self.members(count, 500))

    def test_badges(self):
        self.assertSameQueries(lambda members: members.partner_id._customer_badges(), self.members)

    def test_confirming_an_order_of_a_stranger_looks_at_no_tier(self):
        self.member()
        order = self.quotation(self.budi)
        with self.assertLogs("odoo.sql_db", "DEBUG") as log:
            order.action_confirm()
            self.env.flush_all()
        self.assertFalse([line for line in log.output if "WITH fresh" in line])

    def test_where_no_club_qualifies_nothing_is_queued(self):
        self.club.qualification_metric = False
        self.member()
        with self.assertLogs("odoo.sql_db", "DEBUG") as log:
            self.bought(self.siti, 100)
            self.env.flush_all()
        self.assertFalse([line for line in log.output if "loyalty_tier_queue" in line])

    def test_quotations_are_not_looked_at_for_price_lists_of_tiers_more_than_once(self):
        self.quotation(self.budi)
        order = self.quotation(self.budi)
        with self.assertQueryCount(0):
            order._leave_foreign_tier_pricelist()

    def test_what_members_have_bought_is_added_up_from_indexes_alone(self):
        """Nothing that is asked of contacts and orders is missing in the index: the tables need not be read."""

        def columns(index):
            query = SQL("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass", index)
            return {name for (name,) in self.env.execute_query(query)}

        for metric in ("spend", "orders"):
            asked = self.club._current_values(self.today, [1], metric=metric).code
            orders, contacts = (set(re.findall(rf"\b{table}\.(\w+)", asked)) for table in ("sale_order", "contact"))
            self.assertIn("amount_untaxed", orders)
            self.assertLessEqual(orders, columns("sale_order_net_spend_idx") | {"state"})  # all in it are confirmed
            self.assertIn("commercial_partner_id", contacts)
            self.assertLessEqual(contacts, columns("res_partner_account_idx"))

    def test_the_indexes_are_there(self):
        names = (
            "loyalty_membership_review_date_idx",
            "loyalty_membership_tier_until_idx",
            "loyalty_tier_queue__membership_id_index",
            "sale_order_net_spend_idx",
            "res_partner_account_idx",
        )
        self.env.cr.execute("SELECT count(*) FROM pg_indexes WHERE indexname IN %s", [names])
        self.assertEqual(self.env.cr.fetchone(), (len(names),))
