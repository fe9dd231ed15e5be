from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get


class CoMarketingOutlet(models.Model):
    """A place of a partner where our members are served: a restaurant, a counter, a car park."""

    _name = "co.marketing.outlet"
    _description = "Outlet of a Partner"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Address",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="The address of the place: the partner company itself or an address below it.",
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        required=True,
        default=lambda self: self.env.user.tz or self.env.company.partner_id.tz or "UTC",
        help="Weekdays, hours, days and months of the benefits are those of this time zone.",
    )
    city = fields.Char(related="partner_id.city", compute_sudo=True)
    street = fields.Char(related="partner_id.street", compute_sudo=True)
    agreement_ids = fields.Many2many(
        "co.marketing.agreement",
        relation="co_marketing_agreement_outlet_rel",
        column1="outlet_id",
        column2="agreement_id",
        string="Agreements",
        copy=False,
    )

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        if self.partner_id:
            self.name = self.name or self.partner_id.name or self.partner_id.display_name
            self.tz = self.partner_id.tz or self.tz

    def _local(self, moment):
        """A moment as the clock on the wall of this outlet shows it.

        :param moment: naive datetime in UTC
        :return: datetime with time zone
        """
        self.ensure_one()
        return fields.Datetime.context_timestamp(self.with_context(tz=self.tz), moment)
