from odoo.tests import tagged
from odoo.tools import mute_logger

from .co_marketing_case import PactHttpCase


@tagged("post_install", "-at_install")
class TestCoMarketingStatementPortal(PactHttpCase):
    """The partner's manager reads, disputes and confirms; nobody else does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.make_agreement([{"name": "Tea", "settlement_kind": "each", "settlement_figure": 2}])
        for key in ("key-of-the-first", "key-of-the-second"):
            cls.dago._redeem(cls.member, cls.agreement.version_id.benefit_ids, key, 100.0)
        cls.statement = cls.agreement._settle(cls.agreement._today())
        cls.statement.action_send()
        cls.url = f"/my/partner/statements/{cls.statement.id}"

    def setUp(self):
        super().setUp()
        self.log_in("partner manager")

    def test_a_manager_sees_the_statement_with_its_lines_and_not_the_members_names(self):
        self.assertIn(self.statement.name, self.url_open("/my/partner/statements").text)
        page = self.url_open(self.url)
        receipts = self.statement.line_ids.redemption_id.mapped("name")
        for text in (*receipts, "Tea", "Dago", "Confirm what is not disputed"):
            self.assertIn(text, page.text)
        self.assertNotIn("Rahmawati", page.text)

    def test_a_manager_disputes_a_line_and_confirms_the_rest(self):
        line = self.statement.line_ids[0]
        for reason in ("", "  ", "x" * 201):
            self.assertEqual(self.post(f"{self.url}/lines/{line.id}/dispute", reason=reason).status_code, 422)
        page = self.post(f"{self.url}/lines/{line.id}/dispute", reason="We had closed")
        self.assertEqual(page.status_code, 200)
        self.assertIn("We had closed", page.text)
        self.assertEqual(self.post(f"{self.url}/lines/{line.id}/dispute", reason="Twice").status_code, 409)
        self.assertEqual(self.post(f"{self.url}/confirm", total="-4.0").status_code, 409)
        self.assertEqual(self.post(f"{self.url}/confirm", total="-2.0").status_code, 200)
        self.env.invalidate_all()
        self.assertEqual((self.statement.state, self.statement.confirmed_by_id), ("confirmed", self.agus))
        self.assertEqual(self.post(f"{self.url}/confirm", total="-2.0").status_code, 409)
        self.assertEqual((self.statement.total, line.dispute_reason), (-2, "We had closed"))

    def test_a_manager_does_so_in_the_browser(self):
        self.start_tour("/my/partner/statements", "crm_loyalty_partner_statement", login="partner manager")
        self.env.invalidate_all()
        self.assertEqual((self.statement.state, self.statement.disputed_count), ("confirmed", 1))
        self.assertEqual(self.statement.line_ids[0].dispute_reason, "We had closed")

    def test_the_same_is_on_paper(self):
        with mute_logger("odoo.addons.base.models.ir_actions_report"):
            page = self.url_open(f"{self.url}/pdf")
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.statement.name.replace("/", "-"), page.headers["Content-Disposition"])
        if page.headers["Content-Type"] != "application/pdf":  # Odoo gives tests the page that is printed
            self.assertIn(self.statement.line_ids.redemption_id[0].name, page.text)

    def test_drafts_and_nonsense_are_not_found(self):
        self.statement.sudo().state = "draft"
        self.assertEqual(self.url_open(self.url).status_code, 404)
        self.assertNotIn(self.statement.name, self.url_open("/my/partner/statements").text)
        self.statement.sudo().state = "sent"
        other = self.statement.line_ids[0].id + 1000
        for url in ("0", "99999999", "x", f"{self.statement.id}?page=x", f"{self.statement.id}?page=9"):
            self.assertEqual(self.url_open(f"/my/partner/statements/{url}").status_code, 404, url)
        self.assertEqual(self.url_open("/my/partner/statements?page=0").status_code, 404)
        self.assertEqual(self.post(f"{self.url}/lines/{other}/dispute", reason="No").status_code, 404)

    def test_a_cashier_finds_none_of_it(self):
        self.log_in("cashier")
        for url in ("/my/partner/statements", self.url, f"{self.url}/pdf"):
            self.assertEqual(self.url_open(url).status_code, 404, url)
        self.assertEqual(self.post(f"{self.url}/confirm", total="-4.0").status_code, 404)
        line = self.statement.line_ids[0]
        self.assertEqual(self.post(f"{self.url}/lines/{line.id}/dispute", reason="No").status_code, 404)
        self.assertNotIn("/my/partner/statements", self.url_open("/my/partner").text)
        self.env.invalidate_all()
        self.assertEqual((self.statement.state, line.state), ("sent", "open"))
