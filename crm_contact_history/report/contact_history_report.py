from odoo import fields, models
from odoo.tools import SQL


class ContactHistoryReport(models.Model):
    """Contacts by channel, person, month and outcome: the history, with what is known of logged contacts.

    A row is an entry of the history. It tells that there was a contact, not what was said; so it is for administrators
    of the front desk, and for everybody his own contacts, where he may still read what is behind them.
    """

    _name = "contact.history.report"
    _description = "Report of Contacts"
    _auto = False
    _order = "happened_at desc, id desc"
    _rec_name = "res_model"
    _depends = {
        "contact.history.entry": ["happened_at", "kind", "channel", "direction", "user_id", "company_id"],
        "crm.touchpoint": ["outcome_id", "duration"],
        "crm.touchpoint.channel": ["code"],
    }

    happened_at = fields.Datetime(string="When", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    kind = fields.Selection(selection="_selection_kind", readonly=True)
    channel_id = fields.Many2one("crm.touchpoint.channel", readonly=True)
    direction = fields.Selection(
        [("in", "From the customer"), ("out", "To the customer"), ("internal", "Internal")], readonly=True
    )
    user_id = fields.Many2one("res.users", string="Our Person", readonly=True)
    outcome_id = fields.Many2one("crm.touchpoint.outcome", readonly=True)
    duration = fields.Float(readonly=True, help="Of logged contacts, in hours and minutes.")
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(string="Document", model_field="res_model", readonly=True)

    def _selection_kind(self):
        return self.env["contact.history.entry"]._fields["kind"]._description_selection(self.env)

    @property
    def _table_query(self):
        # Both joins are by unique keys: PostgreSQL leaves out those whose columns are not asked for.
        return SQL(
            """
            SELECT e.id, e.happened_at, e.partner_id, e.commercial_partner_id, e.company_id, e.kind, e.direction,
                   e.user_id, e.res_model, e.res_id, c.id AS channel_id, t.outcome_id, t.duration
              FROM %s e
              LEFT JOIN crm_touchpoint_channel c ON c.code = e.channel
              LEFT JOIN crm_touchpoint t ON t.id = e.res_id AND e.res_model = 'crm.touchpoint'
            """,
            self.env["contact.history.entry"]._entries_for_reader(),
        )

    def action_open_record(self):
        """The record behind a row, if this person may read it."""
        self.ensure_one()
        self.check_access("read")
        record = self.env[self.res_model].browse(self.res_id)
        record.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [[False, "form"]],
        }
