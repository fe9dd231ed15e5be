from odoo import models

from .sla_clock import DONE


class ServiceTicket(models.Model):
    """A merged ticket's promises are neither kept nor broken by the merge: they are the survivor's to keep."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    def _follow_stages(self, former):
        merged = self.filtered("merged_into_id")
        merged._cancel_clocks()
        return super(ServiceTicket, self - merged)._follow_stages(former)

    def _cancel_clocks(self):
        """End what still runs; what was kept or broken before stays as it was."""
        if not self or not self.env["service.sla.policy"]._targets():
            return
        book = self._book()
        for clock in book.clocks:
            if not clock.ended:
                book.record(clock, "cancel", reason=DONE)
        book.save()
