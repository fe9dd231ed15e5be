import random
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..models import contact_history_rebuild
from .common import ContactHistoryCase

CHANGES = [
    *("new_order", "move_order", "date_order", "confirm_order", "cancel_order", "delete_order"),
    *("mail_out", "mail_out", "mail_in", "write_note", "change_mail", "delete_mail"),
    *("archive_partner", "change_company", "hire", "merge", "merge_three", "delete_partner", "move_to_company"),
    *(
        "new_lead",
        "change_lead",
        "new_meeting",
        "change_meeting",
        "plan_activity",
        "finish_activity",
        "change_activity",
    ),
    *(
        "write_note_on_document",
        "new_invoice",
        "new_invoice",
        "change_invoice",
        "new_payment",
        "change_payment",
        "delete_document",
    ),
    *("new_call", "change_call", "new_service", "change_service", "change_owner", "change_salesperson"),
]
KINDS = {
    *("quotation", "order", "email", "note", "lead", "opportunity", "meeting", "activity"),
    *("invoice", "credit_note", "payment", "touchpoint", "service"),
}
# What may be deleted.
DOCUMENTS = ("crm.lead", "calendar.event", "mail.activity", "crm.touchpoint", "customer.asset.service")


@tagged("post_install", "-at_install")
class TestHistoryRebuild(ContactHistoryCase):
    def test_after_any_series_of_changes_the_history_equals_a_rebuilt_one(self):
        kinds = set()
        for seed in range(4):
            with self.subTest(seed=seed):
                self._live(random.Random(seed), changes=130)
                kept = self.rows()
                self.assertGreater(len(kept), 10)
                self.assertEqual(kept, self.rebuilt_rows())
                kinds |= {row[2] for row in kept}
        self.assertEqual(KINDS - kinds, set(), "the changes left a kind untested")

    def _live(self, chance, changes):
        """A random life of some customers; the history is read, or not, in between."""
        self.chance, self.made = chance, {}
        self.partners = self.env["res.partner"].create(
            [{"name": f"Customer {i}", "email": "x@y.example"} for i in range(6)]
        )
        self.orders = self.order(self.partners[0])
        self.messages = self.env["mail.message"]
        for name in (*DOCUMENTS, "account.move", "account.payment", "customer.asset"):
            self.made[name] = self.env[name].browse()
        for _step in range(changes):
            getattr(self, chance.choice(CHANGES))()
            if chance.random() < 0.3:
                self.Entry._sync()

    def any_partner(self):
        self.partners = self.partners.exists()
        return self.chance.choice(self.partners)

    def any_order(self, *states):
        self.orders = self.orders.exists()
        fitting = self.orders.filtered(lambda order: not states or order.state in states)
        return self.chance.choice(fitting) if fitting else self.new_order()

    def new_order(self):
        order = self.order(self.any_partner())
        self.orders |= order
        return order

    def move_order(self):
        self.any_order("draft").partner_id = self.any_partner()

    def date_order(self):
        self.any_order().date_order = datetime(2024, 1, 1) + timedelta(hours=self.chance.randrange(9999))

    def confirm_order(self):
        self.any_order("draft").action_confirm()

    def cancel_order(self):
        self.any_order("draft", "sale")._action_cancel()

    def delete_order(self):
        self.any_order("draft").unlink()

    def mail_out(self):
        self.messages |= self.mail_to(self.any_partner() | self.any_partner(), self.any_order())

    def mail_in(self):
        self.messages |= self.mail_from(self.any_partner(), self.any_order())

    def write_note(self):
        self.any_partner().message_post(body="note", message_type="comment", subtype_xmlid="mail.mt_note")

    def change_mail(self):
        for message in self.messages.exists()[:1]:
            recipients = [Command.set(self.any_partner().ids)]
            message.write({"partner_ids": recipients, "author_id": self.any_partner().id})

    def delete_mail(self):
        self.messages.exists()[-1:].unlink()

    def archive_partner(self):
        partner = self.any_partner()
        if not partner.user_ids:
            partner.active = not partner.active

    def change_company(self):
        partner = self.any_partner()
        partner.parent_id = False if partner.parent_id else self.mill

    def hire(self):
        partner = self.any_partner()
        if not partner.with_context(active_test=False).user_ids:
            user = new_test_user(self.env, f"staff-{partner.id}", partner_id=partner.id)
            user.active = self.chance.random() < 0.5

    def merge(self):
        partners = self.any_partner() | self.any_partner()
        if len(partners) == 2 and len(partners.with_context(active_test=False).user_ids) < 2:
            self.env["base.partner.merge.automatic.wizard"]._merge(partners.ids, partners[0])

    def merge_three(self):
        partners = self.any_partner() | self.any_partner() | self.any_partner()
        if len(partners) == 3 and not partners.with_context(active_test=False).user_ids:
            self.env["base.partner.merge.automatic.wizard"]._merge(partners.ids, partners[1])

    def delete_partner(self):
        lonely = self.env["res.partner"].create({"name": "Lonely"})
        self.write_note_on(lonely)
        self.mail_to(lonely, self.any_order())
        lonely.unlink()

    def move_to_company(self):
        partner = self.any_partner()
        if not partner.with_context(active_test=False).user_ids:
            partner.company_id = False if partner.company_id else self.env.company

    # documents

    def made_one(self, model, record=None):
        """One of the documents made so far; a new one joins them."""
        self.made[model] = self.made[model].exists() | (record or self.env[model])
        return record or (self.made[model] and self.chance.choice(self.made[model])) or self.env[model]

    def any_document(self):
        documents = [self.any_partner(), self.any_order(), *map(self.made_one, ("crm.lead", "account.move"))]
        return self.chance.choice([document for document in documents if document])

    def any_moment(self):
        return datetime(2024, 1, 1) + timedelta(hours=self.chance.randrange(9999))

    def new_lead(self):
        partner = self.chance.choice([self.any_partner(), self.env["res.partner"]])
        self.made_one("crm.lead", self.lead(partner_id=partner.id))

    def change_lead(self):
        for lead in self.made_one("crm.lead"):
            change = self.chance.choice(["partner", "type", "lost"])
            if change == "partner":
                lead.partner_id = self.any_partner()
            elif change == "type":
                lead.type = "opportunity"
            else:
                lead.active = not lead.active

    def new_meeting(self):
        self.made_one("calendar.event", self.meeting(self.any_partner() | self.any_partner(), self.any_moment()))

    def change_meeting(self):
        for event in self.made_one("calendar.event"):
            change = self.chance.choice(["guests", "time", "off"])
            if change == "guests":
                event.partner_ids = [Command.set((self.any_partner() | self.any_partner()).ids)]
            elif change == "time":
                event.write({"start": self.any_moment(), "stop": datetime(2026, 1, 1)})
            else:
                event.active = not event.active

    def plan_activity(self):
        name = self.chance.choice(["mail.mail_activity_data_call", "mail.mail_activity_data_todo"])
        self.made_one("mail.activity", self.activity(self.any_document(), name))

    def finish_activity(self):
        self.made_one("mail.activity").filtered("active").action_feedback(feedback="done")

    def change_activity(self):
        for activity in self.made_one("mail.activity"):
            activity.active = not activity.active

    def write_note_on(self, document):
        self.messages |= self.note_on(document)

    def write_note_on_document(self):
        self.write_note_on(self.any_document())

    def new_invoice(self):
        kind = self.chance.choice(["out_invoice", "out_invoice", "out_refund", "out_refund", "in_invoice"])
        invoice = self.made_one("account.move", self.invoice(kind, partner_id=self.any_partner().id))
        if self.chance.random() < 0.6:
            invoice.action_post()

    def change_invoice(self):
        for invoice in self.made_one("account.move"):
            if invoice.state == "posted":
                invoice.button_draft()
            elif invoice.state == "cancel" or self.chance.random() < 0.3:
                invoice.button_draft() if invoice.state == "cancel" else invoice.button_cancel()
            else:
                invoice.partner_id = self.any_partner()
                invoice.action_post()

    def new_payment(self):
        self.made_one("account.payment", self.payment(partner_id=self.any_partner().id))

    def change_payment(self):
        for payment in self.made_one("account.payment"):
            if payment.state == "draft":
                payment.partner_id = self.any_partner()
                payment.action_post()
            else:
                payment.action_draft()

    def delete_document(self):
        self.made_one(self.chance.choice(DOCUMENTS)).unlink()

    def new_call(self):
        partner = self.chance.choice([self.any_partner(), self.env["res.partner"]])
        channel = self.chance.choice(self.env["crm.touchpoint.channel"].search([("code", "in", ("phone", "letter"))]))
        call = {"partner_id": partner.id, "channel_id": channel.id, "start": self.any_moment()}
        self.made_one("crm.touchpoint", self.env["crm.touchpoint"].create(call))

    def change_call(self):
        for call in self.made_one("crm.touchpoint"):
            change = self.chance.choice(["partner", "direction", "time", "archive", "channel"])
            if change == "partner":
                call.partner_id = self.any_partner()
            elif change == "direction":
                call.direction = "in" if call.direction == "out" else "out"
            elif change == "time":
                call.start = self.any_moment()
            elif change == "archive":
                call.active = not call.active
            else:
                call.channel_id = self.env.ref("crm_contact_history.channel_visit")

    def new_service(self):
        asset = self.made_one("customer.asset")
        if not asset or self.chance.random() < 0.5:
            plate = f"D {self.chance.randrange(10**8)} X"
            asset = self.env["customer.asset"].create({"identifier": plate, "partner_id": self.any_partner().id})
            self.made_one("customer.asset", asset)
        service = {"asset_id": asset.id, "work": "Oil", "date": self.any_moment()}
        self.made_one("customer.asset.service", self.env["customer.asset.service"].create(service))

    def change_service(self):
        for service in self.made_one("customer.asset.service"):
            change = self.chance.choice(["time", "staff", "asset"])
            if change == "time":
                service.date = self.any_moment()
            elif change == "staff":
                service.user_ids = self.chance.choice([self.agus, self.chief, self.env["res.users"]])
            else:
                service.asset_id = self.chance.choice(self.made["customer.asset"].exists())

    def change_owner(self):
        for asset in self.made_one("customer.asset"):
            new, since = self.any_partner(), self.any_moment()
            current = asset.owner_ids.filtered(lambda owner: not owner.end)
            if self.chance.random() < 0.1:
                asset.unlink()
            elif not current or (current.start and current.start >= since):
                asset.partner_id = new
            elif new != current.partner_id:
                asset._change_owner(new, since)

    def change_salesperson(self):
        document = self.chance.choice([self.any_order(), self.made_one("crm.lead"), self.made_one("crm.touchpoint")])
        if document:
            document.user_id = self.chance.choice([self.agus, self.chief])

    def test_specs_that_share_a_select_say_the_same_as_each_by_itself(self):
        self._live(random.Random(7), changes=60)
        for _i in range(10):
            self.mail_out()
            self.mail_in()
        self.env.flush_all()
        messages = self.env["mail.message"]
        shared, single = messages._contact_history_record_selects(), messages._contact_history_selects()
        self.assertLess(len(shared), len(single), "the ways of a mail share a select")
        answers = [
            self.env.execute_query(self.Entry._one_per_key(selects, [select for __, select, *__ in selects]))
            for selects in (shared, single)
        ]
        self.assertGreater(len(answers[0]), 10)
        self.assertEqual(*map(sorted_rows, answers))

    def test_a_rebuild_puts_right_what_is_wrong_or_missing_or_too_much(self):
        self.mail_to(self.siti, self.order())
        right = self.rows()
        self.env.cr.execute("DELETE FROM contact_history_entry WHERE kind = 'email'")
        self.env.cr.execute("UPDATE contact_history_entry SET kind = 'order', partner_id = %s", [self.rina.id])
        self.env["contact.history.rebuild"]._backfill()
        self.assertEqual(self.rows(), right)

    def test_the_cron_goes_on_where_it_was_stopped(self):
        orders = self.env["sale.order"].union(*(self.order() for _order in range(20)))
        right = self.rows()
        self.env.cr.execute("DELETE FROM contact_history_entry")
        with patch.object(contact_history_rebuild, "AT_ONCE", 0), patch.object(contact_history_rebuild, "BATCH", 7):
            self.env["contact.history.rebuild"]._backfill()
            self.assertEqual(self.rows(), [], "a large database is left to the cron")
            rebuild = self.env["contact.history.rebuild"].search([("model", "=", "sale.order")])
            rebuild._step()
            seventh = self.env["sale.order"].search([], order="id", limit=1, offset=6)
            self.assertEqual(rebuild.next_id, seventh.id + 1)
            self.assertLess(rebuild.next_id, max(orders.ids))
            with self.enter_registry_test_mode():
                self.env.ref("crm_contact_history.ir_cron_rebuild").method_direct_trigger()
        self.assertEqual(self.rows(), right)
        self.assertTrue(all(self.env["contact.history.rebuild"].search([]).mapped("is_done")))

    def test_what_changed_while_the_rebuild_ran_is_looked_at_once_more(self):
        order = self.order()
        order.action_confirm()
        right = self.rows()
        rebuild = self.env["contact.history.rebuild"].search([("model", "=", "sale.order")])
        rebuild.write({"next_id": order.id + 1, "last_id": order.id + 1, "started_at": datetime.now()})
        # What a batch leaves that began before the confirmation and was committed after it.
        self.env.cr.execute("UPDATE contact_history_entry SET kind = 'quotation' WHERE res_id = %s", [order.id])
        with self.enter_registry_test_mode():
            self.env.ref("crm_contact_history.ir_cron_rebuild").method_direct_trigger()
        self.assertEqual(self.rows(), right)

    def test_the_button_rebuilds_and_the_list_tells_how_far_it_has_come(self):
        manager = new_test_user(self.env, "desk-chief", "crm_contact_history.group_front_desk_manager")
        self.order()
        right = self.rows()
        self.env.cr.execute("DELETE FROM contact_history_entry")
        rebuilds = self.env["contact.history.rebuild"].with_user(manager)
        with patch.object(contact_history_rebuild, "AT_ONCE", 0):
            answer = rebuilds.action_rebuild()
        self.assertIn("is being made anew", answer["params"]["message"])
        orders = rebuilds.search([("model", "=", "sale.order")])
        self.assertEqual((orders.title, orders.progress, orders.is_done), ("Sales Order", 0, False))
        orders.sudo()._step()
        self.assertEqual((orders.progress, orders.is_done), (100, True))
        rebuilds.search([]).sudo().write({"next_id": 0, "last_id": -1})
        self.assertIn("has been made anew", rebuilds.action_rebuild()["params"]["message"])
        self.assertEqual(self.rows(), right)

    def test_the_button_leaves_a_rebuild_under_way_where_it_is(self):
        rebuild = self.env["contact.history.rebuild"].search([("model", "=", "sale.order")])
        rebuild.write({"next_id": 5, "last_id": 10**6})
        rebuild.action_rebuild()
        self.assertEqual(rebuild.next_id, 5)

    def test_only_an_administrator_of_the_desk_starts_it(self):
        desk = new_test_user(self.env, "desk-plain", "crm_contact_history.group_front_desk")
        with self.assertRaisesRegex(AccessError, "An administrator of the front desk"):
            self.env["contact.history.rebuild"].with_user(desk).action_rebuild()

    def test_a_batch_is_so_many_records_however_wide_the_gaps_between_their_ids(self):
        order = self.order()
        rebuild = self.env["contact.history.rebuild"].search([("model", "=", "sale.order")])
        rebuild.write({"next_id": order.id - 900000, "last_id": order.id})
        rebuild._step()
        self.assertTrue(rebuild.is_done)


def sorted_rows(rows):
    return sorted(rows, key=str)
