from odoo.tests import tagged

from .common import ServiceDeskCase, ServiceDeskHttpCase


class FirmCase(ServiceDeskCase):
    """Siti and Budi work for the same firm."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firm = cls.env["res.partner"].create({"name": "PT Tekstil", "is_company": True})
        (cls.siti | cls.budi).parent_id = cls.firm
        cls.sitis, cls.budis = cls.new_ticket(name="Cold coffee"), cls.new_ticket(cls.budi, name="Wrong bill")
        cls.firms = cls.new_ticket(cls.firm, name="Contract")

    def seen_by(self, user):
        return self.env["service.ticket"].with_user(user).search([])


@tagged("post_install", "-at_install")
class TestMainContact(FirmCase):
    def test_an_ordinary_contact_sees_his_own(self):
        self.assertEqual(self.seen_by(self.siti_user), self.sitis)

    def test_the_main_contact_sees_the_whole_company_at_once(self):
        self.assertEqual(self.seen_by(self.siti_user), self.sitis)
        self.siti.is_ticket_main_contact = True
        self.assertEqual(self.seen_by(self.siti_user), self.sitis | self.budis | self.firms)
        self.siti.is_ticket_main_contact = False
        self.assertEqual(self.seen_by(self.siti_user), self.sitis)

    def test_who_leaves_the_company_sees_it_no_more(self):
        self.siti.is_ticket_main_contact = True
        self.seen_by(self.siti_user)
        self.siti.parent_id = False
        self.assertEqual(self.seen_by(self.siti_user), self.sitis)

    def test_the_login_of_the_company_itself_sees_all(self):
        self.siti.parent_id = False
        self.siti_user.partner_id = self.firm
        self.assertEqual(self.seen_by(self.siti_user), self.budis | self.firms)

    def test_the_customer_cannot_make_himself_main_contact(self):
        fields = self.env["res.partner"]._fields
        for name in ("is_ticket_main_contact", "no_ticket_survey"):
            self.assertNotIn(name, self.env["res.partner"]._get_frontend_writable_fields(), name)
            self.assertIn(name, fields)

    def test_remedies_follow_the_same_rule(self):
        remedy = self.budis._offer_remedy({"kind": "apology", "text": "Sorry"})
        remedies = self.env["service.remedy"].with_user(self.siti_user)
        self.assertFalse(remedies.search([]))
        self.siti.is_ticket_main_contact = True
        self.assertEqual(remedies.search([]), remedy)


@tagged("post_install", "-at_install")
class TestMainContactPages(ServiceDeskHttpCase, FirmCase):
    def setUp(self):
        super().setUp()
        self.enter(self.siti_user)

    def test_a_colleague_reaches_neither_list_nor_page(self):
        self.assertNotIn("Wrong bill", self.url_open("/my/tickets").text)
        for path in (f"{self.budis.id}", f"{self.budis.id}?access_token={self.sitis.access_token}"):
            self.assertEqual(self.url_open(f"/my/tickets/{path}").status_code, 404)

    def test_the_main_contact_groups_by_person_and_finds_his_own(self):
        self.siti.is_ticket_main_contact = True
        page = self.url_open("/my/tickets?groupby=person").text
        for part in ("Wrong bill", "Budi Santoso", "o_ticket_group"):
            self.assertIn(part, page)
        self.assertNotIn("Wrong bill", self.url_open("/my/tickets?filterby=mine").text)

    def test_an_ordinary_contact_has_no_choice_that_says_nothing(self):
        for query in ("groupby=person", "filterby=mine"):
            self.assertEqual(self.url_open(f"/my/tickets?{query}").status_code, 400)

    def test_the_list_can_be_grouped(self):
        for groupby in ("state", "type", "none"):
            page = self.url_open(f"/my/tickets?groupby={groupby}")
            self.assertEqual((page.status_code, "Cold coffee" in page.text), (200, True), groupby)

    def test_the_list_is_searched_by_number_subject_and_text(self):
        self.sitis.description = "<p>The branch in Braga street</p>"
        found = {
            ("number", self.sitis.number): True,
            ("subject", "coffee"): True,
            ("subject", "Braga"): False,
            ("text", "Braga"): True,
            ("all", "Braga"): True,
            ("text", "coffee"): False,
        }
        for (search_in, search), shown in found.items():
            page = self.url_open("/my/tickets", params={"search": search, "search_in": search_in}).text
            self.assertEqual("Cold coffee" in page, shown, (search_in, search))

    def test_the_grouped_list_of_a_company_costs_the_same_for_1_and_80_tickets(self):
        self.siti.is_ticket_main_contact = True
        people = self.env["res.partner"].create([{"name": f"P {n}", "parent_id": self.firm.id} for n in range(80)])
        few = self.count_queries("/my/tickets?groupby=person")
        self.env["service.ticket"].create([{"name": f"No. {p.name}", "partner_id": p.id} for p in people])
        self.assertEqual(self.count_queries("/my/tickets?groupby=person"), few)

    def count_queries(self, url):
        self.url_open(url)  # registry caches
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(self.url_open(url).status_code, 200)
        return self.env.cr.sql_log_count - before
