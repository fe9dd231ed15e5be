from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .segment_common import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentMailing(SegmentCase):
    """A segment as one of core's mailing lists."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bandung = cls.segment()
        cls.marketer = new_test_user(
            cls.env,
            "marketer",
            "base.group_user,crm_analytics.group_analytics_manager,mass_mailing.group_mass_mailing_user",
            context={"no_reset_password": True, "tracking_disable": True},
        )

    def listed(self):
        subscriptions = self.env["mailing.subscription"].search([("list_id", "=", self.bandung.mailing_list_id.id)])
        return sorted(subscriptions.filtered(lambda one: not one.opt_out).contact_id.mapped("email"))

    def unsubscribe(self, partner):
        """What core's link in the mailing does."""
        self.bandung.mailing_list_id._update_subscription_from_email(partner.email, opt_out=True)

    def test_the_members_are_put_on_a_list_each_address_once(self):
        self.agus.email = "SITI@segment.example"
        self.env["mailing.contact"].create({"name": "Known", "email": "budi@segment.example"})
        self.bandung.with_user(self.marketer).action_update_list()
        self.assertEqual(self.listed(), ["budi@segment.example", "siti@segment.example"])
        self.assertEqual(self.env["mailing.contact"].search_count([("email", "=", "budi@segment.example")]), 1)
        self.bandung.action_update_list()
        self.assertEqual(len(self.listed()), 2)

    def test_the_list_follows_the_segment_and_leaves_alone_who_came_by_hand(self):
        self.bandung.action_update_list()
        self.env["mailing.contact"].create(
            {"name": "By hand", "email": "hand@segment.example", "list_ids": self.bandung.mailing_list_id.ids}
        )
        self.budi.city = "Bogor"
        self.siti.email = "siti.new@segment.example"
        self.bandung.action_update_list()
        self.assertEqual(self.listed(), ["agus@segment.example", "hand@segment.example", "siti.new@segment.example"])

    def test_who_unsubscribed_never_comes_back(self):
        self.bandung.action_update_list()
        self.unsubscribe(self.siti)
        self.bandung.action_update_list()
        self.assertNotIn("siti@segment.example", self.listed())
        self.siti.city = "Bogor"
        self.bandung.action_update_list()
        self.siti.write({"city": "Bandung", "email": "other@segment.example"})
        self.bandung.action_update_list()
        self.assertEqual(self.listed(), ["agus@segment.example", "budi@segment.example"])

    def test_who_unsubscribed_stays_so_when_contacts_are_merged(self):
        self.bandung.action_update_list()
        dewi = self.env["res.partner"].create({"name": "Dewi", "city": "Bandung", "email": "dewi@segment.example"})
        self.bandung.action_update_list()
        self.unsubscribe(self.agus)
        self.env["base.partner.merge.automatic.wizard"]._merge((self.agus + dewi).ids, dewi)
        self.bandung.action_update_list()
        self.assertEqual(self.listed(), ["budi@segment.example", "siti@segment.example"])

    def test_who_is_on_the_blacklist_is_not_put_on_the_list_and_is_taken_off(self):
        self.bandung.action_update_list()
        self.env["mail.blacklist"]._add("siti@segment.example")
        self.bandung.action_update_list()
        self.assertNotIn("siti@segment.example", self.listed())

    def test_a_mailing_is_written_to_the_list(self):
        action = self.bandung.with_user(self.marketer).action_write_mailing()
        mailing = Form(self.env["mailing.mailing"].with_user(self.marketer).with_context(**action["context"]))
        self.assertEqual(mailing.contact_list_ids[:], self.bandung.mailing_list_id)

    def test_the_scheduled_job_keeps_lists_in_step_past_a_broken_rule(self):
        broken = self.segment(name="Broken")
        (broken + self.bandung).action_update_list()
        self.budi.city = "Bogor"
        self.env.flush_all()
        self.env.cr.execute(
            'UPDATE customer_segment SET partner_domain = \'[("gone", "=", 1)]\', list_updated_at = NULL WHERE id = %s',
            [broken.id],
        )
        with self.enter_registry_test_mode(), self.assertLogs("odoo.addons.crm_analytics", "WARNING"):
            self.env.ref("crm_analytics.ir_cron_update_segment_lists").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.listed(), ["agus@segment.example", "siti@segment.example"])

    def test_a_hundred_members_are_listed_with_as_many_queries_as_one(self):
        people = self.env["res.partner"].create(
            [{"name": f"C{n}", "city": "Solo", "email": f"c{n}@segment.example"} for n in range(102)]
        )
        people[:2].city, people[0].city = "Kediri", "Malang"
        few, many, warm = (self.segment(partner_domain=f"[('city', '=', '{c}')]") for c in ("Kediri", "Solo", "Malang"))
        counts = []
        for segment in (warm, few, many):
            segment.mailing_list_id = self.env["mailing.list"].create({"name": "L"})
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(segment._join_list())
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 1)

    def test_an_analyst_without_rights_to_mailings_makes_no_list(self):
        mine = self.Segment.with_user(self.analyst).create({"name": "Mine", "partner_domain": self.of_bandung})
        for call in (mine.action_update_list, mine.action_write_mailing):
            with self.assertRaises(AccessError):
                call()

    def test_an_offer_is_written_to_the_customers_chosen_from_the_risk_list(self):
        figures = self.env["customer.metric"].with_user(self.marketer).search([("churn_risk", "=", "high")])
        action = (figures & figures.search([("partner_id", "=", self.siti.id)])).action_send_offer()
        form = Form(self.env["mailing.mailing"].with_user(self.marketer).with_context(**action["context"]))
        mailing = form.save()
        self.assertEqual(mailing._get_recipients(), self.siti.ids)

    def test_an_anonymised_contact_leaves_no_address_on_a_list(self):
        self.bandung.action_update_list()
        self.siti._anonymise()
        self.assertFalse(self.env["mailing.contact"].search([("email_normalized", "=", "siti@segment.example")]))
