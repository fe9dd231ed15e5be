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

    purchase_basis = fields.Selection(
        [("orders", "Confirmed Orders"), ("invoices", "Posted Invoices")],
        "Purchases Are",
        required=True,
        default="orders",
        help="Confirmed orders, on the day of the order, or posted invoices, on the day of the invoice; less credit notes.",
    )

    def write(self, vals):
        """Another basis or currency makes other figures: all are counted anew."""
        changed = self.filtered(
            lambda company: ("purchase_basis" in vals and company.purchase_basis != vals["purchase_basis"])
            or ("currency_id" in vals and company.currency_id.id != vals["currency_id"])
        )
        result = super().write(vals)
        if changed:
            self.env.flush_all()
            self.env["customer.purchase.build"]._request(changed)
        return result

    def _purchase_today(self):
        """:returns: the date of today in the company's time zone, in which its purchases are counted"""
        # No check is needed: a time zone is no secret, and the company's contact may be one the reader cannot see.
        company = self.sudo()
        # No more than is needed, for it is asked each time figures are shown: a company and its contact are wide records.
        company.fetch(["partner_id"])
        company.partner_id.fetch(["tz"])
        zone = pytz.timezone(company.partner_id.tz or "UTC")
        return datetime.now(zone).date()
