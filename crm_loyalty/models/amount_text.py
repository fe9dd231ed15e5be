"""Amounts as texts, of many at a time. Knows no Odoo."""

from functools import cache

# More digits than a float tells apart.
TOO_MANY = 15


def formatted_by_shape(formatted, decimals):
    """As ``formatted``, which takes longer to tell one amount than it takes to decide what follows from it.

    What stands around and between the digits is the same for all amounts with as many of them: it is asked once.

    :param formatted: a function that makes a text of an amount
    :param decimals: digits after the decimal point
    :return: a function that takes amounts which are rounded to these digits
    """

    @cache
    def shape(length):
        ones = "1" * length
        text = formatted(float(f"{ones[decimals:]}.{ones[:decimals] or 0}"))
        around = text.split("1")
        return around if len(around) == length + 1 else None

    def text_of(amount):
        digits = f"{amount:.{decimals}f}".replace(".", "")
        around = shape(len(digits)) if digits.isdecimal() and len(digits) <= TOO_MANY else None
        if not around:
            return formatted(amount)
        return "".join(part + digit for part, digit in zip(around, digits, strict=False)) + around[-1]

    return text_of
