"""The generated trade is what it promises to be, and Odoo's own code finds nothing wrong with it."""

import hashlib

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from benchmarks.data import bulk
from benchmarks.generator import STEPS, generate
from benchmarks.sizes import SIZES

XS = SIZES["XS"]


@tagged("post_install", "-at_install")
class TestGenerator(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.told = []
        cls.done = generate(cls.env, XS, say=cls.told.append)
        cls.env.cr.execute("SELECT partner_id FROM bench.customer ORDER BY rank")
        cls.customers = cls.env["res.partner"].browse(partner for (partner,) in cls.env.cr.fetchall())
        cls.people = cls.customers | cls.customers.child_ids
        cls.orders = cls.env["sale.order"].search([("partner_id", "in", cls.people.ids)], order="id")

    def test_there_are_as_many_of_each_as_the_size_says(self):
        messages = self.env["mail.message"].search_count([("message_id", "like", ".bench@mail.example")])
        self.assertEqual((len(self.customers), len(self.orders), messages), (XS.customers, XS.orders, XS.messages))
        self.assertGreater(len(self.people), XS.customers, "companies have contacts")
        self.assertGreater(len(self.orders.order_line), 2 * XS.orders, "two lines an order, or more")

    def test_the_trade_covers_every_month_of_three_years_and_grows(self):
        months = dict(
            self.env["sale.order"]._read_group([("id", "in", self.orders.ids)], ["date_order:month"], ["__count"])
        )
        by_month = [months[month] for month in sorted(months)]
        self.assertEqual(len(by_month), 36)
        self.assertGreater(sum(by_month[24:]), 2 * sum(by_month[:12]))

    def test_december_is_a_high_season(self):
        months = dict(
            self.env["sale.order"]._read_group([("id", "in", self.orders.ids)], ["date_order:month"], ["__count"])
        )
        year = {month.month: count for month, count in months.items() if (month.year, month.month) >= (2024, 7)}
        self.assertGreater(year[12], 1.4 * max(year[11], year[1]))

    def test_few_customers_buy_most_and_some_buy_once_or_never(self):
        groups = self.env["sale.order"]._read_group([("id", "in", self.orders.ids)], ["partner_id"], ["__count"])
        bought = {}
        for partner, count in groups:
            bought[partner.commercial_partner_id] = bought.get(partner.commercial_partner_id, 0) + count
        counts = sorted(bought.values(), reverse=True)
        self.assertGreater(sum(counts[:20]), XS.orders / 3, "a tenth of the customers brings more than a third")
        self.assertIn(1, counts)
        self.assertLess(len(bought), XS.customers)

    def test_odoo_computes_the_same_amounts_again(self):
        fields = {
            "sale.order": ("amount_untaxed", "amount_tax", "amount_total", "invoice_status"),
            "sale.order.line": (
                *("price_subtotal", "price_tax", "price_total", "price_reduce_taxexcl", "price_reduce_taxinc"),
                *("qty_to_invoice", "qty_invoiced", "untaxed_amount_to_invoice", "invoice_status", "state"),
                *("order_partner_id", "salesman_id", "currency_id", "company_id"),
            ),
        }
        orders = self.orders[::10] | self.orders.filtered(lambda order: order.state == "draft")
        self.assertEqual({"sale", "cancel", "draft"}, set(orders.mapped("state")))
        self._assert_recomputed(orders.order_line, fields["sale.order.line"])
        self._assert_recomputed(orders, fields["sale.order"])

    def test_odoo_computes_the_same_contacts_again(self):
        fields = (
            "complete_name",
            "commercial_partner_id",
            "commercial_company_name",
            "email_normalized",
            "phone_sanitized",
        )
        self._assert_recomputed(self.people, (*fields, "partner_share"))

    def _assert_recomputed(self, records, fields):
        before = records.read(fields, load=False)
        for field in fields:
            self.env.add_to_compute(records._fields[field], records)
        records._recompute_recordset(fields)
        for old, new in zip(before, records.read(fields, load=False), strict=True):
            for name, value in old.items():
                if isinstance(value, float):
                    self.assertAlmostEqual(value, new[name], 2, f"{name} of {records._name} {old['id']}")
                else:
                    self.assertEqual(value, new[name], f"{name} of {records._name} {old['id']}")

    def test_phone_numbers_are_valid_and_each_customer_has_his_own(self):
        with_phone = self.people.filtered("phone")
        self.assertTrue(with_phone)
        for partner in with_phone:
            self.assertEqual(partner._phone_format(fname="phone"), partner.phone_sanitized, partner.phone)
        self.assertEqual(len(set(with_phone.mapped("phone_sanitized"))), len(with_phone))

    def test_a_salesperson_confirms_and_cancels_a_generated_order(self):
        order = self.orders.filtered(lambda order: order.state == "draft")[:1]
        order = order.with_user(order.user_id)
        order.action_confirm()
        self.assertEqual((order.state, order.invoice_status), ("sale", "to invoice"))
        order._action_cancel()
        self.assertEqual((order.state, order.invoice_status), ("cancel", "no"))

    def test_a_new_order_takes_the_next_number(self):
        order = self.env["sale.order"].create({"partner_id": self.customers[0].id})
        self.assertNotIn(order.name, self.orders.mapped("name"))
        self.assertEqual(self.env["sale.order"].search_count([("name", "=", order.name)]), 1)

    def test_the_sales_report_sees_every_confirmed_order(self):
        confirmed = self.orders.filtered(lambda order: order.state == "sale")
        domain = [("state", "=", "sale"), ("partner_id", "in", self.people.ids)]
        [(total,)] = self.env["sale.report"]._read_group(domain, [], ["price_total:sum"])
        self.assertAlmostEqual(total, sum(confirmed.mapped("amount_total")), 2)

    def test_outgoing_messages_reached_the_customer(self):
        sent = self.env["mail.notification"].search([("res_partner_id", "in", self.people.ids)])
        self.assertEqual(len(sent), self.done["mail.notification"][0])
        self.assertEqual(set(sent.mapped("notification_status")), {"sent"})
        for notification in sent[:50]:
            self.assertEqual(notification.mail_message_id.partner_ids, notification.res_partner_id)

    def test_an_incoming_message_is_by_the_customer_of_the_order(self):
        received = self.env["mail.message"].search(
            [("model", "=", "sale.order"), ("message_type", "=", "email"), ("author_id", "in", self.people.ids)]
        )
        self.assertGreater(len(received), XS.messages / 6)
        orders = self.env["sale.order"].browse(received.mapped("res_id"))
        self.assertEqual(received.author_id, orders.partner_id)

    def test_a_second_run_adds_nothing(self):
        told = []
        generate(self.env, XS, say=told.append)
        self.assertEqual(len(told), len(STEPS))
        self.assertTrue(all("already there" in text for text in told))
        self.assertEqual(self.env["sale.order"].search_count([("partner_id", "in", self.people.ids)]), XS.orders)

    def test_a_killed_run_goes_on_with_the_table_it_was_at(self):
        self._forget_the_data()

        def killed_after_orders(text):
            if "sale.order:" in text:
                raise KeyboardInterrupt

        try:  # not assertRaises: Odoo's would roll back what the run had committed
            generate(self.env, XS, say=killed_after_orders)
            self.fail("not killed")
        except KeyboardInterrupt:
            pass
        told = []
        generate(self.env, XS, say=told.append)
        self.assertIn("sale.order: already there", told[list(STEPS).index("sale.order")])
        self.assertIn("rows in", told[list(STEPS).index("sale.order.line")])

    def test_the_same_size_gives_the_same_rows(self):
        first = self._digest()
        self._forget_the_data()
        generate(self.env, XS)
        self.assertEqual(self._digest(), first)

    def _forget_the_data(self):
        """Only so that it can be made again beside the first; names and logins must not collide."""
        self.env.cr.execute("DROP SCHEMA bench CASCADE")
        for table, column in (
            ("res_users", "login"),
            ("product_product", "default_code"),
            ("mail_message", "message_id"),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(column)s = 'old ' || %(column)s WHERE %(column)s LIKE '%%bench%%'"
                    " OR %(column)s LIKE 'B0%%'",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                )
            )
        self.env.invalidate_all()

    def _digest(self):
        """Of what matters of the newest customers, orders and messages, ids apart."""
        self.env.cr.execute(
            """SELECT string_agg(concat_ws('|', customer.rank, partner.name, partner.email, partner.phone, sale.name,
                                           sale.state, sale.date_order, sale.amount_total, written.body, written.date),
                                 chr(10) ORDER BY sale.id, written.id)
                 FROM bench.customer
                 JOIN res_partner partner ON partner.commercial_partner_id = customer.partner_id
                 JOIN sale_order sale ON sale.partner_id = partner.id
            LEFT JOIN mail_message written ON written.model = 'sale.order' AND written.res_id = sale.id"""
        )
        [text] = self.env.cr.fetchone()
        self.assertGreater(text.count("\n"), XS.orders)
        return hashlib.sha256(text.encode()).hexdigest()


