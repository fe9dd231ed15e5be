"""Numbers of documents with as many digits in a row as a telephone number has: mostly there are none.

Whoever types a telephone number at the front desk looks for it among the numbers of all documents, too. An index of
letter triples takes long for that, since every triple of digits is in many numbers. So the few documents in whose number
it can stand have an index of their own.
"""

from odoo.fields import Domain
from odoo.tools import SQL

MANY_DIGITS = "[0-9]{8}"


def holds_many_digits(field):
    """Records whose number has so many digits in a row: in the words of the index, which PostgreSQL compares."""
    return Domain.custom(
        to_sql=lambda model, alias, query: SQL("%s ~ %s", model._field_to_sql(alias, field, query), MANY_DIGITS)
    )


def many_digits_index(field):
    """Index definition: "contains" among these records only; nothing without pg_trgm."""

    def definition(registry):
        if not registry.has_trigram:
            return ""
        return f"USING gin ({registry.unaccent(field)} gin_trgm_ops) WHERE {field} ~ '{MANY_DIGITS}'"

    return definition
