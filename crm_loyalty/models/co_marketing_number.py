"""What the numbers of a partner's cards look like: how they begin, how long they are, and their check digit.

Three plain facts instead of a pattern to be written: nothing that somebody types here is ever run as an expression. Knows
no Odoo.
"""

from . import card_number

CHECKS = [
    ("none", "No check digit"),
    ("luhn", "Luhn, as bank cards"),
    ("ean", "EAN, as barcodes of goods"),
]
SHORTEST, LONGEST = 6, 32


def plain(number):
    """A number as typed or scanned, without what only makes it easier to read, in capitals.

    >>> plain(" hk-7712 3456 ")
    'HK77123456'
    """
    return "".join(number.split()).replace("-", "").upper() if isinstance(number, str) else ""


def looks_right(number, prefix, length, check):
    """Whether a plain number is one that the partner could have given.

    :param number: of :func:`plain`
    :param prefix: how all of them begin
    :param length: how many characters they have, prefix and check digit included
    :param check: ``none``, ``luhn`` or ``ean``: over all digits of the number

    >>> looks_right("HK77123456", "HK77", 10, "none"), looks_right("HK7712345", "HK77", 10, "none")
    (True, False)
    >>> looks_right("79927398713", "79", 11, "luhn"), looks_right("79927398731", "79", 11, "luhn")
    (True, False)
    >>> looks_right("4006381333931", "40", 13, "ean"), looks_right("4006381333932", "40", 13, "ean")
    (True, False)
    """
    rest = number[len(prefix) :]
    if len(number) != length or not number.startswith(prefix) or not (rest.isascii() and rest.isdigit()):
        return False
    digits = "".join(sign for sign in number if sign in "0123456789")
    if check == "luhn":
        return card_number.is_valid(digits)
    return check != "ean" or _ean_digit(digits[:-1]) == digits[-1]


def _ean_digit(digits):
    """The digit that makes the sum of all digits, from the right 3 and 1 times in turn, a multiple of ten."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)