@tagged("post_install", "-at_install")
class TestBulk(TransactionCase):
    def test_indexes_and_keys_are_as_before_after_a_load_without_them(self):
        cr = self.env.cr
        keys, indexes = bulk.foreign_keys(cr, "sale_order_line"), bulk.secondary_indexes(cr, "sale_order_line")
        self.assertIn("sale_order_line_order_id_fkey", keys)
        with bulk.loading(cr, "sale_order_line", rows=1, worth=0):
            self.assertFalse(bulk.foreign_keys(cr, "sale_order_line"))
            self.assertFalse(bulk.secondary_indexes(cr, "sale_order_line"))
        self.assertEqual(bulk.foreign_keys(cr, "sale_order_line"), keys)
        self.assertEqual(bulk.secondary_indexes(cr, "sale_order_line"), indexes)

    def test_few_rows_leave_indexes_alone(self):
        with bulk.loading(self.env.cr, "sale_order_line", rows=1):
            self.assertTrue(bulk.secondary_indexes(self.env.cr, "sale_order_line"))

    def test_slices_cover_each_number_once(self):
        covered, told = [], []
        total = bulk.in_slices(
            2_500, lambda low, high: covered.extend(range(low, high + 1)) or high - low + 1, told.append
        )
        self.assertEqual((covered, total, told[-1]), (list(range(1, 2_501)), 2_500, 2_500))
