from odoo.tests import Form, new_test_user, tagged
from odoo.tools import SQL

from .common import ServiceDeskCase, ServiceDeskHttpCase


@tagged("post_install", "-at_install")
class TestTicketDuplicate(ServiceDeskCase):
    """Told already? Offered, never merged by itself."""

    def duplicates(self, ticket):
        return ticket.with_user(self.agent).duplicate_ids

    def test_open_tickets_of_the_customer_with_a_subject_alike(self):
        first = self.new_ticket(name="Cold coffee in Braga street")
        self.new_ticket(name="Wrong bill")
        self.assertEqual(self.duplicates(self.new_ticket(name="The coffee in Braga was cold")), first)

    def test_or_about_the_same_order_or_the_same_thing(self):
        order = self.env["sale.order"].create({"partner_id": self.siti.id})
        asset = self.env["customer.asset"].create({"identifier": "D 1234 AB", "partner_id": self.siti.id})
        one = self.new_ticket(name="Wrong bill", sale_order_id=order.id)
        two = self.new_ticket(name="It rattles", asset_id=asset.id)
        again = self.new_ticket(name="Something is odd", sale_order_id=order.id, asset_id=asset.id)
        self.assertEqual(self.duplicates(again), one + two)

    def test_of_colleagues_of_the_same_account_too(self):
        firm = self.env["res.partner"].create({"name": "PT Tekstil", "is_company": True})
        (self.siti + self.budi).parent_id = firm
        first = self.new_ticket(self.siti)
        self.assertEqual(self.duplicates(self.new_ticket(self.budi)), first)

    def test_not_of_other_customers_not_done_ones_not_itself_not_merged_not_relatives(self):
        self.new_ticket(self.budi)
        self.new_ticket(stage_id=self.stage("closed").id)
        parent = self.new_ticket()
        self.new_ticket(merged_into_id=parent.id)
        self.assertFalse(self.duplicates(self.new_ticket(parent_id=parent.id)))
        self.assertFalse(self.duplicates(self.new_ticket(name="Cold coffee", partner_id=False)))

    def test_not_what_the_agent_may_not_read(self):
        private = self.env["service.team"].create({"name": "Board", "private": True, "member_ids": self.manager.ids})
        self.new_ticket(team_id=private.id)
        self.assertFalse(self.duplicates(self.new_ticket(user_id=self.agent.id)))

    def test_not_of_another_company(self):
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        self.new_ticket(company_id=other.id, team_id=False)
        self.assertFalse(self.duplicates(self.new_ticket()))

    def test_they_are_offered_while_the_agent_writes(self):
        first = self.new_ticket()
        with Form(self.env["service.ticket"].with_user(self.agent)) as form:
            form.partner_id = self.siti
            form.name = "Cold coffee"
            self.assertEqual(form.duplicate_ids.ids, first.ids)

    def test_merging_is_asked_for_both(self):
        first, again = self.new_ticket(), self.new_ticket()
        action = first.with_context(ticket_id=again.id).action_merge_duplicate()
        self.assertEqual(set(action["context"]["default_ticket_ids"]), set((first + again).ids))
        self.assertFalse((first + again).merged_into_id)

    def test_many_tickets_cost_as_many_queries_as_one(self):
        tickets = self.env["service.ticket"].create(
            [{"name": f"Ticket {n}", "partner_id": self.siti.id} for n in range(40)]
        )
        queries = []
        for some in (tickets[:1], tickets[:1], tickets):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(self.agent).mapped("duplicate_ids.id")
            queries.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(queries[2], queries[1])

    def test_they_are_found_by_the_index_of_open_tickets(self):
        self.env["service.ticket"].create([{"name": f"T{n}", "partner_id": self.budi.id} for n in range(300)])
        self.env["service.ticket"].search([])[1:].stage_id = self.stage("closed")
        self.env.flush_all()
        self.env.cr.execute("ANALYZE service_ticket")
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        account = "EXPLAIN SELECT id FROM service_ticket WHERE commercial_partner_id = %s AND stage_category NOT IN ('resolved', 'closed')"
        self.env.cr.execute(SQL(account, self.budi.id))
        self.assertIn("open_account_idx", str(self.env.cr.fetchall()))


@tagged("post_install", "-at_install")
class TestTicketToldAlready(ServiceDeskHttpCase):
    """The same in the customer's form."""

    def alike(self, **told):
        query = "&".join(f"{name}={value}" for name, value in told.items())
        return self.url_open(f"/my/tickets/alike?{query}")

    def test_the_form_says_what_he_has_told_us_already(self):
        ticket = self.new_ticket(name="Cold coffee in Braga street")
        self.enter(self.siti_user)
        self.assertIn(f"Add to {ticket.number}", self.alike(subject="Coffee in Braga cold").text)
        self.assertNotIn("Add to", self.alike(subject="Wrong bill").text)
        self.assertIn(f"Add to {ticket.number}", self.post_form(subject="Cold coffee in Braga", description="").text)

    def test_nothing_of_others_is_told(self):
        self.new_ticket(self.budi)
        self.enter(self.siti_user)
        self.assertNotIn("Add to", self.alike(subject="Cold coffee").text)
        order = self.env["sale.order"].create({"partner_id": self.budi.id})
        self.new_ticket(self.budi, sale_order_id=order.id)
        self.assertNotIn("Add to", self.alike(order_id=order.id).text)

    def test_nonsense_is_no_crash(self):
        self.enter(self.siti_user)
        for told in ({}, {"subject": "%00"}, {"subject": "x" * 3000}, {"order_id": "x"}, {"asset_id": "9" * 40}):
            self.assertEqual(self.alike(**told).status_code, 200, told)

    def test_who_may_not_file_is_told_nothing(self):
        stranger = new_test_user(self.env, "plain", "base.group_user")
        self.new_ticket(stranger.partner_id)
        self.enter(stranger)
        self.assertNotIn("Add to", self.alike(subject="Cold coffee").text)
