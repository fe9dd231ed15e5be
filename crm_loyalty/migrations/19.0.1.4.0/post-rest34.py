"""Attempts to join are counted with those at all public forms, by public.form.attempt of the contact history."""

from odoo.tools import SQL

OLD, NEW = "crm_loyalty.join_requests_per_ip", "crm_contact_history.public_forms_per_ip"


def migrate(cr, version):
    # The limit of a network address is one for all forms now. What was set for all stands; else what was set here goes on.
    cr.execute(
        SQL(
            """
            UPDATE ir_config_parameter old SET key = %(new)s
             WHERE old.key = %(old)s AND NOT EXISTS (SELECT 1 FROM ir_config_parameter WHERE key = %(new)s)
            """,
            new=NEW,
            old=OLD,
        )
    )
    cr.execute(SQL("DELETE FROM ir_config_parameter WHERE key = %s", OLD))
    # Counts of the last hour: nothing to keep. The ORM drops no table of a model that it no longer knows.
    cr.execute(SQL("DROP TABLE IF EXISTS loyalty_join_attempt"))
