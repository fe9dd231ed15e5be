from odoo import models
from odoo.exceptions import UserError


class ServiceTicket(models.Model):
    """What a ticket may lead to in sales."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    def action_make_opportunity(self):
        """Make an opportunity of the ticket, with the person's own rights in CRM, and open it; a second time, open it.

        :raise UserError: when the ticket has no customer
        """
        self.ensure_one()
        if not self.lead_id:
            if not self.partner_id:
                raise UserError(
                    self.env._(
                        "Ticket %s has no customer. Enter one before you make an opportunity of it.", self.number
                    )
                )
            self.lead_id = self.env["crm.lead"].create(self._opportunity_values())
            self.lead_id._message_log(body=self._origin_of_lead())
        return self.lead_id.get_formview_action()

    def _opportunity_values(self):
        return {
            "name": self.name,
            "type": "opportunity",
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "user_id": self.env.uid,
            "description": self.description,
            "source_id": self.source_id.id,
            "medium_id": self.medium_id.id,
            "campaign_id": self.campaign_id.id,
        }

    def _origin_of_lead(self):
        return self.env._("Made of the ticket %s", self._number_links())

    def action_open_order(self):
        """The order concerned."""
        self.ensure_one()
        return self.sale_order_id.get_formview_action()
