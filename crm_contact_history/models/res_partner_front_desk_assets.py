from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

CARD_ASSETS = 10
CARD_SERVICES = 5


class ResPartner(models.Model):
    """The customer's assets on his card."""

    _inherit = "res.partner"

    asset_ids = fields.One2many(
        "customer.asset", "partner_id", string="Assets", groups="crm_contact_history.group_front_desk"
    )

    def front_desk_card(self, asset_id=False):
        """Adds ``assets``: what he owns, the one he was found by first, then the one served last.

        Each has ``id``, ``identifier``, ``identifier_label``, ``type``, ``icon``, ``product``, ``since`` (day, or False:
        always), ``usual_staff`` (who served it most, name or False), ``services`` (the last five) and
        ``last_service``; a service has ``date`` (day), ``work``, ``products``, ``staff``, ``reading`` and
        ``remark`` (texts or False).
        """
        card = super().front_desk_card(asset_id=asset_id)
        if card:
            card["assets"] = self._front_desk_assets(asset_id)
        return card

    @api.model
    def _front_desk_buttons(self):
        buttons = super()._front_desk_buttons()
        if self.env["customer.asset"].has_access("read"):
            label = self.env._("Assets")
            buttons.append({"label": label, "icon": "fa-cube", "method": "action_front_desk_assets", "is_link": True})
        return buttons

    def action_front_desk_assets(self):
        """All assets of this customer and his contacts."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_contact_history.customer_asset_action")
        return {
            **action,
            "display_name": self.env._("Assets of %s", self.name or self.display_name),
            "path": False,
            "domain": list(self._front_desk_family("partner_id")),
            "context": {"default_partner_id": self.id},
        }

    def _front_desk_assets(self, first_id=False):
        assets = self.env["customer.asset"]
        if not assets.has_access("read"):
            return []
        mine = self._front_desk_family("partner_id")
        found = assets.search(mine, limit=CARD_ASSETS)
        is_id = isinstance(first_id, int) and not isinstance(first_id, bool) and 0 < first_id < 2**31
        if is_id and first_id not in found.ids:
            found |= assets.search(mine & Domain("id", "=", first_id))
        services = found._last_services(CARD_SERVICES)
        staff = found._usual_staff()

        def place(asset):
            last = services[asset][:1].date
            return asset.id != first_id, not last, -last.timestamp() if last else 0

        return [asset._front_desk_asset(services[asset], staff.get(asset)) for asset in found.sorted(place)]


class CustomerAsset(models.Model):
    """What the card shows of an asset; constant queries for any number."""

    _inherit = "customer.asset"

    def _last_services(self, number):
        """The newest services of each asset.

        :return: ``{asset: customer.asset.service}``, newest first
        """
        services = self.env["customer.asset.service"]
        services.flush_model(["asset_id", "date"])
        query = SQL(
            """
            SELECT s.id
              FROM unnest(%s::int4[]) a(id),
                   LATERAL (SELECT id FROM customer_asset_service WHERE asset_id = a.id
                             ORDER BY date DESC, id DESC LIMIT %s) s
            """,
            self.ids,
            number,
        )
        newest = services.browse(row[0] for row in self.env.execute_query(query))._filtered_access("read")
        newest.fetch(["asset_id", "date", "work", "reading", "remark"])
        by_asset = newest.sorted().grouped("asset_id")
        return {asset: by_asset.get(asset, services) for asset in self}

    def _usual_staff(self):
        """Who served each asset most often; of equals the one who did last.

        :return: ``{asset: name}``
        """
        rows = self.env["customer.asset.service"]._read_group(
            [("asset_id", "in", self.ids), ("user_ids", "!=", False)],
            ["asset_id", "user_ids"],
            ["__count", "date:max"],
        )
        best = {}
        for asset, user, count, last in rows:
            if asset not in best or (count, last) > best[asset][:2]:
                best[asset] = (count, last, user)
        # sudo: only the name of the colleague.
        return {asset: user.sudo().name for asset, (__, __, user) in best.items()}

    def _local_day(self, moment):
        """:return: the day, as text, where the reader is; False without a moment"""
        return moment and self.env["contact.history.entry"]._local_day(moment).isoformat()

    def _front_desk_asset(self, services, usual_staff):
        shown = [
            {
                "date": self._local_day(service.date),
                "work": service.work,
                "products": service._products_used() or False,
                "staff": service._staff_names(),
                "reading": f"{service.reading:,.0f}" if service.reading else False,
                "remark": service.remark or False,
            }
            for service in services
        ]
        owner = self.owner_ids.filtered(lambda owner: not owner.end)[:1]
        return {
            "id": self.id,
            "identifier": self.identifier,
            "identifier_label": self.identifier_label,
            "type": self.type_id.name,
            "icon": self.type_id.icon,
            "product": self.product_id.display_name or False,
            "since": self._local_day(owner.start),
            "usual_staff": usual_staff or False,
            "last_service": shown[0] if shown else False,
            "services": shown,
        }
