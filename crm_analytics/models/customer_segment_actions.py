from odoo import models
from odoo.addons.crm_contact_history.wizard.contact_plan_call import MOST
from odoo.exceptions import UserError


class CustomerSegment(models.Model):
    """What is done with the members of a segment."""

    _inherit = "customer.segment"

    def action_open_members(self):
        """The members whom the reader may read: as many as the button says."""
        return self._open_customers("customer_segment_ids", self.name)

    def action_open_came(self):
        """Who would come if the members were refreshed."""
        return self._open_customers("came_to_segment_ids", self.env._("%s: came since", self.name))

    def action_open_left(self):
        """Who would leave if the members were refreshed."""
        return self._open_customers("left_segment_ids", self.env._("%s: left since", self.name))

    def _open_customers(self, field, name):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "res.partner",
            "views": [
                (self.env.ref("crm_analytics.res_partner_view_list_segment").id, "list"),
                (False, "kanban"),
                (False, "form"),
            ],
            "domain": [(field, "in", self.ids)],
            "context": {"create": False},
            "help": self.env._("Nobody. Look at the rule of the segment."),
        }

    def action_plan_calls(self):
        """A call to plan with each member whom the reader may read.

        :raises UserError: when there are none, or too many to call
        """
        self.ensure_one()
        members = self.env["res.partner"].search([("customer_segment_ids", "in", self.ids)], limit=MOST + 1)
        if not members:
            raise UserError(self.env._("Nobody is in “%s”: there is nobody to call.", self.name))
        if len(members) > MOST:
            raise UserError(
                self.env._(
                    "“%(segment)s” has more than %(most)s customers. Open them, choose some and press Plan a Call.",
                    segment=self.name,
                    most=MOST,
                )
            )
        return members.action_plan_calls()
