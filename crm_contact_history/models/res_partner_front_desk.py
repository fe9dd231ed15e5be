from odoo import api, fields, models
from odoo.fields import Domain

OPEN_ORDERS = 5


class ResPartner(models.Model):
    """The customer's card at the front desk."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    def _customer_badges(self):
        """Short facts shown at the head of a customer's card. Extend with ``super()``; constant queries for any number.

        :return: ``{partner_id: [badge, …]}`` for every partner in self; a badge is a dict with ``label`` (str),
            ``value`` (str), ``severity`` ("info", "success", "warning" or "danger"), ``action`` (dict of a window
            action, or False) and ``sequence`` (int, smaller first)
        """
        return {partner.id: [] for partner in self}

    @api.model
    def _front_desk_buttons(self):
        """The buttons on the customer's card. Extend with ``super()``.

        :return: list of dicts with ``label`` (str, translated), ``icon`` (Font Awesome class, "fa-pencil") and
            ``method``: a public method of ``res.partner`` that is called on the one customer and returns an action
        """
        contact = {
            "label": self.env._("Open contact"),
            "icon": "fa-address-card-o",
            "method": "action_front_desk_open_contact",
        }
        if self.env["sale.order"].has_access("create"):
            quotation = {
                "label": self.env._("New quotation"),
                "icon": "fa-file-text-o",
                "method": "action_front_desk_new_quotation",
            }
            return [quotation, contact]
        return [contact]

    def front_desk_card(self, asset_id=False):
        """What the front desk shows of one customer beside his history. Extend with ``super()``.

        :return: dict for the client action: ``id``, ``name``, ``has_contacts`` (his history holds that of other
            people too), ``company`` (``{"id", "name"}`` or False), ``function``, ``phone``, ``email``, ``address``
            (text or False), ``badges`` (see :meth:`_customer_badges`), ``buttons`` (see
            :meth:`_front_desk_buttons`) and ``sections``: list of ``{"key", "title", "rows"}`` with rows ``{"title",
            "text", "amount", "status", "model", "id"}`` of documents that can be opened. False instead of the dict
            when there is no such contact
        :raises AccessError: when the user may not read the contact
        """
        partner = self.exists()
        if not partner:
            return False
        partner.ensure_one()
        partner.check_access("read")
        address = partner._display_address(without_company=True)
        company = partner.parent_id if partner.parent_id.has_access("read") else self.browse()
        return {
            "id": partner.id,
            "name": partner.name or partner.display_name,
            "has_contacts": partner.commercial_partner_id == partner and bool(partner.child_ids),
            "company": {"id": company.id, "name": company.display_name} if company else False,
            "function": partner.function or False,
            "phone": partner.phone or False,
            "email": partner.email or False,
            "address": "\n".join(filter(str.strip, address.splitlines())) or False,
            "badges": sorted(partner._customer_badges()[partner.id], key=lambda badge: badge["sequence"]),
            "buttons": partner._front_desk_buttons(),
            "sections": [section for section in partner._front_desk_sections() if section["rows"]],
        }

    def _front_desk_sections(self):
        """Short lists of documents on the card. Extend with ``super()``; sections without rows are left out."""
        self.ensure_one()
        return [{"key": "orders", "title": self.env._("Open quotations and orders"), "rows": self._front_desk_orders()}]

    def _front_desk_orders(self):
        """The newest quotations that may still be won and orders that are still to be invoiced."""
        orders = self.env["sale.order"]
        if not orders.has_access("read"):
            return []
        family = "partner_id.commercial_partner_id" if self.commercial_partner_id == self else "partner_id"
        domain = Domain(family, "=", self.id) & (
            Domain("state", "in", ("draft", "sent"))
            | Domain("state", "=", "sale") & Domain("invoice_status", "=", "to invoice")
        )
        orders = orders.search(domain, order="date_order DESC, id DESC", limit=OPEN_ORDERS)
        cards = orders._contact_history_render()
        return [
            {
                **cards[order.id],
                "date": fields.Datetime.to_string(order.date_order),
                "model": "sale.order",
                "id": order.id,
            }
            for order in orders
        ]

    def action_front_desk_open_contact(self):
        """The contact's own form."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.id,
            "views": [[False, "form"]],
        }

    def action_front_desk_new_quotation(self):
        """An empty quotation for this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New quotation"),
            "res_model": "sale.order",
            "views": [[False, "form"]],
            "context": {"default_partner_id": self.id},
        }
