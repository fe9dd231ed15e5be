from odoo.addons.crm_loyalty.models import card_number
from odoo.tests import BaseCase, tagged


@tagged("post_install", "-at_install")
class TestCardNumber(BaseCase):
    def test_the_check_digit_is_that_of_iso_7812(self):
        self.assertEqual(card_number.check_digit("7992739871"), "3")
        self.assertEqual(card_number.check_digit("0"), "0")

    def test_every_single_wrong_digit_is_noticed(self):
        number = card_number.draw("044", 13)
        for place, digit in enumerate(number):
            for wrong in "0123456789".replace(digit, ""):
                self.assertFalse(card_number.is_valid(number[:place] + wrong + number[place + 1 :]))

    def test_a_drawn_number_has_prefix_length_and_a_right_check_digit(self):
        for _ in range(200):
            number = card_number.draw("0447", 16)
            self.assertRegex(number, r"^0447[0-9]{12}$")
            self.assertTrue(card_number.is_valid(number))

    def test_letters_and_other_digits_are_no_card_number(self):
        for wrong in ("", "7992x", "٠٤٤", "79927398731"):
            self.assertFalse(wrong and card_number.is_valid(wrong), wrong)
