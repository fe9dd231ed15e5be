from odoo.tools import SQL


def migrate(cr, version):
    """The last day that counts, and the day to look at a membership again, are new columns. Filled here in one
    statement, so that the upgrade does not work them out one membership after the other.
    """
    cr.execute(SQL("ALTER TABLE loyalty_membership ADD COLUMN IF NOT EXISTS counts_until date"))
    cr.execute(SQL("ALTER TABLE loyalty_membership ADD COLUMN IF NOT EXISTS next_change_on date"))
    cr.execute(
        SQL(
            """
            UPDATE loyalty_membership
               SET counts_until = date_end,
                   next_change_on = CASE state WHEN 'future' THEN date_start WHEN 'running' THEN date_end + 1 END
             WHERE counts_until IS NULL AND next_change_on IS NULL
            """
        )
    )
    # Served the daily job, which now asks for next_change_on.
    cr.execute(SQL("DROP INDEX IF EXISTS loyalty_membership_to_start_idx"))
