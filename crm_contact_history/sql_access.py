"""What a person may read, told to the database as a condition on ids: for figures over more records than one can ask for."""

from odoo.fields import Domain
from odoo.tools import SQL


def may_read_document(env, model, record_id):
    """SQL condition: this person may read a document that is named by model and id, of the kinds that the history knows."""
    sides = [
        SQL("%s = %s AND %s", model, name, condition)
        for name in env["contact.history.entry"]._documents()
        if (condition := may_read(env[name], record_id))
    ]
    return SQL("(%s)", SQL(" OR ").join(sides)) if sides else SQL("FALSE")


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
