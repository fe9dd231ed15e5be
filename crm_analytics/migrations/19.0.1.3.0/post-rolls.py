"""Companies of after the installation have bought without ever having been counted in full: their rolls are to be made, too."""

from odoo.tools import SQL


def migrate(cr, version):
    cr.execute(
        SQL(
            """
            INSERT INTO customer_purchase_build (company_id, state, done, total, position, rolled, next_span)
            SELECT id, 'done', 0, 0, 0, FALSE, 0 FROM res_company
            ON CONFLICT (company_id) DO NOTHING
            """
        )
    )
