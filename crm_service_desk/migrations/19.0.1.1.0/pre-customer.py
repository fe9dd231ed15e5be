from odoo.tools import SQL


def migrate(cr, version):
    """Which tickets a contact of a company sees in the portal has changed: his own, unless he is its main contact. The
    rule is not updated with the addon (it may be edited), so the old one goes and is made anew.

    Outcome and marks of existing tickets are filled in one statement; the upgrade would work them out one by one.
    """
    cr.execute(
        SQL(
            """
            WITH old AS (
                DELETE FROM ir_model_data
                 WHERE module = 'crm_service_desk' AND name = 'service_ticket_rule_portal'
             RETURNING res_id
            )
            DELETE FROM ir_rule WHERE id IN (SELECT res_id FROM old)
            """
        )
    )
    for column, kind, value in (
        ("outcome", "varchar", "none"),
        ("csat", "integer", 0),
        ("csat_handling", "integer", 0),
        ("ces", "integer", 0),
    ):
        cr.execute(
            SQL(
                "ALTER TABLE service_ticket ADD COLUMN IF NOT EXISTS %s %s DEFAULT %s",
                SQL.identifier(column),
                SQL(kind),
                value,
            )
        )
        cr.execute(SQL("ALTER TABLE service_ticket ALTER COLUMN %s DROP DEFAULT", SQL.identifier(column)))
