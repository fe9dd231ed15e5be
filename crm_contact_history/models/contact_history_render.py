from odoo import api, fields, models


class ContactHistoryRender(models.Model):
    """What a page shows of an entry."""

    _inherit = "contact.history.entry"

    @api.model
    @api.readonly
    def history_kinds(self):
        """The kinds one can choose from: list of dicts with ``kind``, ``label`` and ``icon`` (Font Awesome class)."""
        icons = self._kind_icons()
        labels = self._fields["kind"]._description_selection(self.env)
        return [{"kind": kind, "label": label, "icon": icons.get(kind, "fa-circle-o")} for kind, label in labels]

    @api.model
    def _kind_icons(self):
        """Font Awesome class by kind. Extend with ``super()``."""
        return {
            "quotation": "fa-file-text-o",
            "order": "fa-shopping-cart",
            "email": "fa-envelope-o",
            "note": "fa-sticky-note-o",
            "activity": "fa-check-square-o",
            "meeting": "fa-calendar",
            "lead": "fa-star-o",
            "opportunity": "fa-star",
            "invoice": "fa-file-text",
            "credit_note": "fa-undo",
            "payment": "fa-money",
        }

    @api.model
    def _moment_text(self, moment):
        """As everywhere in Odoo, but with four digits of a year that is a slip of the pen: 0026-01-31 10:00:00."""
        return moment.isoformat(" ", "seconds")

    @api.model
    def _local_day(self, moment):
        """The day where the reader is; where the calendar ends (the year 9999 typed by mistake), that at Greenwich."""
        try:
            return fields.Datetime.context_timestamp(self, moment).date()
        except OverflowError:
            return moment.date()

    def _cards(self, rows):
        """What the sources show of each row: ``{(model, record_id): dict}``."""
        return {
            (model, record_id): card
            for model, ids in self._ids_by_model(rows).items()
            for record_id, card in self.env[model].browse(ids)._contact_history_render().items()
        }

    def _render_rows(self, rows):
        if not rows:
            return []
        shown = self._cards(rows)
        channels = self.env["crm.touchpoint.channel"]._labels()
        partners = self.env["res.partner"].browse({row["partner_id"] for row in rows})._filtered_access("read")
        partner_names = {partner.id: partner.display_name for partner in partners}
        user_names = dict(self._our_people(rows))
        entries = []
        for row in rows:
            card = shown[row["res_model"], row["res_id"]]
            model, res_id = card.get("document") or (row["res_model"], row["res_id"])
            channel = channels.get(row["channel"], {})
            entries.append(
                {
                    "id": row["id"],
                    "happened_at": self._moment_text(row["happened_at"]),
                    "has_time": card.get("has_time", True),
                    "kind": row["kind"],
                    "channel": row["channel"] or False,
                    "channel_label": channel.get("label", False),
                    "channel_icon": channel.get("icon", False),
                    "direction": row["direction"] or False,
                    "user": card.get("who") or user_names.get(row["user_id"], False),
                    "partner_id": row["partner_id"],
                    "partner": partner_names.get(row["partner_id"], False),
                    "model": model,
                    "res_id": res_id,
                    "title": card["title"],
                    "text": card["text"],
                    "amount": card["amount"],
                    "status": card.get("status", False),
                    "can_read": bool(card.get("can_read")),
                }
            )
        return entries

    def _our_people(self, rows):
        """Pairs of id and name of our people in some rows that this person may read; never Odoo's robot."""
        # sudo: only the name of the colleague who had a contact that this person may read.
        users = self.env["res.users"].sudo().browse({row["user_id"] for row in rows if row["user_id"]})
        robot = self.env["ir.model.data"]._xmlid_to_res_id("base.user_root")
        return [(user.id, user.name) for user in users if user.id != robot and not user.share]
