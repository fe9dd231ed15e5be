from odoo.tools import SQL


def migrate(cr, version):
    """What an agent sees has become what is his own. The rule is not updated with the addon (it may be edited), so the
    old one goes and is made anew."""
    cr.execute(
        SQL(
            """
            WITH old AS (
                DELETE FROM ir_model_data
                 WHERE module = 'crm_service_desk' AND name = 'service_ticket_rule_user'
             RETURNING res_id
            )
            DELETE FROM ir_rule WHERE id IN (SELECT res_id FROM old)
            """
        )
    )
