from odoo import Command, api, fields, models


class ServiceTicketSplit(models.TransientModel):
    """Asks which messages of a ticket become a ticket of their own."""

    _name = "service.ticket.split"
    _description = "Split a Ticket"

    ticket_id = fields.Many2one("service.ticket", required=True, readonly=True, ondelete="cascade")
    name = fields.Char(string="New Subject", required=True, compute="_compute_name", store=True, readonly=False)
    line_ids = fields.One2many(
        "service.ticket.split.line",
        "split_id",
        string="Messages",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("ticket_id")
    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard.name or wizard.ticket_id.name

    @api.depends("ticket_id")
    def _compute_line_ids(self):
        for wizard in self:
            lines = wizard.ticket_id._split_lines() if wizard.ticket_id else []
            wizard.line_ids = [Command.clear(), *(Command.create(line) for line in lines)]

    def action_split(self):
        """Make the new ticket and open it."""
        self.ensure_one()
        messages = self.line_ids.filtered("is_taken").message_id
        return self.ticket_id._split(messages, self.name).get_formview_action()


class ServiceTicketSplitLine(models.TransientModel):
    """A message that may be moved."""

    _name = "service.ticket.split.line"
    _description = "Message to Split"
    _order = "id"

    split_id = fields.Many2one("service.ticket.split", required=True, ondelete="cascade")
    message_id = fields.Many2one("mail.message", required=True, ondelete="cascade")
    is_taken = fields.Boolean(string="Move")
    author = fields.Char(readonly=True)
    date = fields.Datetime(readonly=True)
    text = fields.Char(string="What Was Said", readonly=True)
