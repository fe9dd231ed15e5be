from odoo import api, models
from odoo.fields import Domain

from .service_stage import DONE_CATEGORIES

# What is promised first comes first among equals; a ticket without a promise comes after those with one.
QUEUE_ORDER = "priority desc, sla_deadline, id"


class ServiceTicket(models.Model):
    """What to do next: the tickets that wait for an answer, mine first, then those of nobody."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _queue_domains(self):
        """Where to look for the next ticket, the first that has one wins."""
        to_answer = Domain("unanswered", "=", True) & Domain("stage_category", "not in", DONE_CATEGORIES)
        return [
            to_answer & Domain("user_id", "=", self.env.uid),
            to_answer & Domain("user_id", "=", False),
        ]

    @api.model
    def _next_in_queue(self, besides):
        """The ticket that is to be answered next, other than ``besides``; an empty one when there is none."""
        for domain in self._queue_domains():
            if ticket := self.search(domain & Domain("id", "not in", besides.ids), order=QUEUE_ORDER, limit=1):
                return ticket
        return self.browse()

    def action_next(self):
        """Go to the ticket that is to be answered next; when nothing is left, say so."""
        if ticket := self._next_in_queue(besides=self):
            return {**ticket.get_formview_action(), "target": "main"}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": self.env._("Well done: no other ticket waits for you.")},
        }
