"""Figures of customers have no foreign keys left: code watches over what they point to, and the facts have theirs."""

from odoo.tools import SQL
from odoo.tools.sql import table_exists

COLUMNS = {
    "customer_metric": ("partner_id", "company_id", "retention_model_id"),
    "customer_metric_snapshot": ("partner_id", "company_id"),
}


def migrate(cr, version):
    # In 19.0.1.0.0 there were no figures of customers: where their tables are not there, nothing is to be done.
    names = []
    for table, columns in COLUMNS.items():
        for column in columns:
            names.append(f"{table}_{column}_fkey")
            cr.execute(
                SQL(
                    "ALTER TABLE IF EXISTS %s DROP CONSTRAINT IF EXISTS %s",
                    SQL.identifier(table),
                    SQL.identifier(names[-1]),
                )
            )
    cr.execute(SQL("DELETE FROM ir_model_constraint WHERE name = ANY(%s)", names))
    # No fit is forgotten often enough to keep an index for it; stages and segments have one together.
    for name in ("retention_model", "segment", "lifecycle"):
        cr.execute(SQL("DROP INDEX IF EXISTS %s", SQL.identifier(f"customer_metric_{name}_idx")))
    # What was judged by rules of before is judged anew.
    if table_exists(cr, "customer_metric_day"):
        cr.execute(SQL("UPDATE customer_metric_day SET basis = NULL"))
