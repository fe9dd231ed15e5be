from odoo import fields


def tiers_field(relation, column, help):
    """For which tiers something is: programs and rewards have it.

    What is for some tiers must not become everybody's. Hence: a tier in use is not deleted (ondelete), archiving it does
    not empty the field (active_test), and neither do the reader's record rules (it must be of the same company, which
    each model checks).

    :param relation: name of the table
    :param column: its column for the record that is restricted
    :param help: what empty means, above all
    """
    return fields.Many2many(
        "res.partner.grade",
        relation=relation,
        column1=column,
        column2="tier_id",
        string="Members' Tiers",
        ondelete="restrict",
        context={"active_test": False},
        domain="[('club_id', '!=', False)]",
        help=help,
    )
