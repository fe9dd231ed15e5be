from odoo import api, fields, models
from odoo.fields import Domain

from .service_stage import DONE_CATEGORIES


class ResPartner(models.Model):
    _inherit = "res.partner"

    ticket_ids = fields.One2many(
        "service.ticket", "partner_id", string="Tickets", groups="crm_service_desk.group_service_user"
    )
    open_ticket_count = fields.Integer(
        string="Open Tickets", compute="_compute_open_ticket_count", groups="crm_service_desk.group_service_user"
    )

    def _compute_open_ticket_count(self):
        """Open tickets of the contact's whole account, as far as the reader may see them."""
        counts = self._count_tickets(self._open_tickets_domain())
        for partner in self:
            partner.open_ticket_count = counts.get(partner.commercial_partner_id.id, 0)

    @api.model
    def _open_tickets_domain(self):
        return Domain("stage_category", "not in", DONE_CATEGORIES)

    def _count_tickets(self, domain):
        """How many tickets within ``domain`` the reader may see: {account id: number}. One query for any number."""
        accounts = self.commercial_partner_id
        tickets = self.env["service.ticket"]
        if not accounts or not tickets.has_access("read"):
            return {}
        domain = Domain("commercial_partner_id", "in", accounts.ids) & domain
        return {
            account.id: count for account, count in tickets._read_group(domain, ["commercial_partner_id"], ["__count"])
        }

    def _customer_badges(self):
        """Open complaints: the first thing to know of a customer who stands at the desk."""
        badges = super()._customer_badges()
        complaints = self._open_tickets_domain() & Domain("type", "=", "complaint")
        counts = self._count_tickets(complaints)
        for partner in self:
            if count := counts.get(partner.commercial_partner_id.id):
                badges[partner.id].append(
                    {
                        "label": self.env._("Open complaints"),
                        "value": str(count),
                        "severity": "danger",
                        "action": partner._tickets_action(complaints),
                        "sequence": 10,
                    }
                )
        return badges

    def _front_desk_buttons(self):
        buttons = super()._front_desk_buttons()
        if self.env["service.ticket"].has_access("create"):
            buttons.append({"label": self.env._("New ticket"), "icon": "fa-ticket", "method": "action_new_ticket"})
        return buttons

    def _tickets_action(self, domain=Domain.TRUE, **context):
        """A window on the tickets of this contact's account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_service_desk.service_ticket_action_all")
        account = Domain("commercial_partner_id", "=", self.commercial_partner_id.id)
        return {
            **action,
            "display_name": self.env._("Tickets of %s", self.commercial_partner_id.name),
            "domain": list(account & domain),
            "context": {"default_partner_id": self.id, **context},
        }

    def action_open_tickets(self):
        """The tickets of the contact's account, the open ones first to be seen."""
        return self._tickets_action(search_default_open=1)

    def action_new_ticket(self):
        """An empty ticket for this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New ticket"),
            "res_model": "service.ticket",
            "views": [[False, "form"]],
            "context": {"default_partner_id": self.id},
        }
