from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceTicketMerge(models.TransientModel):
    """Asks which tickets become one, and which one survives."""

    _name = "service.ticket.merge"
    _description = "Merge Tickets"

    ticket_ids = fields.Many2many("service.ticket", string="Tickets", required=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    survivor_id = fields.Many2one(
        "service.ticket",
        string="Continue in",
        compute="_compute_survivor_id",
        store=True,
        readonly=False,
        help="Everything said and filed goes on in this ticket; the others are closed and lead to it.",
    )
    are_foreign = fields.Boolean(string="Several Customers", compute="_compute_are_foreign")
    foreign = fields.Selection(
        [
            ("keep", "All of them get the answers by mail from now on"),
            ("drop", "Only the customer of the ticket that goes on hears more"),
        ],
        string="The Customers",
    )

    @api.depends("ticket_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.ticket_ids[:1].company_id

    @api.depends("ticket_ids")
    def _compute_survivor_id(self):
        """The oldest that is open, else the oldest."""
        for wizard in self:
            tickets = wizard.ticket_ids._origin.sorted("id")
            if wizard.survivor_id not in tickets:
                wizard.survivor_id = (tickets.filtered(lambda ticket: not ticket.date_closed) or tickets)[:1]

    @api.depends("ticket_ids", "survivor_id")
    def _compute_are_foreign(self):
        for wizard in self:
            wizard.are_foreign = bool(wizard.ticket_ids._origin._foreign_to(wizard.survivor_id._origin))

    def action_merge(self):
        """Merge, and open the ticket that goes on.

        :raises UserError: when the customers differ and nobody has said who hears of the answers
        """
        self.ensure_one()
        if self.are_foreign and not self.foreign:
            raise UserError(
                self.env._(
                    "The tickets are of different customers: %s. Choose who gets the answers from now on.",
                    ", ".join(self.ticket_ids.partner_id.mapped("display_name")),
                )
            )
        self.survivor_id._merge(self.ticket_ids, keep_foreign_followers=self.foreign != "drop")
        return {**self.survivor_id.get_formview_action(), "target": "main"}
