from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ..plausible import is_plausible
from ..specs import HistorySpec


class CustomerAssetService(models.Model):
    """What was done on an asset, when, by whom and with which products."""

    _name = "customer.asset.service"
    _description = "Service of a Customer Asset"
    _inherit = ["contact.history.mixin"]
    _order = "date desc, id desc"
    _rec_name = "work"
    _check_company_auto = True

    asset_id = fields.Many2one("customer.asset", required=True, index=True, ondelete="cascade", check_company=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Owner Then",
        compute="_compute_partner_id",
        store=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Whose it was when this was done: it stands in his history, also after he sold it.",
    )
    company_id = fields.Many2one(related="asset_id.company_id", store=True, index=True)
    date = fields.Datetime(string="When", required=True, default=fields.Datetime.now)
    work = fields.Char(required=True, help="What was done, in a few words.")
    remark = fields.Text()
    reading = fields.Float(digits=(16, 1), help="What its meter said, such as kilometres or hours.", aggregator=False)
    reading_label = fields.Char(related="asset_id.type_id.reading_label")
    line_ids = fields.One2many("customer.asset.service.line", "service_id", string="Products Used", copy=True)
    user_ids = fields.Many2many(
        "res.users", string="Staff", default=lambda self: self.env.user, domain="[('share', '=', False)]"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Our Person",
        compute="_compute_user_id",
        store=True,
        index="btree_not_null",
        ondelete="set null",
        help="The first of the staff.",
    )
    cost = fields.Monetary()
    currency_id = fields.Many2one(related="company_id.currency_id")
    order_id = fields.Many2one("sale.order", index="btree_not_null", ondelete="set null", check_company=True)

    # The last services of an asset: the customer's card.
    _asset_idx = models.Index("(asset_id, date DESC, id DESC)")

    @api.depends("date", "asset_id.owner_ids.partner_id", "asset_id.owner_ids.start", "asset_id.owner_ids.end")
    def _compute_partner_id(self):
        for service in self:
            known = service.asset_id and service.date
            service.partner_id = service.asset_id._owner_at(service.date) if known else False

    @api.depends("user_ids")
    def _compute_user_id(self):
        for service in self:
            service.user_id = service.user_ids[:1]

    @api.constrains("date")
    def _check_date(self):
        for service in self:
            if not is_plausible(service.date):
                raise ValidationError(
                    self.env._("The year %s cannot be meant: look at the day of the service.", service.date.year)
                )

    @api.constrains("reading", "cost")
    def _check_numbers(self):
        for service in self:
            # Written so that "not a number" fails it too.
            if not (0 <= service.reading < 1e12 and 0 <= service.cost < 1e15):
                raise ValidationError(self.env._("Reading and cost are numbers of nothing or more."))

    @api.constrains("order_id")
    def _check_order(self):
        for service in self:
            # Constraints run with all rights; what counts is what this person may read.
            if service.order_id and not service.order_id.sudo(False).has_access("read"):
                raise ValidationError(self.env._("You may only link an order that you may read."))

    # -- in the history ------------------------------------------------------------------------------------------

    @api.model
    def _contact_history_specs(self):
        return [HistorySpec("service", date="date")]

    def _contact_history_render(self):
        return {
            service.id: {
                "title": f"{service.work} · {service.asset_id.identifier}",
                "text": service._products_used(),
                "amount": service.cost and service.currency_id.format(service.cost),
                "who": service._staff_names(),
                "document": ("customer.asset", service.asset_id.id),
                "can_read": bool(service.remark),
            }
            for service in self
        }

    def _contact_history_read(self):
        """The remark, read in place."""
        self.ensure_one()
        return {"title": self.work, "body": plaintext2html(self.remark or self._products_used())}

    @api.model
    def _contact_history_text_domain(self, text):
        return Domain("work", "ilike", text) | Domain("remark", "ilike", text)

    def _products_used(self):
        """:return: "Oil 5W-30 (4), Oil filter", or "" """
        self.ensure_one()
        return ", ".join(
            line.product_id.display_name + (f" ({line.quantity:g})" if line.quantity != 1 else "")
            for line in self.line_ids
        )

    def _staff_names(self):
        """:return: names, or False"""
        self.ensure_one()
        # sudo: only the names of the colleagues who did the work that this person may read of.
        return ", ".join(self.user_ids.sudo().mapped("name")) or False


class CustomerAssetServiceLine(models.Model):
    """A product used for a service, such as the oil."""

    _name = "customer.asset.service.line"
    _description = "Product Used in a Service"
    _order = "id"
    _rec_name = "product_id"

    service_id = fields.Many2one("customer.asset.service", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="service_id.company_id", store=True, index=True)
    product_id = fields.Many2one("product.product", required=True, index=True, ondelete="restrict")
    quantity = fields.Float(digits="Product Unit", default=1, aggregator=False)

    @api.constrains("quantity")
    def _check_quantity(self):
        for line in self:
            if not 0 < line.quantity < 1e9:
                raise ValidationError(self.env._("A product is used in a quantity above nothing."))
