from odoo.tools import SQL


def migrate(cr, version):
    """The index on the program alone gives way to the one on program and date, which serves the same and more."""
    cr.execute(SQL("DROP INDEX IF EXISTS loyalty_ledger_entry__program_id_index"))
