from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ServiceDeskCase

QUESTIONS = [
    {"name": "roast", "type": "selection", "string": "Which roast?", "selection": [["l", "Light"], ["d", "Dark"]]},
    {"name": "hot", "type": "boolean", "string": "Was it hot?"},
    {"name": "cups", "type": "integer", "string": "How many cups?"},
]


@tagged("post_install", "-at_install")
class TestTicketRecord(ServiceDeskCase):
    """What ISO 10002 asks to be recorded of a complaint."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env["service.category"].create({"name": "Taste", "ticket_properties_definition": QUESTIONS})
        cls.branch = cls.env["res.partner"].create(
            {"name": "Braga street", "parent_id": cls.company.partner_id.id, "type": "other"}
        )

    # What is recorded

    def test_an_agent_records_what_is_wanted_how_grave_it_is_and_what_it_is_about(self):
        asset = self.env["customer.asset"].create({"identifier": "D 1234 AB", "partner_id": self.siti.id})
        product = self.env["product.product"].create({"name": "Latte"})
        with Form(self.env["service.ticket"].with_user(self.agent)) as form:
            form.name = "Cold coffee"
            form.partner_id = self.siti
            form.remedy_sought = "refund"
            form.remedy_sought_text = "My money back"
            form.severity = "high"
            form.safety_concern = True
            form.impact = "several"
            form.product_id = product
            form.asset_id = asset
            form.branch_id = self.branch
        ticket = form.record
        self.assertEqual((ticket.remedy_sought, ticket.severity, ticket.impact), ("refund", "high", "several"))
        self.assertEqual((ticket.product_id, ticket.asset_id, ticket.branch_id), (product, asset, self.branch))
        self.assertTrue(ticket.safety_concern and ticket.date_received and ticket.channel == "phone")

    def test_a_ticket_is_of_medium_severity_until_somebody_judges_it(self):
        self.assertEqual(self.new_ticket().severity, "medium")

    def test_an_agent_reads_a_ticket_about_an_invoice_that_he_may_not_read(self):
        invoice = self.env["account.move"].create({"move_type": "out_invoice", "partner_id": self.siti.id})
        ticket = self.new_ticket(invoice_id=invoice.id).with_user(self.agent)
        self.assertFalse(invoice.with_user(self.agent).has_access("read"))
        [read] = ticket.web_read({"invoice_id": {"fields": {"display_name": {}}}})
        self.assertEqual(read["invoice_id"]["id"], invoice.id)

    # Rights and companies

    def test_the_customer_does_not_see_how_grave_we_find_it(self):
        with self.assertRaises(AccessError):
            self.new_ticket().with_user(self.siti_user).read(["severity"])

    def test_an_address_of_somebody_else_is_no_branch_of_ours(self):
        with self.assertRaisesRegex(UserError, "no branch of"):
            self.new_ticket(branch_id=self.budi.id)

    def test_a_branch_of_another_company_is_none_of_this_one(self):
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        theirs = self.env["res.partner"].create({"name": "Dago", "parent_id": other.partner_id.id})
        with self.assertRaisesRegex(UserError, "no branch of"):
            self.new_ticket(branch_id=theirs.id)
        self.assertTrue(self.new_ticket(company_id=other.id, team_id=False, branch_id=theirs.id))

    def test_product_invoice_and_asset_of_another_company_are_refused(self):
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        asset = self.env["customer.asset"].create({"identifier": "D 9", "company_id": other.id})
        product = self.env["product.product"].create({"name": "Latte", "company_id": other.id})
        for values in ({"asset_id": asset.id}, {"product_id": product.id}):
            with self.assertRaises(UserError):
                self.new_ticket(**values)

    def test_only_a_manager_edits_the_questions(self):
        questions = self.env["service.category.questions"]
        values = {"category_id": self.category.id}
        self.assertTrue(questions.with_user(self.manager).create(values))
        for user in (self.agent, self.employee, self.siti_user):
            with self.assertRaises(AccessError):
                questions.with_user(user).create(values)

    # The questions of a category

    def test_a_ticket_keeps_the_answers_to_the_questions_of_its_category(self):
        ticket = self.new_ticket(category_id=self.category.id, properties={"roast": "d", "hot": True, "cups": 2})
        expected = [("Which roast?", "Dark"), ("Was it hot?", "Yes"), ("How many cups?", "2")]
        self.assertEqual(ticket._answers(), {ticket: expected})

    def test_a_new_part_of_a_category_begins_with_its_questions(self):
        part = self.env["service.category"].create({"name": "Bitter", "parent_id": self.category.id})
        self.assertEqual(
            [question["string"] for question in part.ticket_properties_definition],
            [question["string"] for question in QUESTIONS],
        )
        part.ticket_properties_definition = QUESTIONS[:1]
        self.assertEqual(len(self.category.ticket_properties_definition), 3, "from then on each has its own")

    def test_the_questions_are_changed_in_a_window_of_their_own(self):
        window = self.env["service.category.questions"].with_user(self.manager)
        changed = [dict(QUESTIONS[0], string="Which of our roasts?", definition_changed=True, value=False)]
        window.create({"category_id": self.category.id}).write({"properties": changed})
        self.assertEqual(self.category.ticket_properties_definition[0]["string"], "Which of our roasts?")

    def test_answers_are_not_lost_with_the_category(self):
        tickets = self.env["service.ticket"]
        for roast in ("d", "l"):
            tickets |= self.new_ticket(category_id=self.category.id, properties={"roast": roast})
        tickets.category_id = self.env["service.category"].create({"name": "Service"})
        for ticket, answer in zip(tickets, ("Dark", "Light"), strict=True):
            self.assertRegex(ticket.message_ids[0].body, rf"questions of “Taste”:.*Which roast\?: {answer}")
            self.assertTrue(ticket.message_ids[0].is_internal)

    # Contacts

    def test_merging_contacts_keeps_branch_and_asset_and_moves_the_account(self):
        firm, mill = self.env["res.partner"].create([{"name": name, "is_company": True} for name in ("Firm", "Mill")])
        self.siti.parent_id = mill
        clerk = self.env["res.partner"].create({"name": "Siti R.", "parent_id": firm.id, "email": self.siti.email})
        asset = self.env["customer.asset"].create({"identifier": "D 1234 AB", "partner_id": clerk.id})
        ticket = self.new_ticket(clerk, asset_id=asset.id, branch_id=self.branch.id)
        self.env["base.partner.merge.automatic.wizard"]._merge((clerk | self.siti).ids, self.siti)
        self.assertEqual((ticket.partner_id, ticket.commercial_partner_id), (self.siti, mill))
        self.assertEqual((ticket.asset_id, ticket.branch_id), (asset, self.branch))

    def test_merged_branches_are_one(self):
        twin = self.branch.copy({"email": "braga@kopi.example"})
        ticket = self.new_ticket(branch_id=twin.id)
        self.env["base.partner.merge.automatic.wizard"]._merge((twin | self.branch).ids, self.branch)
        self.assertEqual(ticket.branch_id, self.branch)

    def test_a_branch_is_not_merged_into_the_address_of_somebody_else(self):
        ticket = self.new_ticket(branch_id=self.branch.id)
        mill = self.env["res.partner"].create({"name": "Mill"})
        far = self.env["res.partner"].create({"name": "Mill in Braga", "parent_id": mill.id})
        with self.assertRaisesRegex(UserError, "Mill in Braga.*branch of ours"), self.cr.savepoint():
            self.env["base.partner.merge.automatic.wizard"]._merge((far | self.branch).ids, far)
        self.assertTrue(ticket.branch_id == self.branch and far.exists())
        self.env["base.partner.merge.automatic.wizard"]._merge((far | self.branch).ids, self.branch)
        self.assertEqual(ticket.branch_id, self.branch)

    def test_a_branch_merged_into_a_loose_contact_makes_it_the_branch(self):
        ticket = self.new_ticket(branch_id=self.branch.id)
        loose = self.env["res.partner"].create({"name": "Braga street shop"})
        self.env["base.partner.merge.automatic.wizard"]._merge((loose | self.branch).ids, loose)
        self.assertEqual((ticket.branch_id, loose.parent_id), (loose, self.company.partner_id))

    def test_anonymising_takes_his_words_and_keeps_what_is_counted(self):
        ticket = self.new_ticket(
            category_id=self.category.id,
            properties={"roast": "d"},
            remedy_sought="other",
            remedy_sought_text="Call Siti",
            severity="high",
            branch_id=self.branch.id,
        )
        self.siti.with_user(self.env.ref("base.user_admin"))._anonymise()
        self.assertFalse(ticket.remedy_sought_text or ticket._answers()[ticket])
        self.assertEqual((ticket.remedy_sought, ticket.severity, ticket.branch_id), ("other", "high", self.branch))

    # Speed

    def test_answers_and_branches_of_many_tickets_cost_as_many_queries_as_of_one(self):
        values = {"category_id": self.category.id, "properties": {"roast": "d"}, "branch_id": self.branch.id}
        tickets = self.env["service.ticket"].create([{"name": f"Ticket {n}", **values} for n in range(50)])
        queries = []
        for some in (tickets[:1], tickets[:1], tickets):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._answers()
            some._check_branch()
            queries.append(self.env.cr.sql_log_count - before)
        self.assertEqual(queries[1], queries[2])
