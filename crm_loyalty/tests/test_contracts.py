from odoo.tests import tagged

from .common import ClubCase


@tagged("post_install", "-at_install")
class TestContracts(ClubCase):
    """What crm_contact_history asks of its sources."""

    def test_joining_and_changes_stand_in_the_history_of_the_contact(self):
        membership = self.club._enrol(self.siti, tier=self.silver, reason="asked for it")
        membership._change_tier(self.gold, "spent a lot")
        titles = [row["title"] for row in membership.log_ids._contact_history_render().values()]
        self.assertEqual(
            sorted(titles), ["Kopi Braga Club · Enrolled · Silver", "Kopi Braga Club · Tier changed · Silver → Gold"]
        )
        (spec,) = self.env["loyalty.membership.log"]._contact_history_specs()
        self.assertIn(
            spec.kind, dict(self.env["contact.history.entry"]._fields["kind"]._description_selection(self.env))
        )

    def test_a_customer_is_found_by_the_card(self):
        specs = self.env["loyalty.card"]._contact_lookup_specs()
        self.assertEqual([(spec.field, spec.match) for spec in specs], [("code", "prefix")])

    def test_the_badge_tells_tier_and_since_when(self):
        self.club._enrol(self.siti, tier=self.gold)
        (badge,) = self.siti.with_user(self.clerk)._customer_badges()[self.siti.id]
        self.assertEqual((badge["label"], badge["severity"]), ("Kopi Braga Club", "success"))
        self.assertTrue(badge["value"].startswith("Gold since "))

    def test_a_contact_shows_the_badge_of_its_company(self):
        self.club._enrol(self.textile)
        self.assertEqual(len(self.rina._customer_badges()[self.rina.id]), 1)
        self.assertEqual(self.rina.membership_count, 1)

    def test_the_front_desk_offers_to_enrol(self):
        methods = [button["method"] for button in self.siti.with_user(self.clerk)._front_desk_buttons()]
        self.assertIn("action_enrol_in_club", methods)
        self.assertEqual(self.siti.with_user(self.clerk).action_enrol_in_club()["res_model"], "loyalty.enrol.wizard")
