from odoo import fields, models


class ContactHistoryEntry(models.Model):
    """One contact with one customer: a narrow index row. Nothing is copied from the record it points to."""

    _name = "contact.history.entry"
    _description = "Contact History Entry"
    _order = "happened_at desc, id desc"
    _log_access = False

    partner_id = fields.Many2one("res.partner", string="Contact", required=True, readonly=True, ondelete="restrict")
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade")
    happened_at = fields.Datetime(string="When", required=True, readonly=True)
    kind = fields.Selection(
        [
            ("quotation", "Quotation"),
            ("order", "Order"),
            ("email", "E-mail"),
            ("note", "Internal Note"),
        ],
        required=True,
        readonly=True,
    )
    channel = fields.Char(readonly=True)
    direction = fields.Selection(
        [("in", "From the customer"), ("out", "To the customer"), ("internal", "Internal")], readonly=True
    )
    user_id = fields.Many2one("res.users", string="Our Person", readonly=True, ondelete="set null")
    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(string="Document", model_field="res_model", required=True, readonly=True)
