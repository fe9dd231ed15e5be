from odoo import api, fields, models


class ServiceTicket(models.Model):
    """A ticket that waits: since when, and until when at most."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    waiting_since = fields.Datetime(
        compute="_compute_waiting_since",
        store=True,
        precompute=True,
        copy=False,
        help="When the ticket began to wait for the customer or a third party; a new answer of ours begins anew.",
    )
    wait_until = fields.Date(
        copy=False,
        tracking=True,
        help="The day on which whoever has the ticket is reminded. Empties itself when the wait is over.",
    )

    @api.depends("stage_category")
    def _compute_waiting_since(self):
        now = fields.Datetime.now()
        for ticket in self:
            waits = ticket.stage_category in ("waiting_customer", "waiting_third_party")
            ticket.waiting_since = (ticket.waiting_since or now) if waits else False
