from odoo.tools import SQL


def migrate(cr, version):
    """Teams that are there already get the warning that a new team has; by itself nothing is closed: its days are 0."""
    cr.execute(
        SQL(
            """
            UPDATE service_team
               SET close_warning_template_id = (
                   SELECT res_id FROM ir_model_data
                    WHERE module = 'crm_service_desk' AND name = 'mail_template_close_warning')
             WHERE close_warning_template_id IS NULL
            """
        )
    )
