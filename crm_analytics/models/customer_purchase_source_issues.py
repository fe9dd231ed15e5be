from datetime import datetime, time, timedelta

import pytz
from odoo import api, fields, models
from odoo.fields import Domain


class CustomerPurchaseSource(models.AbstractModel):
    """Documents that make the figures less than exact, see ``customer.purchase.issue``."""

    _inherit = "customer.purchase.source"

    @api.model
    def _purchase_issue_kinds(self):
        """:returns: which kinds are looked for among the documents of this model"""
        return ["no_customer", "own_contact", "future", "negative"]

    @api.model
    def _purchase_issue_domain(self, kind, company):
        """:returns: Domain: the purchases of a company that are of a kind"""
        source = self._purchase_source()
        purchases = Domain(source.company, "=", company.id) & Domain(source.state, "in", source.states)
        return purchases & getattr(self, f"_purchase_issue_{kind}")(company)

    @api.model
    def _purchase_issue_no_customer(self, company):
        return Domain(self._purchase_source().partner, "=", False)

    @api.model
    def _purchase_issue_own_contact(self, company):
        # sudo: a company's own contact is no secret, and may be one that the reader cannot see.
        own = company.sudo().partner_id.commercial_partner_id
        return Domain(f"{self._purchase_source().partner}.commercial_partner_id", "=", own.id)

    @api.model
    def _purchase_issue_future(self, company):
        tomorrow = company._purchase_today() + timedelta(days=1)
        if not self._purchase_has_time():
            return Domain(self._purchase_source().date, ">=", fields.Date.to_string(tomorrow))
        # sudo: a time zone is no secret, see _purchase_today.
        zone = pytz.timezone(company.sudo().partner_id.tz or "UTC")
        midnight = zone.localize(datetime.combine(tomorrow, time())).astimezone(pytz.utc)
        return Domain(self._purchase_source().date, ">=", fields.Datetime.to_string(midnight.replace(tzinfo=None)))

    @api.model
    def _purchase_issue_negative(self, company):
        return Domain(self._purchase_source().amount, "<", 0)
