from odoo.tests import new_test_user, tagged

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestMerge(PurchaseCase):
    """Merging contacts by core's wizard loses no purchase."""

    def merge(self, source, target):
        self.env["base.partner.merge.automatic.wizard"]._merge((source + target).ids, target)

    def test_days_on_which_both_bought_are_added_up_at_once(self):
        self.buy(self.siti, "2025-03-14", 10.0)
        self.buy(self.budi, "2025-03-14", 20.0)
        self.buy(self.budi, "2025-01-05", 5.0)
        self.count()
        self.merge(self.budi, self.siti)
        self.assertEqual(self.days(self.siti), [("Siti", "2025-01-05", 1, 5.0), ("Siti", "2025-03-14", 2, 30.0)])
        self.assertEqual(self.months(self.siti), [("Siti", "2025-01", "2025-01", 0), ("Siti", "2025-03", "2025-01", 2)])

    def test_who_may_merge_contacts_may_do_so_without_any_right_to_the_figures(self):
        clerk = new_test_user(self.env, "clerk of contacts", "base.group_user,base.group_partner_manager")
        self.buy(self.budi, "2025-03-14", 20.0)
        self.count()
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(clerk)
        wizard._merge((self.budi + self.siti).ids, self.siti.with_user(clerk), extra_checks=False)
        self.assertEqual(self.days(self.siti), [("Siti", "2025-03-14", 1, 20.0)])

    def test_nothing_more_is_found_when_the_scheduled_job_counts_after_a_merge(self):
        team = self.env["crm.team"].create({"name": "Counter"})
        self.buy(self.siti, "2025-03-14", 10.0, team_id=team.id)
        self.buy(self.budi, "2025-02-14", 20.0, team_id=team.id)
        self.count()
        self.merge(self.budi, self.siti)
        merged = self.all_facts()
        months = self.env["customer.purchase.team"].search([("team_id", "=", team.id)])
        self.assertEqual(
            [(row.partner_id, str(row.month), str(row.cohort_month)) for row in months],
            [(self.siti, "2025-03-01", "2025-02-01"), (self.siti, "2025-02-01", "2025-02-01")],
        )
        self.count()
        self.assertEqual(self.all_facts(), merged)

    def test_changes_that_still_wait_for_a_merged_contact_are_not_lost(self):
        self.buy(self.budi, "2025-03-14", 20.0)
        self.env.flush_all()
        self.merge(self.budi, self.siti)
        self.count()
        self.assertEqual(self.days(self.siti), [("Siti", "2025-03-14", 1, 20.0)])

    def test_purchases_of_a_firm_s_contact_follow_him_to_the_firm_he_is_merged_into(self):
        old, new = self.env["res.partner"].create(
            [{"name": "Old firm", "is_company": True}, {"name": "New firm", "is_company": True}]
        )
        before, after = self.env["res.partner"].create(
            [{"name": "Rina", "parent_id": old.id}, {"name": "Rina", "parent_id": new.id}]
        )
        self.buy(before, "2025-03-14", 20.0)
        self.count()
        self.merge(before, after)
        self.assertEqual(self.days(old + new), [("New firm", "2025-03-14", 1, 20.0)])

    def test_the_contacts_of_a_merged_firm_buy_for_the_remaining_one(self):
        gone, kept = self.env["res.partner"].create(
            [{"name": "Firm", "is_company": True}, {"name": "Firm Ltd", "is_company": True}]
        )
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": gone.id})
        self.buy(buyer, "2025-03-14", 20.0)
        self.count()
        self.merge(gone, kept)
        self.count()
        self.assertEqual(self.days(kept + buyer), [("Firm Ltd", "2025-03-14", 1, 20.0)])
