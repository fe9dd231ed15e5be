from odoo import api, fields, models

from .service_stage import DONE_CATEGORIES


class ServiceTicket(models.Model):
    """When the work was done: first, last, and how often it was taken up again."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    date_closed = fields.Datetime(
        string="Done on",
        compute="_compute_closing",
        store=True,
        precompute=True,
        help="When the ticket was resolved or closed. Empty while there is work left.",
    )
    date_first_closed = fields.Datetime(
        string="First Done on",
        compute="_compute_closing",
        store=True,
        precompute=True,
        help="Stays when the ticket is reopened.",
    )
    date_last_closed = fields.Datetime(
        string="Last Done on",
        compute="_compute_closing",
        store=True,
        precompute=True,
        help="Stays when the ticket is reopened, until it is done again.",
    )
    reopen_count = fields.Integer(
        string="Reopened",
        compute="_compute_closing",
        store=True,
        precompute=True,
        help="How often the ticket was taken up again after it was done.",
    )

    @api.depends("stage_category")
    def _compute_closing(self):
        """The fields keep what they hold; only a change between open and done adds to it."""
        now = fields.Datetime.now()
        for ticket in self:
            done, before = ticket.stage_category in DONE_CATEGORIES, ticket.date_closed
            ticket.date_closed = (before or now) if done else False
            ticket.date_first_closed = ticket.date_first_closed or ticket.date_closed
            ticket.date_last_closed = ticket.date_closed or ticket.date_last_closed or before
            ticket.reopen_count = ticket.reopen_count + bool(before and not done)
