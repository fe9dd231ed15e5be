"""Texts with as many digits in a row as was typed: mostly they are few.

Whoever types a telephone number at the front desk looks for it among names, addresses and the numbers of all documents,
too. An index of letter triples takes long for that, since every triple of digits is in many of them. So the few texts in
which it can stand have an index of their own.
"""

from .lookup_index import SHORT_LIST

# In numbers of documents and in e-mail addresses; both have some digits as a rule.
MANY_DIGITS = "[0-9]{8}"
# In names, which seldom have any.
SOME_DIGITS = "[0-9]{3}"


def digits_index(field, digits, fold=False):
    """Index definition: "contains" among these records only; nothing without pg_trgm.

    :param digits: ``MANY_DIGITS`` or ``SOME_DIGITS``
    :param fold: compare without accents, as names are looked for: "３" is a 3 there
    """

    def definition(registry):
        if not registry.has_trigram:
            return ""
        folded = registry.unaccent(field)
        return f"USING gin ({folded} gin_trgm_ops) {SHORT_LIST} WHERE {folded if fold else field} ~ '{digits}'"

    return definition
