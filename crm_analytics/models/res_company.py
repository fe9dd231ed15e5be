from datetime import datetime

import pytz
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    # Core keeps the time zone of a company's contact, but shows it nowhere.
    purchase_tz = fields.Selection(
        string="Time Zone of Purchases",
        related="partner_id.tz",
        readonly=False,
        help="Purchases are counted by days and months of this time zone; UTC where none is chosen.",
    )

    def _purchase_today(self):
        """:returns: the date of today in the company's time zone, in which its purchases are counted"""
        # No check is needed: a time zone is no secret, and the company's contact may be one the reader cannot see.
        zone = pytz.timezone(self.sudo().partner_id.tz or "UTC")
        return datetime.now(zone).date()
