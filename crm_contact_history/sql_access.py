"""What a person may read, told to the database: for figures over more records than one can ask for.

Of one record, or of some that are found one by one, as a condition on its id; of all at once as a select of ids to join, so
that PostgreSQL reads a million of them in a row instead of looking each up.
"""

from odoo.fields import Domain
from odoo.tools import SQL, Query

# What a condition of a rule may ask of a field for the index to answer it in the same way.
PLAIN = ("in", "not in", "=", "!=")


def may_read_document(env, model, record_id):
    """SQL condition: this person may read a document that is named by model and id, of the kinds that the history knows."""
    sides = [
        SQL("%s = %s AND %s", model, name, condition)
        for name in env["contact.history.entry"]._documents()
        if (condition := may_read(env[name], record_id))
    ]
    return SQL("(%s)", SQL(" OR ").join(sides)) if sides else SQL("FALSE")


def readable_documents(env, model, record_id):
    """The same for many rows at once.

    :return: joins, and the condition that one of them holds
    """
    joins, found = [], []
    for name in env["contact.history.entry"]._documents():
        if ids := readable_ids(env[name]):
            document = SQL.identifier(f"document_{env[name]._table}")
            on = SQL("%s = %s AND %s.id = %s", model, name, document, record_id)
            joins.append(SQL("LEFT JOIN (%s) %s ON %s", ids, document, on))
            found.append(SQL("%s.id IS NOT NULL", document))
    return SQL(" ").join(joins), SQL("(%s)", SQL(" OR ").join(found)) if found else SQL("FALSE")


def told_by_entry(model, alias):
    """SQL condition on rows of the index: this person may read the record of this model that is behind.

    Most rules ask only whose a record is and of which company, and that stands in the index: nothing is to be joined then.

    :param alias: of the index's table in the statement
    :return: None where the rules ask for more, or where the index does not hold what they ask for
    """
    held = model._contact_history_held()
    rules = model.env["ir.rule"]._compute_domain(model._name, "read")
    if not all(leaf.field_expr in held and leaf.operator in PLAIN for leaf in rules.iter_conditions()):
        return None
    # sudo: only makes the condition; nobody reads the index by its own rights.
    entries = model.env["contact.history.entry"].sudo()
    told = rules.map_conditions(lambda leaf: Domain(held[leaf.field_expr], leaf.operator, leaf.value))
    query = Query(model.env, alias, entries._table_sql)
    return SQL("(%s)", told.optimize_full(entries)._to_sql(entries, alias, query))


def readable_ids(model, also=Domain.TRUE):
    """SQL select of the ids that this person may read by access rights and record rules; None where he may read none.

    :param also: a domain that has to hold, too
    """
    if not model.has_access("read"):
        return None
    rules = model.env["ir.rule"]._compute_domain(model._name, "read") & also
    if rules.is_true():
        return SQL("SELECT id FROM %s", SQL.identifier(model._table))
    return model._search(also, active_test=False).select()


def may_read(model, record_id, also=Domain.TRUE):
    """SQL condition: this person may read a record by access rights and record rules; None where he may read none.

    :param record_id: SQL of the record's id
    :param also: a domain that has to hold, too
    """
    if not model.has_access("read"):
        return None
    rules = model.env["ir.rule"]._compute_domain(model._name, "read") & also
    if rules.is_true():
        return SQL("TRUE")
    query = model._search(also, active_test=False)
    query.add_where(SQL("%s = %s", SQL.identifier(query.table, "id"), record_id))
    # One row by its primary key: whatever the size of the table, and PostgreSQL may still read all at once.
    return SQL("EXISTS (%s)", query.select(SQL("1")))
