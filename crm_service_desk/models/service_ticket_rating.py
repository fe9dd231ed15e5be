from odoo import fields, models


class ServiceTicket(models.Model):
    """The bad rating that a ticket was made of; see ``rating_rating``."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    source_rating_id = fields.Many2one(
        "rating.rating", string="Bad Rating", readonly=True, copy=False, ondelete="set null"
    )

    # Also finds the ticket of a rating.
    _source_rating_uidx = models.UniqueIndex(
        "(source_rating_id) WHERE source_rating_id IS NOT NULL", "There is a ticket for this rating already."
    )

    def action_open_rated(self):
        """What was rated badly."""
        self.ensure_one()
        # sudo: only which record it is; opening it needs its own rights
        rating = self.source_rating_id.sudo()
        if not rating.res_model:
            return False
        return self.env[rating.res_model].browse(rating.res_id).get_formview_action()
