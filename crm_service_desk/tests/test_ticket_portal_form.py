import re
import uuid

from odoo.addons.crm_service_desk.controllers import ticket_form_input
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PIXEL, ServiceDeskHttpCase


@tagged("post_install", "-at_install")
class TestTicketPortalForm(ServiceDeskHttpCase):
    """Filing a ticket in the portal, rightly and wrongly."""

    def setUp(self):
        super().setUp()
        self.before = self.newest_ticket()
        self.enter(self.siti_user)

    def order_of(self, partner, state="sale"):
        return self.env["sale.order"].create({"partner_id": partner.id, "state": state})

    def assertRefused(self, response, sentence, status=400):
        """A 4xx, one clear sentence, what was typed still there, no ticket."""
        self.assertEqual(response.status_code, status)
        self.assertRegex(re.sub(r"&#?\w+;", " ", response.text), sentence)
        self.assertIn("o_ticket_form", response.text)
        self.assertEqual(self.newest_ticket(), self.before)

    # Rightly

    def test_the_form_offers_what_is_needed(self):
        page = self.url_open("/my/tickets/new")
        self.assertEqual(page.status_code, 200)
        for part in ('name="csrf_token"', 'name="token"', 'value="complaint"', 'name="files"', 'multiple="multiple"'):
            self.assertIn(part, page.text)

    def test_a_filed_complaint_has_a_number_at_once_and_stands_in_the_agents_list(self):
        page = self.post_form()
        ticket = self.newest_ticket()
        self.assertEqual(page.status_code, 200)
        self.assertIn(f"Your number is <strong>{ticket.number}</strong>", page.text)
        self.assertEqual((ticket.name, ticket.type, ticket.channel), ("Cold coffee", "complaint", "portal"))
        self.assertEqual((ticket.partner_id, ticket.company_id), (self.siti, self.company))
        self.assertIn(ticket, self.env["service.ticket"].with_user(self.agent).search([("unanswered", "=", True)]))

    def test_several_files_go_with_it_and_are_the_customers_to_read(self):
        page = self.post_form(files=[("cup.png", PIXEL), ("receipt.txt", b"Rp 32.000")]).text
        ticket = self.newest_ticket()
        self.assertEqual(sorted(ticket.attachment_ids.mapped("name")), ["cup.png", "receipt.txt"])
        links = re.findall(r'href="(/web/content/[^"]+)"', page)
        contents = [self.url_open(link.replace("&amp;", "&")).content for link in links]
        self.assertEqual(sorted(contents), sorted([PIXEL, b"Rp 32.000"]))

    def test_a_damaged_picture_is_kept_as_it_was_sent(self):
        answer = self.post_form(files=[("cup.png", PIXEL[:40])])
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.newest_ticket().attachment_ids.raw, PIXEL[:40])

    def test_an_own_order_can_be_named(self):
        order = self.order_of(self.siti)
        self.assertIn(order.name, self.url_open("/my/tickets/new").text)
        self.post_form(order_id=str(order.id))
        self.assertEqual(self.newest_ticket().sale_order_id, order)

    def test_line_breaks_stay_and_tags_are_only_text(self):
        self.post_form(description="First\r\nSecond <script>alert(1)</script>")
        self.assertNotIn("<script>", self.newest_ticket().description)
        self.assertRegex(self.newest_ticket().description, r"First\s*<br\s*/?>")

    def test_the_same_form_sent_twice_files_one_ticket(self):
        token = uuid.uuid4().hex
        self.post_form(token=token)
        first = self.newest_ticket()
        again = self.post_form(token=token)
        self.assertEqual(self.newest_ticket(), first)
        self.assertIn(first.number, again.text)

    def test_another_customer_with_the_same_token_gets_his_own_ticket(self):
        token = uuid.uuid4().hex
        self.post_form(token=token)
        first = self.newest_ticket()
        self.enter(self.budi_user)
        self.post_form(token=token)
        self.assertEqual((self.newest_ticket() - first).partner_id, self.budi)

    def test_the_questions_of_the_category_are_asked_and_the_answers_kept(self):
        questions = [{"name": "hot", "type": "boolean", "string": "Was it hot?"}]
        category = self.env["service.category"].create({"name": "Taste", "ticket_properties_definition": questions})
        self.assertIn("Was it hot?", self.url_open("/my/tickets/new").text)
        self.post_form(category_id=str(category.id), **{f"answer_{category.id}_hot": "1"})
        ticket = self.newest_ticket()
        self.assertEqual((ticket.category_id, ticket._answers()[ticket]), (category, [("Was it hot?", "Yes")]))

    def test_branch_asset_remedy_and_safety_are_recorded(self):
        branch = self.env["res.partner"].create(
            {"name": "Braga street", "parent_id": self.company.partner_id.id, "type": "other"}
        )
        asset = self.env["customer.asset"].create({"identifier": "D 1234 AB", "partner_id": self.siti.id})
        page = self.url_open("/my/tickets/new").text
        self.assertTrue("Braga street" in page and "D 1234 AB" in page)
        self.post_form(branch_id=str(branch.id), asset_id=str(asset.id), remedy_sought="repair", safety_concern="1")
        ticket = self.newest_ticket()
        self.assertEqual((ticket.branch_id, ticket.asset_id, ticket.remedy_sought), (branch, asset, "repair"))
        self.assertTrue(ticket.safety_concern)

    # Wrongly

    def test_an_asset_of_somebody_else_is_refused_and_never_shown(self):
        asset = self.env["customer.asset"].create({"identifier": "D 9 XY", "partner_id": self.budi.id})
        self.assertNotIn("D 9 XY", self.url_open("/my/tickets/new").text)
        for value in (str(asset.id), "0", "x", "9" * 30):
            self.assertRefused(self.post_form(asset_id=value), "not one of yours")

    def test_a_wrong_answer_names_the_question_and_keeps_the_others(self):
        questions = [{"name": "cups", "type": "integer", "string": "Cups?"}]
        category = self.env["service.category"].create({"name": "Taste", "ticket_properties_definition": questions})
        page = self.post_form(category_id=str(category.id), **{f"answer_{category.id}_cups": "many"})
        self.assertRefused(page, "Cups.*whole number")
        self.assertIn('value="many"', page.text)

    def test_an_empty_subject_is_refused_and_the_description_is_kept(self):
        page = self.post_form(subject="   ", description="It was cold, in Braga street.")
        self.assertRefused(page, "Subject.*is empty")
        self.assertIn("It was cold, in Braga street.", page.text)

    def test_an_empty_description_is_refused_and_the_subject_is_kept(self):
        page = self.post_form(description="")
        self.assertRefused(page, "What happened.*is empty")
        self.assertIn('value="Cold coffee"', page.text)

    def test_too_long_texts_are_refused(self):
        self.assertRefused(self.post_form(subject="x" * 201), "201 characters, at most 200")
        self.assertRefused(self.post_form(description="x" * 20_001), "20001 characters, at most 20000")

    def test_a_type_that_does_not_exist_is_refused(self):
        self.assertRefused(self.post_form(type="praise"), "complaint, a question or a request")

    def test_the_order_of_somebody_else_is_refused_and_never_shown(self):
        order = self.order_of(self.budi)
        self.assertNotIn(order.name, self.url_open("/my/tickets/new").text)
        self.assertRefused(self.post_form(order_id=str(order.id)), "not one of yours")

    def test_nonsense_for_an_order_is_refused(self):
        for nonsense in (
            "abc",
            "-1",
            "1.5",
            "0",
            "99999999999999999999",
            "1 OR 1=1",
            "²",
            str(self.order_of(self.siti, "draft").id),
        ):
            self.assertRefused(self.post_form(order_id=nonsense), "not one of yours")

    def test_too_many_files_are_refused(self):
        files = [(f"{n}.txt", b"x") for n in range(ticket_form_input.MAX_FILES + 1)]
        self.assertRefused(self.post_form(files=files), "11 files; at most 10")

    def test_too_large_a_file_is_refused(self):
        self.patch(ticket_form_input, "MAX_FILE_MEGABYTES", 0)
        self.assertRefused(self.post_form(files=[("big.mov", b"x")]), "big.mov.*larger than 0 MB", status=413)

    def test_characters_a_database_cannot_keep_are_left_out(self):
        self.post_form(subject="Cold\x00 coffee", description="a\x00b", files=[("c\x00.txt", b"x")])
        self.assertEqual(self.newest_ticket().name, "Cold coffee")

    def test_hidden_fields_of_the_ticket_cannot_be_set_from_outside(self):
        self.post_form(
            partner_id=str(self.budi.id), company_id="1", user_id=str(self.agent.id), priority="3", number="T1"
        )
        ticket = self.newest_ticket()
        self.assertEqual((ticket.partner_id, ticket.user_id.ids, ticket.priority), (self.siti, [], "0"))
        self.assertNotEqual(ticket.number, "T1")

    @mute_logger("odoo.http")
    def test_without_the_csrf_token_nothing_is_filed(self):
        self.assertEqual(self.post_form(csrf_token="forged").status_code, 400)
        self.assertEqual(self.newest_ticket(), self.before)

    @mute_logger("odoo.http")
    def test_a_plain_employee_is_told_that_he_cannot_file_here(self):
        self.enter(self.employee)
        for page in (self.url_open("/my/tickets/new"), self.post_form()):
            self.assertEqual(page.status_code, 403)
        self.assertEqual(self.newest_ticket(), self.before)

    def test_without_a_login_one_is_asked_to_log_in(self):
        self.enter(None)
        self.assertIn("/web/login", self.url_open("/my/tickets/new").url)
