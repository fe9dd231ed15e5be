from odoo.tools import SQL


def migrate(cr, version):
    """First and last closing and the beginning of a wait are new columns. Filled here in one statement, so that the
    upgrade does not work them out one ticket after the other.
    """
    for column, kind in (
        ("date_first_closed", "timestamp"),
        ("date_last_closed", "timestamp"),
        ("reopen_count", "integer"),
        ("waiting_since", "timestamp"),
    ):
        cr.execute(SQL("ALTER TABLE service_ticket ADD COLUMN IF NOT EXISTS %s %s", SQL.identifier(column), SQL(kind)))
    # What was written last on a waiting ticket is the nearest that is known to the beginning of its wait.
    cr.execute(
        SQL(
            """
            UPDATE service_ticket
               SET date_first_closed = date_closed,
                   date_last_closed = date_closed,
                   reopen_count = 0,
                   waiting_since = CASE WHEN stage_category IN ('waiting_customer', 'waiting_third_party')
                                        THEN write_date END
             WHERE reopen_count IS NULL
            """
        )
    )
