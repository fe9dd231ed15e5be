from odoo import models


class ServiceTicket(models.Model):
    """Looking back: what the register and the reports of a period need."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    # The complaint register and every report of a period.
    _company_received_idx = models.Index("(company_id, date_received)")
