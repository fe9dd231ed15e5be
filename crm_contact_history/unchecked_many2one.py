"""A many2one without a foreign key in the database."""

from odoo import fields


class UncheckedMany2one(fields.Many2one):
    """As any many2one, but what it points to is watched over by code alone.

    For a narrow table to which every message and order adds rows: the database looks a foreign key up, and locks what it
    points to, for each row; three of them were a third of what 500 messages at once cost. Whoever uses it says where the
    deletion of what it points to is taken care of.
    """

    def update_db_foreign_key(self, model, column):
        """No foreign key."""
