from odoo import api, fields, models
from odoo.fields import Domain


class LoyaltyCardImportRow(models.Model):
    """A row of an imported file: what stands in it, what it means, and what became of it.

    Rows are written by SQL, many at once; nobody else writes them. They hold personal data, and are deleted some weeks
    after the import.
    """

    _name = "loyalty.card.import.row"
    _description = "Row of a Card Import"
    _order = "import_id, number"
    _log_access = False
    _rec_name = "card_number"

    import_id = fields.Many2one("loyalty.card.import", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="import_id.company_id")
    number = fields.Integer(string="Line", required=True, readonly=True)
    card_number = fields.Char(readonly=True)
    name = fields.Char(readonly=True)
    email = fields.Char(string="E-mail", readonly=True)
    phone = fields.Char(readonly=True)
    reference = fields.Char(readonly=True)
    tier = fields.Char(readonly=True)
    points = fields.Char(readonly=True)
    start = fields.Char(string="First Day", readonly=True)
    end = fields.Char(string="Valid Until", readonly=True)
    email_normalized = fields.Char(string="E-mail Address", readonly=True)
    phone_sanitized = fields.Char(string="Telephone Number", readonly=True)
    tier_id = fields.Many2one("res.partner.grade", string="Tier Found", readonly=True, ondelete="set null")
    points_value = fields.Float(string="Opening Points", readonly=True)
    date_start = fields.Date(string="Begins", readonly=True)
    date_end = fields.Date(string="Ends", readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Whom the row was found to be; empty: a new customer.",
    )
    state = fields.Selection(
        [("new", "Not checked"), ("ok", "Will be imported"), ("refused", "Refused"), ("done", "Imported")],
        string="Status",
        required=True,
        readonly=True,
        default="new",
    )
    refusal = fields.Char(string="Why Refused", readonly=True)
    membership_id = fields.Many2one("loyalty.membership", readonly=True, index="btree_not_null", ondelete="set null")

    # Serves the batches, the report of the refused rows, and lets no line in twice.
    _number_unique = models.UniqueIndex("(import_id, number)")
    _state_idx = models.Index("(import_id, state, number)")
    # Serve finding the rows of somebody who is anonymised.
    _email_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
    _phone_idx = models.Index("(phone_sanitized) WHERE phone_sanitized IS NOT NULL")

    @api.model
    def _of_contacts(self, partners):
        """Rows that are about these contacts, by what they were found to be or by e-mail address or number."""
        emails = [email for email in partners.mapped("email_normalized") if email]
        phones = [phone for phone in partners.mapped("phone_sanitized") if phone]
        return self.search(
            Domain("partner_id", "in", partners.ids)
            | Domain("email_normalized", "in", emails)
            | Domain("phone_sanitized", "in", phones)
        )
