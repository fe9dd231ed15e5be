from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .segment_common import SegmentCase


@tagged("post_install", "-at_install")
class TestSegment(SegmentCase):
    """Customers chosen by a rule."""

    def test_a_live_segment_holds_those_whom_the_rule_finds_at_the_moment(self):
        segment = self.segment()
        self.assertEqual(self.members(segment), self.siti + self.budi + self.agus)
        self.budi.city = "Bogor"
        self.assertEqual(self.members(segment), self.siti + self.agus)
        self.assertEqual(segment.member_count, 2)

    def test_a_rule_over_figures_asks_those_of_the_segment_s_company(self):
        self.figures(self.agus, self.env["res.company"].create({"name": "Other"}), churn_risk="high")
        segment = self.segment(metric_domain=self.at_risk)
        self.assertEqual(self.members(segment), self.siti)
        self.assertEqual(segment.member_count, 1)

    def test_a_static_segment_keeps_its_members_and_tells_who_came_and_left_since(self):
        segment = self.segment(kind="static")
        self.budi.city = "Bogor"
        rina = self.env["res.partner"].create({"name": "Rina", "city": "Bandung"})
        self.assertEqual(self.members(segment), self.siti + self.budi + self.agus)
        self.assertEqual((segment.member_count, segment.came_count, segment.left_count), (3, 1, 1))
        self.assertEqual(self.env["res.partner"].search(segment.action_open_came()["domain"]), rina)
        self.assertEqual(self.env["res.partner"].search(segment.action_open_left()["domain"]), self.budi)

    def test_refreshing_brings_in_who_came_and_keeps_the_day_of_who_stayed(self):
        segment = self.segment(kind="static")
        stored = self.env["customer.segment.member"].search([("segment_id", "=", segment.id)])
        self.env.cr.execute("UPDATE customer_segment_member SET since = '2020-01-01'")
        self.budi.city = "Bogor"
        rina = self.env["res.partner"].create({"name": "Rina", "city": "Bandung"})
        segment.action_refresh()
        self.assertEqual(self.members(segment), self.siti + self.agus + rina)
        after = self.env["customer.segment.member"].search([("segment_id", "=", segment.id)])
        self.assertEqual((stored & after).partner_id, self.siti + self.agus)
        self.assertEqual(set((stored & after).mapped("since")), {fields.Datetime.to_datetime("2020-01-01")})
        self.assertFalse(segment.came_count + segment.left_count)

    def test_a_live_segment_that_becomes_static_stores_its_members(self):
        segment = self.segment()
        segment.kind = "static"
        self.budi.city = "Bogor"
        self.assertIn(self.budi, self.members(segment))

    def test_the_button_opens_exactly_those_it_counts(self):
        segment = self.segment(metric_domain=self.at_risk)
        action = segment.action_open_members()
        self.assertEqual(self.env[action["res_model"]].search_count(action["domain"]), segment.member_count)

    def test_members_are_customers_and_a_contact_has_what_his_company_has(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True, "city": "Bandung"})
        worker = self.env["res.partner"].create({"name": "Worker", "parent_id": firm.id, "city": "Bandung"})
        segment = self.segment()
        self.assertIn(firm, self.members(segment))
        self.assertNotIn(worker, self.members(segment))
        self.assertIn(segment, worker.customer_segment_ids)

    def test_contacts_are_filtered_by_the_name_of_a_segment_and_by_having_none(self):
        segment = self.segment(name="Bandung people", metric_domain=self.at_risk)
        mine = [("id", "in", (self.siti + self.budi).ids)]
        Partner = self.env["res.partner"]
        self.assertEqual(Partner.search([*mine, ("customer_segment_ids", "ilike", "bandung people")]), self.siti)
        self.assertEqual(Partner.search([*mine, ("customer_segment_ids", "not in", segment.ids)]), self.budi)
        self.assertEqual(Partner.search([*mine, ("customer_segment_ids", "=", False)]), self.budi)
        self.assertEqual(Partner.search([*mine, ("customer_segment_ids", "!=", False)]), self.siti)

    def test_a_rule_may_name_another_segment_but_not_itself(self):
        base = self.segment()
        refined = self.segment(
            partner_domain=f"[('customer_segment_ids', 'in', [{base.id}])]", metric_domain=self.at_risk
        )
        self.assertEqual(self.members(refined), self.siti)
        with self.assertRaisesRegex(ValidationError, "leads back to itself"):
            base.partner_domain = f"[('customer_segment_ids', 'in', [{refined.id}])]"

    def test_a_rule_that_is_no_list_of_fixed_conditions_is_refused_with_the_reason(self):
        for rule in (
            "[('city', '=', __import__('os').getcwd())]",
            "[('no_such_field', '=', 1)]",
            "[('city', 'grows', 1)]",
            "[('id', 'any!', [])]",
            "{'a': 1}",
            "[('id', '=', 'abc')]",
            "[" * 5000,
            r"[('city', 'ilike', 'Bandung \ud83d')]",
            r"[('city', 'in', ['Bandung \x00'])]",
            "[('create_date', '>', '99999-12-31')]",
        ):
            with self.subTest(rule=rule[:40]), self.assertRaisesRegex(ValidationError, "Of Bandung"):
                self.segment(partner_domain=rule)

    def test_a_rule_of_a_number_that_nobody_has_finds_nobody(self):
        segment = self.segment(partner_domain="[('id', '=', 99999999999999999999)]")
        self.assertEqual((segment.member_count, segment.problem), (0, False))
        self.assertFalse(self.members(segment))

    def test_a_broken_rule_says_so_and_the_others_are_counted_all_the_same(self):
        good, broken = self.segment(), self.segment(name="Broken")
        self.break_rule(broken)
        self.assertEqual((good + broken).mapped("member_count"), [3, 0])
        self.assertIn("Broken", broken.problem)
        with self.assertRaisesRegex(UserError, "Broken"):
            self.members(broken)
        self.assertEqual(self.siti.customer_segment_ids, good)
        with self.enter_registry_test_mode(), self.assertLogs("odoo.addons.crm_analytics", "WARNING"):
            self.env.ref("crm_analytics.ir_cron_count_segments").method_direct_trigger()
        self.assertEqual((good + broken).size_ids.mapped("customers"), [3])

    def break_rule(self, segment):
        """As when a field that a rule names goes away with an addon."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE customer_segment SET partner_domain = %s WHERE id = %s", ["[('gone', '=', 1)]", segment.id]
        )
        segment.invalidate_recordset()

    def test_the_size_is_noted_once_a_day(self):
        segment = self.segment()
        today = self.company._purchase_today()
        segment._store_sizes()
        self.budi.city = "Bogor"
        segment._store_sizes()
        self.assertEqual(segment.size_ids.mapped(lambda size: (size.day, size.customers)), [(today, 2)])

    def test_day_by_day_the_sizes_make_a_history_that_the_form_shows(self):
        segment = self.segment()
        with freeze_time("2025-06-29 12:00:00"):
            segment._store_sizes()
        self.budi.city = "Bogor"
        with freeze_time("2025-06-30 12:00:00"):
            segment._store_sizes()
        shown = segment.with_user(self.analyst).read(["size_ids"])[0]["size_ids"]
        history = self.env["customer.segment.size"].with_user(self.analyst).browse(shown)
        self.assertEqual([(str(size.day), size.customers) for size in history], [("2025-06-30", 2), ("2025-06-29", 3)])

    def test_merged_contacts_are_in_all_segments_of_both_once(self):
        dewi = self.env["res.partner"].create({"name": "Dewi", "city": "Bandung"})
        both = self.segment(kind="static")
        only_dewi = self.segment(partner_domain="[('name', '=', 'Dewi')]", kind="static")
        self.env["base.partner.merge.automatic.wizard"]._merge((self.agus + dewi).ids, self.agus)
        self.assertEqual(self.members(both), self.siti + self.budi + self.agus)
        self.assertEqual(self.members(only_dewi), self.agus)
        stored = self.env["customer.segment.member"].search([("segment_id", "in", (both + only_dewi).ids)])
        self.assertEqual(len(stored), 4)

    def test_being_in_a_segment_keeps_no_contact_from_being_deleted(self):
        self.segment(kind="static")
        self.agus.unlink()
        self.assertFalse(self.agus.exists())

    def test_calls_are_planned_with_the_members(self):
        action = self.segment(metric_domain=self.at_risk).action_plan_calls()
        wizard = self.env["contact.plan.call"].with_context(**action["context"]).create({})
        self.assertEqual(wizard.partner_ids, self.siti)
        wizard.action_plan()
        self.assertEqual(self.siti.activity_ids.activity_type_id, self.env.ref("mail.mail_activity_data_call"))

    def test_too_many_or_nobody_to_call_is_told(self):
        with self.assertRaisesRegex(UserError, "Nobody is in"):
            self.segment(partner_domain="[('city', '=', 'Nowhere')]").action_plan_calls()
        with (
            patch("odoo.addons.crm_analytics.models.customer_segment_actions.MOST", 2),
            self.assertRaisesRegex(UserError, "more than 2"),
        ):
            self.segment().action_plan_calls()


@tagged("post_install", "-at_install")
class TestSegmentSpeed(SegmentCase):
    """The number of customers costs no query, nor does the number of segments."""

    def queries(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_hundred_members_are_stored_with_as_many_queries_as_one(self):
        many = self.env["res.partner"].create([{"name": f"C{n}", "city": "Solo"} for n in range(100)])
        few = self.env["res.partner"].create({"name": "Alone", "city": "Kediri"})
        one, hundred, warm = (
            self.segment(kind="static", partner_domain=f"[('city', '=', '{city}')]")
            for city in ("Kediri", "Solo", "Malang")
        )
        self.assertEqual((one.member_count, hundred.member_count), (len(few), len(many)))
        self.queries(warm.action_refresh)
        self.assertEqual(self.queries(one.action_refresh), self.queries(hundred.action_refresh))

    def test_forty_segments_are_counted_in_as_many_queries_as_one(self):
        one, forty = self.segment(), self.Segment.browse()
        for number in range(40):
            forty += self.segment(name=f"S{number}")
        self.queries(lambda: one.mapped("member_count"))
        few = self.queries(lambda: one.mapped("member_count"))
        self.assertLessEqual(self.queries(lambda: forty.mapped("member_count")), few)
        few = self.queries(one._store_sizes)
        self.assertLessEqual(self.queries(forty._store_sizes), few)

    def test_segments_of_eighty_customers_cost_as_many_queries_as_of_one(self):
        self.segment()
        partners = self.env["res.partner"].create([{"name": f"C{n}", "city": "Bandung"} for n in range(80)])
        self.queries(lambda: partners[:1].customer_segment_ids)
        few = self.queries(lambda: partners[:1].mapped("customer_segment_ids"))
        self.assertLessEqual(self.queries(lambda: partners.mapped("customer_segment_ids")), few)
