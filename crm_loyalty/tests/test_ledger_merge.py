from datetime import date

from odoo.tests import tagged

from .test_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestLedgerMerge(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.club._enrol(cls.budi).card_id

    def merge(self):
        self.env["base.partner.merge.automatic.wizard"]._merge((self.budi | self.siti).ids, self.siti)
        self.env.invalidate_all()

    def lots(self, card):
        return [(lot.points, lot.expires_on) for lot in card._open_lots()[card]]

    def test_points_and_the_last_day_of_each_lot_are_conserved(self):
        self.card._book(10, "gift", "a", expires_on=date(2030, 1, 31))
        self.other._book(5, "gift", "b", expires_on=date(2029, 1, 31))
        self.other._book(7, "gift", "c", expires_on=None)
        self.other._book(-2, "redeem", "d")
        self.merge()
        self.assertEqual((self.card.points, self.other.points), (20, 0))
        self.assertEqual(self.lots(self.card), [(3, date(2029, 1, 31)), (10, date(2030, 1, 31)), (7, None)])
        self.assertFalse(self.lots(self.other))

    def test_both_cards_keep_their_entries_and_the_contact_is_the_one_who_stays(self):
        self.card._book(10, "gift", "a")
        self.other._book(5, "gift", "b")
        before = self.entries(self.card) | self.entries(self.other)
        self.merge()
        self.assertEqual(before.exists(), before)
        self.assertEqual((self.entries(self.card) | self.entries(self.other)).partner_id, self.siti)

    def test_a_debt_is_moved_too(self):
        self.card._book(10, "gift", "a")
        self.other._book(5, "gift", "b")
        self.other._book(-8, "reverse", "c")
        self.merge()
        self.assertEqual(self.card.points, 7)
        self.assertEqual(self.lots(self.card), [(7, None)])

    def test_three_cards_become_one(self):
        third = self.env["res.partner"].create({"name": "Siti R."})
        more = self.club._enrol(third).card_id
        for points, card in enumerate(self.card | self.other | more, start=1):
            card._book(points, "gift", f"key/{points}")
        self.env["base.partner.merge.automatic.wizard"]._merge((self.budi | third | self.siti).ids, self.siti)
        self.env.invalidate_all()
        self.assertEqual((self.card.points, self.lots(self.card)), (6, [(1, None), (2, None), (3, None)]))
