"""Indexes by which a customer is found: of the letter triples, or of the words, of a text.

What is written to such an index (GIN) waits in a list, up to 4 MB, until PostgreSQL sorts it in; whoever looks something up
meanwhile reads the list from end to end, which takes a hundred times as long as the look-up itself. So the list is kept
short, where core made the index, too.
"""

from odoo.tools import SQL

# The least that PostgreSQL takes, in kB: half a millisecond to read.
SHORT_LIST = "WITH (gin_pending_list_limit = 64)"
# Core's indexes that a look-up reads: {table: name}.
OF_CORE = {"sale_order": "sale_order__name_index", "account_move": "account_move__name_index"}


def trigram_index(text, held, fold=False):
    """Index definition: "contains"; nothing without pg_trgm.

    :param text: SQL of what is looked through
    :param held: SQL condition: which records are in it
    :param fold: whatever the accents, where the ORM searches so
    """

    def definition(registry):
        if not registry.has_trigram:
            return ""
        return f"USING gin ({registry.unaccent(text) if fold else text} gin_trgm_ops) {SHORT_LIST} WHERE {held}"

    return definition


def keep_list_short(cr, table):
    """Of core's index."""
    cr.execute(SQL("ALTER INDEX IF EXISTS %s SET (gin_pending_list_limit = 64)", SQL.identifier(OF_CORE[table])))


def leave_list(cr):
    """As core made it."""
    for name in OF_CORE.values():
        cr.execute(SQL("ALTER INDEX IF EXISTS %s RESET (gin_pending_list_limit)", SQL.identifier(name)))
