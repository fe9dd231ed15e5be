from datetime import timedelta

from odoo.tests import tagged

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestSpeed(ClubCase):
    """One member and a hundred cost the same number of queries."""

    def customers(self, count):
        partners = self.env["res.partner"].create([{"name": f"Customer {number}"} for number in range(count)])
        self.env.flush_all()
        return partners

    def queries(self, work):
        """The queries of ``work``, its writes to the database included, from a cold cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def assertSameQueries(self, work, one, many):
        work(self.customers(2))  # warm up what is read once per process
        few, lot = self.queries(lambda: work(one)), self.queries(lambda: work(many))
        self.assertLessEqual(lot, few + 2, f"{few} queries for {len(one)}, {lot} for {len(many)}")

    def test_enrolling(self):
        self.assertSameQueries(self.club._enrol, self.customers(1), self.customers(100))

    def test_changing_the_tier(self):
        warm, one, many = (self.club._enrol(self.customers(count)) for count in (2, 1, 100))
        warm._change_tier(self.gold, "warm up")
        change = lambda memberships: memberships._change_tier(self.gold, "spent a lot")  # noqa: E731
        few, lot = self.queries(lambda: change(one)), self.queries(lambda: change(many))
        self.assertLessEqual(lot, few + 2)

    def test_ending(self):
        warm, one, many = (self.club._enrol(self.customers(count)) for count in (2, 1, 100))
        warm._end("warm up")
        few, lot = self.queries(lambda: one._end("left")), self.queries(lambda: many._end("left"))
        self.assertLessEqual(lot, few + 2)

    def test_the_cron(self):
        def expire(count):
            memberships = self.club._enrol(self.customers(count))
            memberships.write(
                {"date_start": self.today - timedelta(days=9), "date_end": self.today - timedelta(days=1)}
            )
            return self.queries(lambda: (memberships._follow_dates(), memberships._follow_up()))

        expire(2)
        few, lot = expire(1), expire(100)
        self.assertLessEqual(lot, few + 2)

    def test_badges_and_counts(self):
        def read(partners):
            partners._customer_badges()
            partners.mapped("membership_count")

        one, many = self.customers(1), self.customers(100)
        self.club._enrol(one | many)
        self.assertSameQueries(read, one, many)

    def test_memberships_of_orders(self):
        one, many = self.customers(1), self.customers(100)
        self.club._enrol(one | many)
        orders = {
            len(partners): self.env["sale.order"].create([{"partner_id": partner.id} for partner in partners])
            for partners in (one, many)
        }
        few, lot = (self.queries(lambda count=count: orders[count].mapped("member_card_code")) for count in (1, 100))
        self.assertLessEqual(lot, few + 2)

    def test_banners_of_orders(self):
        self.club.write({"qualification_metric": "spend", "qualification_period": "rolling"})
        self.silver.threshold, self.gold.threshold = 500, 1000
        warm, one, many = (self.customers(count) for count in (2, 1, 100))
        for membership in self.club._enrol(warm | one | many):
            membership.card_id._book(60, "gift", f"test/{membership.id}")
        orders = [
            self.env["sale.order"].create([{"partner_id": partner.id} for partner in partners])
            for partners in (warm, one, many)
        ]
        _warm, few, lot = (self.queries(lambda of=of: of.mapped("member_banner")) for of in orders)
        self.assertLessEqual(lot, few, f"{few} queries for 1, {lot} for 100")
        self.assertIn("60 Points are worth", orders[2][-1].member_banner[0]["reward"])

    def test_the_list_of_memberships(self):
        one, many = (self.club._enrol(self.customers(count)) for count in (1, 100))
        fields = {
            "partner_id": {"fields": {"display_name": {}}},
            "card_code": {},
            "points_display": {},
            "state": {},
            "club_id": {"fields": {"display_name": {}}},
            "tier_id": {"fields": {"display_name": {}}},
        }
        few, lot = self.queries(lambda: one.web_read(fields)), self.queries(lambda: many.web_read(fields))
        self.assertLessEqual(lot, few + 2)

    def test_an_order_of_somebody_who_is_no_member_costs_one_query_more(self):
        self.club._enrol(self.siti)
        order = self.quotation(self.budi)
        order._follow_member_benefits()
        self.env.flush_all()
        with self.assertQueryCount(1):
            order._follow_member_benefits()

    def asked_of(self, work):
        """Which tables of clubs and tiers ``work`` reads: their names, sorted."""
        names = ("loyalty_membership", "loyalty_club", "tier_rel", "club_rel", "res_partner_grade")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertLogs("odoo.sql_db", "DEBUG") as log:
            work()
            self.env.flush_all()
        read = [" ".join(line.split()).split(" WHERE ")[0] for line in log.output if "SELECT" in line]
        read = [line.split(" FROM ")[-1] for line in read if "INSERT" not in line]
        return sorted(name for line in read for name in names if name in line)

    def test_an_order_of_a_stranger_asks_for_memberships_once_when_made_and_once_when_confirmed(self):
        self.club._enrol(self.siti)
        self.quotation(self.budi).action_confirm()  # what is kept in the memory of the server is there
        self.assertEqual(self.asked_of(lambda: self.quotation(self.budi)), ["loyalty_membership"])
        order = self.env["sale.order"].search([("partner_id", "=", self.budi.id)], order="id desc", limit=1)
        self.assertEqual(self.asked_of(order.action_confirm), ["loyalty_membership"])

    def test_where_clubs_qualify_a_strangers_order_asks_once_more(self):
        self.club.write({"qualification_metric": "spend", "qualification_period": "rolling"})
        self.quotation(self.budi).action_confirm()
        order = self.quotation(self.budi)
        asked = self.asked_of(order.action_confirm)
        self.assertEqual([name for name in asked if name != "loyalty_membership"], [])
        self.assertLessEqual(len(asked), 3, asked)

    def test_a_club_that_begins_to_take_buyers_is_known_at_once(self):
        self.quotation(self.budi).action_confirm()
        self.club.write({"enrolment": "automatic", "automatic_after": "order"})
        self.quotation(self.budi).action_confirm()
        self.assertEqual(self.budi._running_memberships().club_id, self.club)
        self.club.enrolment = "open"
        self.quotation(self.textile).action_confirm()
        self.assertFalse(self.textile._running_memberships())

    def test_writing_points(self):
        warm, one, many = (self.club._enrol(self.customers(count)).card_id for count in (2, 1, 100))
        quiet = {"loyalty_no_mail": True, "tracking_disable": True}
        warm, one, many = (self.env["loyalty.card"].browse(cards.ids) for cards in (warm, one, many))
        warm.with_context(**quiet).write({"points": 6})
        few, lot = (self.queries(lambda c=cards: c.with_context(**quiet).write({"points": 5})) for cards in (one, many))
        self.assertLessEqual(lot, few)
        few, lot = (self.queries(lambda c=cards: c.with_context(**quiet).write({"points": 2})) for cards in (one, many))
        self.assertLessEqual(lot, few)

    def test_the_ledger_of_orders_confirmed_together(self):
        def ledger_queries(count):
            customers = self.customers(count)
            self.club._enrol(customers)
            orders = self.quotation(customers[0]).browse()
            for customer in customers:
                orders |= self.quotation(customer)
            self.env.flush_all()
            with self.assertLogs("odoo.sql_db", "DEBUG") as log:
                orders.action_confirm()
                self.env.flush_all()
            return sum("loyalty_ledger_" in line for line in log.output)

        ledger_queries(1)
        self.assertEqual(ledger_queries(1), ledger_queries(20))

    def test_the_indexes_are_there(self):
        self.env.cr.execute(
            "SELECT indexname FROM pg_indexes WHERE indexname IN %s",
            [
                (
                    "sale_order_line_coupon_id_idx",
                    "sale_order_line_reward_id_idx",
                    "sale_order_coupon_points_coupon_id_idx",
                    "loyalty_card_code_lower_idx",
                    "loyalty_card_order_id_idx",
                    "loyalty_membership_one_open_per_club",
                    "loyalty_membership_next_change_idx",
                    "loyalty_membership_to_end_idx",
                    "loyalty_ledger_entry_card_idx",
                    "loyalty_ledger_entry_source_idx",
                    "loyalty_ledger_entry_expires_on_idx",
                    "loyalty_ledger_entry_pending_idx",
                    "loyalty_ledger_entry_source_key_unique",
                    "loyalty_ledger_entry_idempotency_key_unique",
                )
            ],
        )
        self.assertEqual(len(self.env.cr.fetchall()), 14)

    def test_deleting_a_card_looks_for_order_lines_by_the_index(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("EXPLAIN SELECT 1 FROM ONLY sale_order_line x WHERE coupon_id = 1 FOR KEY SHARE OF x")
        self.assertIn("sale_order_line_coupon_id_idx", str(self.env.cr.fetchall()))
