from odoo import api, fields, models
from odoo.exceptions import UserError

from .points_lots import DIGITS


class LoyaltyLedgerAllocation(models.Model):
    """Which debit took how many points from which lot. Written once, like the ledger itself."""

    _name = "loyalty.ledger.allocation"
    _description = "Points Taken From a Lot"
    _order = "id desc"
    _log_access = False

    entry_id = fields.Many2one("loyalty.ledger.entry", string="Debit", required=True, index=True, ondelete="restrict")
    lot_id = fields.Many2one("loyalty.ledger.entry", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="lot_id.company_id")
    points = fields.Float(digits=(16, DIGITS), required=True)

    _points_positive = models.Constraint("CHECK (points > 0)", "A debit takes more than nothing from a lot.")

    def init(self):
        self.env["loyalty.ledger.entry"]._protect_table(self._table)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("The points ledger is never changed. Book the difference: a new entry is added."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The points ledger is never deleted from. Book the difference instead."))
