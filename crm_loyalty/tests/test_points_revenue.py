from odoo.addons.crm_loyalty.models.points_revenue import allocate, recognise
from odoo.tests import BaseCase, tagged


@tagged("post_install", "-at_install")
class TestPointsRevenue(BaseCase):
    """IFRS 15, illustrative example 52: goods for 100,000 with 10,000 points of 1 each, 9,500 of them expected."""

    def test_the_price_is_shared_between_goods_and_points(self):
        goods, points = allocate(100_000, 10_000, 1, 0.95)
        self.assertEqual((round(goods), round(points)), (91_324, 8_676))
        self.assertAlmostEqual(goods + points, 100_000)

    def test_revenue_of_the_points_comes_as_they_are_redeemed(self):
        _goods, points = allocate(100_000, 10_000, 1, 0.95)
        self.assertEqual([round(part) for part in recognise(points, 4_500, 9_500)], [4_110, 4_566])

    def test_a_new_estimate_counts_for_all_that_was_redeemed(self):
        _goods, points = allocate(100_000, 10_000, 1, 0.95)
        until_now, _left = recognise(points, 8_500, 9_700)
        self.assertEqual(round(until_now - recognise(points, 4_500, 9_500)[0]), 3_493)

    def test_nothing_is_left_when_all_are_redeemed_or_none_is_expected(self):
        self.assertEqual(recognise(500, 12_000, 10_000), (500, 0))
        self.assertEqual(recognise(500, 0, 0), (500, 0))
        self.assertEqual(allocate(0, 0, 1, 1), (0, 0))
