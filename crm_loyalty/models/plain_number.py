"""Numbers without a unit, as a reader expects them: no decimals that say nothing, no 1e+06."""

from odoo.tools import float_is_zero, formatLang


def plain_number(env, value, signed=False):
    """A number in the reader's language: ``1,250,000``, ``7.50``.

    :param signed: with its sign also when it is positive
    """
    whole = float_is_zero(value - round(value), precision_digits=2)
    text = formatLang(env, value, digits=0 if whole else 2)
    return f"+{text}" if signed and value > 0 else text
