from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import ContactHistoryCase


@tagged("post_install", "-at_install")
class TestNote(ContactHistoryCase):
    @classmethod
    def note(cls, partner=None, text="No sugar", **values):
        return cls.env["customer.note"].create({"partner_id": (partner or cls.siti).id, "text": text, **values})

    def card(self, partner=None, user=None):
        return (partner or self.siti).with_user(user or self.agus).front_desk_card()["notes"]

    def test_it_stands_on_the_card_with_author_and_review_date(self):
        note = self.note(kind="dont", author_id=self.chief.id, review_date="2020-01-31")
        self.assertEqual(
            self.card(),
            [
                {
                    "id": note.id,
                    "text": "No sugar",
                    "kind": "dont",
                    "author": "Chief",
                    "review_date": "2020-01-31",
                    "is_due": True,
                }
            ],
        )

    def test_what_is_pinned_to_a_company_stands_on_the_card_of_its_people(self):
        self.note(self.mill, "Pays late")
        self.note(self.rina, "Prefers mail")
        self.assertEqual({note["text"] for note in self.card(self.rina)}, {"Pays late", "Prefers mail"})
        self.assertEqual([note["text"] for note in self.card(self.mill)], ["Pays late"])

    def test_due_ones_are_listed_until_somebody_says_that_they_still_hold(self):
        today = fields.Date.today()
        due, __, __ = (self.note(review_date=day) for day in (today, today + timedelta(days=1), False))
        notes = self.env["customer.note"].with_user(self.agus)
        mine = [("partner_id", "=", self.siti.id)]
        self.assertEqual(notes.search([*mine, ("is_due", "=", True)]), due)
        self.assertEqual(notes.search_count([*mine, ("is_due", "=", False)]), 2)
        due.with_user(self.agus).action_still_holds()
        self.assertFalse(notes.search([*mine, ("is_due", "=", True)]))

    def test_an_empty_or_endless_note_is_refused(self):
        for text in ("  ", "x" * 501):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.note(text=text)
        self.assertEqual(self.card(), [])

    def test_an_archived_one_is_off_the_card(self):
        self.note().active = False
        self.assertEqual(self.card(), [])

    def test_a_plain_employee_another_company_and_the_portal_read_none(self):
        self.note()
        self.note(text="There", company_id=self.env["res.company"].create({"name": "Elsewhere"}).id)
        portal = new_test_user(self.env, "portal-note", "base.group_portal", partner_id=self.siti.id)
        for user in (self.clerk, portal):
            with self.assertRaises(AccessError):
                self.env["customer.note"].with_user(user).search([])
        self.assertEqual(self.card(user=self.clerk), [])
        self.assertEqual([note["text"] for note in self.card()], ["No sugar"])

    def test_nothing_is_pinned_to_a_contact_of_another_company(self):
        self.siti.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assertRaises(UserError):
            self.note(company_id=self.env.company.id)

    def test_50_notes_cost_as_many_queries_as_one(self):
        self.note()
        for at in range(50):
            self.note(self.rina, f"Note {at}", author_id=(self.agus if at % 2 else self.chief).id)
        self.count_queries(lambda: self.card(self.rina))
        one, many = (
            self.count_queries(lambda p=p: p.with_user(self.agus)._front_desk_notes()) for p in (self.siti, self.rina)
        )
        self.assertEqual(one, many)

    def test_three_merged_contacts_keep_all_their_notes(self):
        twins = self.env["res.partner"].create([{"name": "Siti R."}, {"name": "S. R."}])
        for partner in self.siti | twins:
            self.note(partner, partner.name)
        self.env["base.partner.merge.automatic.wizard"]._merge((self.siti | twins).ids, self.siti)
        self.assertEqual(len(self.card()), 3)

    def test_the_notes_of_a_deleted_contact_go_with_him(self):
        note = self.note()
        self.siti.unlink()
        self.assertFalse(note.exists())
