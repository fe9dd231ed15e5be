from datetime import datetime

import pytz
from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _purchase_today(self):
        """:returns: the date of today in the company's time zone, in which its purchases are counted"""
        zone = pytz.timezone(self.sudo().partner_id.tz or "UTC")
        return datetime.now(zone).date()
