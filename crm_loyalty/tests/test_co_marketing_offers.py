import re

from odoo.tests import new_test_user, tagged

from .co_marketing_case import SIGNATURE, TillCase


@tagged("post_install", "-at_install")
class TestCoMarketingOffers(TillCase):
    """What the member sees of partners' offers; and that all who ask what is open ask the same function."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement.action_end()  # what is offered is what these tests make
        new_test_user(cls.env, "customer", "base.group_portal", partner_id=cls.siti.id)
        cls.food, cls.parking = cls.env["co.marketing.category"].create([{"name": "Food"}, {"name": "Parking"}])

    def setUp(self):
        super().setUp()
        self.log_in("customer")

    def offers(self, query=""):
        page = self.url_open(f"/my/clubs/{self.member.id}/offers{query}")
        self.assertEqual(page.status_code, 200)
        return page.text

    def test_offers_for_his_tier_are_shown_with_how_to_use_them_times_places_and_conditions(self):
        self.make_benefit(
            name="Lunch for Gold", tier_ids=self.gold.ids, how_to_use="Show your card first.", terms="Not on holidays.",
            saturday=False, hour_from=11, hour_to=14.5, minimum_spend=40,
        )  # fmt: skip
        self.make_benefit(name="For Silver", tier_ids=self.silver.ids)
        page = self.offers()
        for text in (
            "Lunch for Gold",
            "Show your card first.",
            "Not on holidays.",
            "11:00–14:30",
            "Dago",
            "From a bill of",
        ):
            self.assertIn(text, page)
        self.assertNotIn("For Silver", page)

    def test_they_are_found_by_category_and_by_place(self):
        bandung = self.env["res.partner"].create(
            {"name": "In Bandung", "parent_id": self.warung.id, "city": "Bandung", "type": "other"}
        )
        jakarta = self.env["res.partner"].create(
            {"name": "In Jakarta", "parent_id": self.warung.id, "city": "Jakarta", "type": "other"}
        )
        self.dago.partner_id, self.braga.partner_id = bandung, jakarta
        self.make_benefit(name="Lunch", category_id=self.food.id, outlet_ids=self.dago.ids)
        self.make_benefit(name="Valet", category_id=self.parking.id, outlet_ids=self.braga.ids)
        self.assertRegex(self.offers(), r"(?s)Food.*Lunch.*Parking.*Valet")
        for query, shown, hidden in (
            (f"?category={self.food.id}", "Lunch", "Valet"),
            ("?city=Jakarta", "Valet", "Lunch"),
            (f"?category={self.parking.id}&city=Jakarta", "Valet", "Lunch"),
        ):
            page = re.sub(r"(?s)<select.*?</select>", "", self.offers(query))
            self.assertIn(shown, page, query)
            self.assertNotIn(hidden, page, query)

    def test_what_is_used_up_says_why_and_what_he_used_is_listed(self):
        benefit = self.make_benefit(name="Once only", limit_member=1)
        receipt = self.redeem(benefit)
        page = self.offers()
        self.assertRegex(page, r"(?s)Once only.*Used as often as each member may: 1\..*What I used.*Once only")
        self.assertIn(receipt.name, page)
        receipt._void("Wrong table")
        self.assertRegex(self.offers(), r"(?s)What I used.*Voided")

    def test_the_picture_of_an_offer_is_his_to_see(self):
        benefit = self.make_benefit(name="Cake", picture=SIGNATURE)
        page = self.url_open(f"/my/clubs/{self.member.id}/offers/{benefit.id}/picture")
        self.assertEqual((page.status_code, page.headers["Content-Type"]), (200, "image/png"))
        self.assertTrue(page.content.startswith(b"\x89PNG"))
        self.assertIn(f"/offers/{benefit.id}/picture", self.offers())

    def test_the_first_offers_stand_below_his_card(self):
        self.make_benefit(name="Free tea", kind="free_item", amount=2)
        page = self.url_open(f"/my/clubs/{self.member.id}").text
        self.assertIn("Free tea", page)
        self.assertIn("All offers (1)", page)

    def test_who_has_no_offers_is_told_so(self):
        page = self.offers()
        self.assertIn("no offers of partners", page)
        self.assertIn("Nothing yet.", page)

    def test_many_offers_cost_as_many_queries_as_few(self):
        def queries(count):
            self.make_agreement(
                [
                    {"name": f"B {one}", "category_id": self.food.id, "tier_ids": self.gold.ids, "limit_member": 9}
                    for one in range(count)
                ]
            )
            self.offers()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.offers()
            return self.cr.sql_log_count - start

        few = queries(2)
        self.assertLessEqual(queries(30), few)

    def test_each_kind_of_benefit_gives_what_it_promises(self):
        for vals, bill, discount, points in (
            ({"percent": 15, "max_discount": 12}, 100, 12, 0),
            ({"kind": "amount", "amount": 30}, 100, 30, 0),
            ({"kind": "free_item", "amount": 4}, None, 4, 0),
            ({"kind": "points", "points": 50}, None, 0, 50),
            ({"kind": "perk"}, None, 0, 0),
        ):
            receipt = self.redeem(self.make_benefit(**vals), bill)
            self.assertEqual((receipt.discount, receipt.points, receipt.state), (discount, points, "done"), vals)

    def test_portal_counter_and_till_ask_one_function_what_is_open(self):
        benefits = type(self.env["co.marketing.benefit"])
        origin, asked = benefits._benefits_open_to, []

        def watched(records, membership, *args, **kwargs):
            asked.append(membership.id)
            return origin(records, membership, *args, **kwargs)

        self.benefit = self.make_benefit(name="Tea")
        self.patch(benefits, "_benefits_open_to", watched)
        for ask, login in (
            (self.offers, "customer"),
            (self.check, "cashier"),
            (self.verify, None),
            (self.till_redeem, None),
        ):
            self.log_in(login) if login else self.authenticate(None, None)
            asked.clear()
            ask()
            self.assertEqual(set(asked), {self.member.id}, ask.__name__)


@tagged("post_install", "-at_install")
class TestCoMarketingPartnerPages(TillCase):
    """What the partner's manager sees of his agreement and of his outlets' redemptions."""

    def setUp(self):
        super().setUp()
        self.log_in("partner manager")

    def test_a_manager_sees_what_was_redeemed_and_not_by_whom(self):
        receipt, voided = self.redeem(amount=250.0), self.redeem(amount=80.0)
        voided._void("Wrong table")
        page = self.url_open("/my/partner/redemptions").text
        for text in (receipt.name, voided.name, "250.00", "25.00", "Dago", "Voided"):
            self.assertIn(text, page)
        self.assertNotIn("Rahmawati", page)

    def test_a_manager_sees_the_agreement_its_terms_and_whom_to_ask(self):
        self.agreement.user_id.name = "Mitchell Responsible"
        self.agreement.colleague_ids = self.seller
        self.seller.name = "Seller Second"
        page = self.url_open(f"/my/partner/agreements/{self.agreement.id}").text
        for text in (
            "10% off",
            "Braga, Dago",
            "Mitchell Responsible, Seller Second",
            "Accepted by",
            "Until notice is given",
        ):
            self.assertIn(text, page)

    def test_documents_of_an_agreement_are_read_by_who_reads_it(self):
        document = self.env["ir.attachment"].create(
            {"name": "Contract.pdf", "raw": b"%PDF", "res_model": self.agreement._name, "res_id": self.agreement.id}
        )
        self.agreement.document_ids = document
        self.assertTrue(document.with_user(self.manager).has_access("read"))
        self.assertFalse(document.with_user(self.employee).has_access("read"))
        self.assertIn(self.url_open(f"/web/content/{document.id}").status_code, (403, 404))

    def test_targets_stand_beside_what_was_reached(self):
        self.redeem()
        self.agreement.write({"target_redemptions": 200, "target_members": 5, "target_revenue": 1000})
        shown = self.agreement.with_user(self.manager).web_read(
            {"target_text": {}, "redemption_count": {}, "members_won": {}, "revenue": {}}
        )[0]
        self.assertEqual((shown["redemption_count"], shown["members_won"], shown["revenue"]), (1, 0, 0.0))
        self.assertIn("1 of 200", shown["target_text"])
