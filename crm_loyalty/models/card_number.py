"""Card numbers: digits only, the last one a check digit, so that a mistyped number is noticed before it is looked up.

The check digit is Luhn's (ISO/IEC 7812-1, annex B): it finds every single wrong digit and nearly every swap of
neighbours.
"""

import secrets

# Core's point of sale recognises a scanned code as a coupon or loyalty card by these beginnings (pattern 043|044).
SCANNABLE_PREFIXES = ("043", "044")


def check_digit(digits):
    """The digit to append to ``digits``.

    >>> check_digit("7992739871")
    '3'
    """
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value if value < 10 else value - 9
    return str(-total % 10)


def is_valid(number):
    """Whether ``number`` holds only digits and ends with its right check digit.

    >>> is_valid("79927398713"), is_valid("79927398731"), is_valid("7992x")
    (True, False, False)
    """
    return number.isascii() and number.isdigit() and check_digit(number[:-1]) == number[-1]


def draw(prefix, length):
    """A new number of ``length`` digits beginning with ``prefix``. Drawn, not counted: a number tells nothing
    of the next.
    """
    free = length - len(prefix) - 1
    digits = prefix + "".join(secrets.choice("0123456789") for _ in range(free))
    return digits + check_digit(digits)
