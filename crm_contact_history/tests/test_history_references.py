from unittest.mock import patch

from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .common import ContactHistoryCase


@tagged("post_install", "-at_install")
class TestHistoryReferences(ContactHistoryCase):
    """The history has one foreign key; what others would do, code does."""

    def columns_with_foreign_key(self):
        rows = self.env.execute_query(
            SQL(
                """SELECT a.attname FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid
                      AND a.attnum = ANY(c.conkey)
                    WHERE c.conrelid = 'contact_history_entry'::regclass AND c.contype = 'f'"""
            )
        )
        return [column for (column,) in rows]

    def test_each_entry_is_checked_against_its_contact_only(self):
        self.assertEqual(self.columns_with_foreign_key(), ["partner_id"])

    def test_a_deleted_user_leaves_the_entries_without_a_person_as_a_rebuild_says(self):
        seller = new_test_user(self.env, "short-time-seller", "sales_team.group_sale_salesman")
        order = self.order(user_id=seller.id)
        self.assertIn(seller.id, [row[-1] for row in self.rows()])
        order.user_id = False
        self.Entry._sync()
        self.env.cr.execute(SQL("UPDATE contact_history_entry SET user_id = %s WHERE res_id = %s", seller.id, order.id))
        seller_id = seller.id
        seller.unlink()
        self.assertNotIn(seller_id, [row[-1] for row in self.rows()])
        self.assert_equals_a_rebuilt_one()

    def test_a_deleted_company_leaves_no_entry(self):
        company = self.env["res.company"].create({"name": "Short-lived"})
        order = self.order()
        self.Entry._sync()
        self.env.cr.execute(
            SQL("UPDATE contact_history_entry SET company_id = %s WHERE res_id = %s", company.id, order.id)
        )
        company_id = company.id
        company.unlink()
        self.assertNotIn(company_id, [row[5] for row in self.rows()])

    def test_a_deleted_firm_leaves_its_people_what_is_theirs(self):
        order = self.order(self.rina)
        self.order(self.siti)
        self.rina.parent_id = False
        self.mill.unlink()
        [row] = [row for row in self.rows() if row[:2] == ("sale.order", order.id)]
        self.assertEqual(row[3:5], (self.rina.id, self.rina.id))
        self.assert_equals_a_rebuilt_one()

    def test_one_contact_of_a_firm_and_the_firm_alone_show_what_is_theirs_only(self):
        of_rina, of_mill = self.order(self.rina), self.order(self.mill)
        for partner, shown in ((self.rina, {of_rina.id}), (self.mill, {of_rina.id, of_mill.id})):
            self.assertEqual({entry["res_id"] for entry in self.history(partner)}, shown)
        alone = self.history(self.mill, only_this_contact=True)
        self.assertEqual({entry["res_id"] for entry in alone}, {of_mill.id})

    def test_one_contact_with_few_and_with_many_entries_shows_the_same(self):
        """Both ways to look are right: by his own index, or along that of his firm."""
        for partner in (self.rina, self.mill, self.rina):
            self.mail_to(partner, self.order(partner))
        for partner in (self.rina, self.mill):
            few = self.history(partner, only_this_contact=True)
            with patch("odoo.addons.crm_contact_history.models.contact_history_page.FEW", 2):
                self.assertEqual(self.history(partner, only_this_contact=True), few)
            self.assertGreaterEqual(len(few), 2)

    def assert_equals_a_rebuilt_one(self):
        kept = self.rows()
        self.env["contact.history.rebuild"]._backfill()
        self.assertEqual(kept, self.rows())
