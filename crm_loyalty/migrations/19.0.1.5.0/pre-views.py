"""The views of the tiers' action are records of their own now, where each upgrade made new ones without a name: those go, for
an action has one view of a kind."""

from odoo.tools import SQL


def migrate(cr, version):
    cr.execute(
        SQL(
            """
            DELETE FROM ir_act_window_view
             WHERE act_window_id IN (SELECT res_id FROM ir_model_data
                                      WHERE module = 'crm_loyalty' AND name = 'res_partner_grade_action_tier')
               AND id NOT IN (SELECT res_id FROM ir_model_data WHERE model = 'ir.actions.act_window.view')
            """
        )
    )
