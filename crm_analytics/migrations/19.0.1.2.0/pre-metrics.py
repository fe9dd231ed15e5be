"""Figures of customers have no foreign keys left: code watches over what they point to, and the facts have theirs."""

from odoo.tools import SQL

COLUMNS = {
    "customer_metric": ("partner_id", "company_id", "retention_model_id"),
    "customer_metric_snapshot": ("partner_id", "company_id"),
}


def migrate(cr, version):
    names = []
    for table, columns in COLUMNS.items():
        for column in columns:
            names.append(f"{table}_{column}_fkey")
            cr.execute(
                SQL("ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s", SQL.identifier(table), SQL.identifier(names[-1]))
            )
    cr.execute(SQL("DELETE FROM ir_model_constraint WHERE name = ANY(%s)", names))
    # No fit is forgotten often enough to keep an index for it; stages and segments have one together.
    for name in ("retention_model", "segment", "lifecycle"):
        cr.execute(SQL("DROP INDEX IF EXISTS %s", SQL.identifier(f"customer_metric_{name}_idx")))
    # What was judged by rules of before is judged anew.
    cr.execute(SQL("UPDATE customer_metric_day SET basis = NULL"))
