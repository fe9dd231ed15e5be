import random
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from ..models import contact_history_rebuild
from .common import ContactHistoryCase


@tagged("post_install", "-at_install")
class TestHistoryRebuild(ContactHistoryCase):
    def test_after_any_series_of_changes_the_history_equals_a_rebuilt_one(self):
        for seed in range(3):
            with self.subTest(seed=seed):
                self._live(random.Random(seed), changes=60)
                kept = self.rows()
                self.assertGreater(len(kept), 10)
                self.assertEqual(kept, self.rebuilt_rows())

    def _live(self, chance, changes):
        """A random life of some customers; the history is read, or not, in between."""
        partners = self.env["res.partner"].create([{"name": f"Customer {i}", "email": "x@y.example"} for i in range(6)])
        orders = self.order(partners[0])
        messages = self.env["mail.message"]
        for _step in range(changes):
            partners, orders, messages = partners.exists(), orders.exists(), messages.exists()
            partner, order = chance.choice(partners), chance.choice(orders or self.order(partners[0]))
            change = chance.choice(
                "new new move date confirm cancel archive drop mail mail reply note retarget forget parent staff merge".split()
            )
            if change == "new":
                orders |= self.order(partner)
            elif change == "move" and order.state == "draft":
                order.partner_id = partner
            elif change == "date":
                order.date_order = datetime(2024, 1, 1) + timedelta(hours=chance.randrange(9999))
            elif change == "confirm" and order.state == "draft":
                order.action_confirm()
            elif change == "cancel" and order.state != "cancel":
                order._action_cancel()
            elif change == "archive" and not partner.user_ids:
                partner.active = not partner.active
            elif change == "drop" and order.state == "draft":
                order.unlink()
            elif change == "mail":
                messages |= self.mail_to(partner | chance.choice(partners), order)
            elif change == "reply":
                messages |= self.mail_from(partner, order)
            elif change == "note":
                partner.message_post(body="note", message_type="comment", subtype_xmlid="mail.mt_note")
            elif change == "retarget" and messages:
                chance.choice(messages).write({"partner_ids": [(6, 0, partner.ids)], "author_id": chance.choice(partners).id})
            elif change == "forget" and messages:
                chance.choice(messages).unlink()
            elif change == "parent":
                partner.parent_id = False if partner.parent_id else self.mill
            elif change == "staff" and not partner.user_ids:
                user = new_test_user(self.env, f"staff-{partner.id}", partner_id=partner.id)
                user.active = chance.random() < 0.5
            elif change == "merge":
                other = chance.choice(partners)
                if other != partner and len((partner | other).with_context(active_test=False).user_ids) < 2:
                    self.env["base.partner.merge.automatic.wizard"]._merge((partner | other).ids, partner)
            if chance.random() < 0.3:
                self.Entry._sync()

    def test_a_rebuild_puts_right_what_is_wrong_or_missing_or_too_much(self):
        self.mail_to(self.siti, self.order())
        right = self.rows()
        self.env.cr.execute("DELETE FROM contact_history_entry WHERE kind = 'email'")
        self.env.cr.execute("UPDATE contact_history_entry SET kind = 'order', partner_id = %s", [self.rina.id])
        self.env["contact.history.rebuild"]._backfill()
        self.assertEqual(self.rows(), right)

    def test_the_cron_goes_on_where_it_was_stopped(self):
        for _order in range(3):
            self.order()
        right = self.rows()
        self.env.cr.execute("DELETE FROM contact_history_entry")
        with patch.object(contact_history_rebuild, "AT_ONCE", 0), patch.object(contact_history_rebuild, "BATCH", 7):
            self.env["contact.history.rebuild"]._backfill()
            self.assertEqual(self.rows(), [], "a large database is left to the cron")
            rebuild = self.env["contact.history.rebuild"].search([("model", "=", "sale.order")])
            rebuild._step()
            self.assertEqual(rebuild.next_id, 7)
            with self.enter_registry_test_mode():
                self.env.ref("crm_contact_history.ir_cron_rebuild").method_direct_trigger()
        self.assertEqual(self.rows(), right)
        self.assertTrue(all(self.env["contact.history.rebuild"].search([]).mapped("is_done")))
