from odoo.tests import new_test_user, tagged

from .co_marketing_case import SIGNATURE
from .co_marketing_theirs_case import TheirsCase


@tagged("post_install", "-at_install")
class TestCoMarketingMerge(TheirsCase):
    """Merging contacts loses nothing of an agreement, and what may be once stays once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "base.group_user,base.group_partner_manager"
        cls.clerk_of_contacts = new_test_user(cls.env, "contacts clerk", groups)

    def merge(self, stays, goes, user=None):
        self.env.flush_all()
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user or self.env.user)
        wizard._merge((stays | goes).ids, stays.with_user(user or self.env.user), extra_checks=False)
        self.env.invalidate_all()

    def test_the_partner_entered_twice_keeps_agreements_outlets_people_and_statements_of_both(self):
        twin = self.env["res.partner"].create({"name": "Warung Dago again", "is_company": True})
        eka = self.env["res.partner"].create({"name": "Eka", "parent_id": twin.id})
        outlet = self.env["co.marketing.outlet"].create({"name": "Lembang", "partner_id": twin.id})
        theirs = self.make_agreement(
            [{"name": "Tea", "settlement_kind": "each", "settlement_figure": 2}],
            partner_id=twin.id, outlet_ids=outlet.ids, contact_ids=twin.ids,
        )  # fmt: skip
        self.redeem(theirs.version_id.benefit_ids, outlet=outlet)
        statement = theirs._settle(theirs._today())
        statement.action_send()
        statement._confirm(twin)
        self.env["co.marketing.person"]._grant(eka, "manager", self.company)
        self.merge(self.warung, twin)
        self.assertEqual((theirs.partner_id, outlet.partner_id, theirs.contact_ids), (self.warung,) * 3)
        self.assertEqual((statement.partner_id, statement.confirmed_by_id), (self.warung,) * 2)
        self.assertEqual((self.agreement.partner_id, self.dago.partner_id), (self.warung,) * 2)
        self.assertEqual(self.warung.with_user(self.manager).partner_agreement_count, 3)
        people = self.env["co.marketing.person"].search([("partner_id", "=", eka.id)])
        self.assertLessEqual(theirs | self.agreement, people._managed_agreements())
        self.assertEqual(self.redeem(theirs.version_id.benefit_ids, outlet=outlet).state, "done")
        theirs._check_outlets()
        statement.action_post()
        self.assertEqual(statement.move_id.partner_id, self.warung)

    def test_two_contacts_of_one_person_keep_his_roles_and_his_signature(self):
        people = self.env["co.marketing.person"]
        people._grant(self.agus, "manager", self.company)
        people._grant(self.dewi, "cashier", self.company, self.dago)
        self.agreement.action_change_terms()
        self.agreement.action_propose()
        self.agreement.open_version_id._accept("Dewi", SIGNATURE, self.dewi)
        self.merge(self.agus, self.dewi)
        roles = people.search([("partner_id", "=", self.agus.id)])
        self.assertEqual(sorted(roles.mapped("role")), ["cashier", "manager"])
        self.assertTrue(roles._manages(self.company, self.warung))
        self.assertEqual(self.agreement.version_id.signed_partner_id, self.agus)
        people._grant(self.agus, False, self.company)  # both are taken away together
        self.assertFalse(people.search([("partner_id", "=", self.agus.id)]))

    def test_a_member_entered_twice_keeps_his_redemptions_and_his_limits(self):
        benefit = self.make_benefit(limit_member=3)
        self.redeem(benefit)
        self.redeem(benefit, membership=self.club._enrol(self.budi))
        self.merge(self.siti, self.budi)
        rows = self.env["co.marketing.redemption"].search([("benefit_id", "=", benefit.id)])
        self.assertEqual((len(rows), rows.partner_id), (2, self.siti))
        offer = self.offer(benefit, membership=rows.membership_id.filtered(lambda one: one.state != "ended"))
        self.assertEqual(offer.uses_left, 1)
        self.env.cr.execute(
            "SELECT uses FROM co_marketing_tally WHERE benefit_id = %s AND member_key = %s AND span = 'total'",
            [benefit.id, self.siti.id],
        )
        self.assertEqual(self.env.cr.fetchall(), [(2,)])

    def test_a_customer_entered_twice_keeps_the_partner_who_won_him_whoever_merges(self):
        self.sell()
        self.merge(self.budi, self.stranger, user=self.clerk_of_contacts)
        self.assertEqual(self.budi.co_marketing_agreement_id, self.theirs)
        receipt = self.env["co.marketing.redemption"].search([("agreement_id", "=", self.theirs.id)])
        self.assertEqual(receipt.partner_id, self.budi)
        receipt.sale_order_id._action_cancel()
        self.assertFalse(self.budi.co_marketing_agreement_id)

    def test_of_two_who_won_him_the_one_of_the_contact_that_stays_is_kept(self):
        self.sell()
        other = self.make_theirs([{"name": "10% off", "percent": 10}], card_prefix="ZZ", card_length=8)
        self.sell("ZZ000001", partner=self.budi)
        self.merge(self.budi, self.stranger, user=self.clerk_of_contacts)
        self.assertEqual(self.budi.co_marketing_agreement_id, other)

    def test_cards_of_the_partners_customers_are_still_counted_after_a_merge(self):
        benefit = self.limited(limit_member=1)
        self.sell("LL000001")
        self.merge(self.budi, self.stranger)
        self.assertIn("error", self.order(self.budi).apply_partner_number("LL000001"))
        self.assertEqual(benefit.agreement_id.redemption_count, 1)
