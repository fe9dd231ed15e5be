"""A way to compare a field with what was typed at the front desk."""

from typing import NamedTuple

from odoo.fields import Domain
from odoo.tools import SQL


class LookupWay(NamedTuple):
    """One of the ways by which a field is looked through, each by an index of its own.

    A field's ways are told best first. The next one is only gone where those before it found too few: what they found
    stands above anyhow.

    :param where: condition on the record's own columns
    :param order: SQL in whose order the index stands, the best match first: only as many rows are read as are wanted.
        Without it, so many of those that match are ranked by their distance
    :param distance: SQL on the ``value`` found, the nearer the smaller. By default what begins with what was typed is
        nearest, then what has a word that does, and of many such the shortest
    :param full: SQL condition on a ``value`` found this way: it is the whole of what was typed. Then it is not looked for
        as a part of something longer
    :param is_part: what was typed may be a part of something longer
    """

    where: Domain | SQL
    order: SQL | None = None
    distance: SQL | None = None
    full: SQL | None = None
    is_part: bool = False
