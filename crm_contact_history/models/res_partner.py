from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _customer_badges(self):
        """Short facts shown at the head of a customer's card. Extend with ``super()``; constant queries for any number.

        :return: ``{partner_id: [badge, …]}`` for every partner in self; a badge is a dict with ``label`` (str),
            ``value`` (str), ``severity`` ("info", "success", "warning" or "danger"), ``action`` (dict of a window
            action, or False) and ``sequence`` (int, smaller first)
        """
        return {partner.id: [] for partner in self}

    def _front_desk_buttons(self):
        """The buttons on the customer's card. Extend with ``super()``.

        :return: list of dicts with ``label`` (str, translated), ``icon`` (Font Awesome class, "fa-pencil") and
            ``method``: a public method of ``res.partner`` that is called on the one customer and returns an action
        """
        return [
            {
                "label": self.env._("New quotation"),
                "icon": "fa-file-text-o",
                "method": "action_front_desk_new_quotation",
            },
            {
                "label": self.env._("Open contact"),
                "icon": "fa-address-card-o",
                "method": "action_front_desk_open_contact",
            },
        ]

    def front_desk_card(self):
        """What the front desk shows of one customer beside his history. Extend with ``super()``.

        :return: dict for the client action: ``id``, ``name``, ``badges`` (see :meth:`_customer_badges`), ``buttons``
            (see :meth:`_front_desk_buttons`) and ``sections``, a list of ``{"key", "title", "rows"}`` with rows
            ``{"title", "text", "amount", "status", "model", "id"}``
        :raises AccessError: when the user may not read the contact
        """
        self.ensure_one()
        self.check_access("read")
        badges = sorted(self._customer_badges()[self.id], key=lambda badge: badge["sequence"])
        return {
            "id": self.id,
            "name": self.display_name,
            "badges": badges,
            "buttons": self._front_desk_buttons(),
            "sections": [],
        }

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
