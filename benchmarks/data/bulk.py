"""Many rows at once, shaped like one that Odoo itself has made."""

import contextlib

from odoo.tools import SQL

# Below this, keeping indexes and checking keys row by row is cheaper than making them anew. (It is dear sooner than one
# thinks: the plan of a key's check is made while the table is small, and then scans it for each row.)
WORTH_DROPPING = 5_000
SLICES = 20


def columns(cr, table):
    cr.execute(
        SQL(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            "   AND attgenerated = '' ORDER BY attnum",
            table,
        )
    )
    return [name for (name,) in cr.fetchall()]


def insert_like(cr, table, source, values):
    """Insert a row per row of `source`, equal to its prototype but for the columns in `values`.

    Columns that nobody here has heard of (a module's stored field) take the prototype's value: what Odoo's own
    code had computed for such a record.

    :param source: SQL of a FROM clause that may use `proto`, the table's prototypes (prototypes.py), and must join
        it on `proto_variant`
    :param values: column: SQL expression over `source` and `proto`
    :returns: the number of rows
    """
    names = columns(cr, table)
    unknown = set(values) - set(names)
    if unknown:
        raise ValueError(f"{table} has no column {', '.join(sorted(unknown))}")
    cr.execute(
        SQL(
            """WITH proto AS MATERIALIZED (
                   SELECT prototype.variant AS proto_variant, made.*
                     FROM bench.prototype CROSS JOIN LATERAL jsonb_populate_record(NULL::%(table)s, prototype.made) made
                    WHERE prototype.of_table = %(name)s)
               INSERT INTO %(table)s (%(columns)s) SELECT %(values)s FROM %(source)s""",
            table=SQL.identifier(table),
            name=table,
            columns=SQL(", ").join(map(SQL.identifier, names)),
            values=SQL(", ").join(values.get(name, SQL.identifier("proto", name)) for name in names),
            source=source,
        )
    )
    return cr.rowcount


def in_slices(count, work, progress):
    """Call `work(low, high)` over 1 … count in slices (both ends are in), telling `progress(done)` after each.

    :returns: the sum of what `work` returns
    """
    total, low = 0, 1
    step = max(1, -(-count // SLICES), 1_000)
    while low <= count:
        high = min(count, low + step - 1)
        total += work(low, high)
        progress(high)
        low = high + 1
    return total


def new_ids(cr, table, count):
    """Take `count` ids in a row from the table's sequence.

    :returns: the first of them
    """
    cr.execute(SQL("SELECT pg_get_serial_sequence(%s, 'id')", table))
    [sequence] = cr.fetchone()
    cr.execute(SQL("SELECT nextval(%s)", sequence))
    [first] = cr.fetchone()
    if count > 1:
        cr.execute(SQL("SELECT setval(%s, %s)", sequence, first + count - 1))
    return first


@contextlib.contextmanager
def loading(cr, table, rows, worth=WORTH_DROPPING):
    """Without the table's secondary indexes and foreign keys while many rows come in; all are back at the end.

    One check of a foreign key per table is a join; a check per row is a query per row. In the caller's transaction:
    a killed load leaves everything as it was.
    """
    if rows < worth:
        yield
        return
    keys, indexes = foreign_keys(cr, table), secondary_indexes(cr, table)
    for name in keys:
        cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(table), SQL.identifier(name)))
    for name in indexes:
        cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    yield
    for definition in indexes.values():
        cr.execute(SQL(_literal(definition)))
    for name, definition in keys.items():
        cr.execute(
            SQL(
                "ALTER TABLE %s ADD CONSTRAINT %s %s",
                SQL.identifier(table),
                SQL.identifier(name),
                SQL(_literal(definition)),
            )
        )


def foreign_keys(cr, table):
    """The foreign keys of a table, name: definition."""
    cr.execute(
        SQL(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid = %s::regclass ORDER BY conname",
            table,
        )
    )
    return dict(cr.fetchall())


def secondary_indexes(cr, table):
    """The indexes of a table that stand for no constraint, name: definition."""
    cr.execute(
        SQL(
            """SELECT class.relname, pg_get_indexdef(index.indexrelid)
                 FROM pg_index index JOIN pg_class class ON class.oid = index.indexrelid
                WHERE index.indrelid = %s::regclass
                  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = index.indexrelid)
             ORDER BY class.relname""",
            table,
        )
    )
    return dict(cr.fetchall())


def _literal(definition):
    return definition.replace("%", "%%")
