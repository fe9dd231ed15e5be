from odoo import fields, models


class ResPartner(models.Model):
    """Pinned notes on the customer's card."""

    _inherit = "res.partner"

    note_ids = fields.One2many(
        "customer.note", "partner_id", string="Pinned Notes", groups="crm_contact_history.group_front_desk"
    )

    def front_desk_card(self, asset_id=False):
        """Adds ``notes``: those pinned to him, and for a contact of a company those of the company too.

        Each has ``id``, ``text``, ``kind`` ("info", "do", "dont"), ``author``, ``review_date`` (text or False) and
        ``is_due``.
        """
        card = super().front_desk_card(asset_id=asset_id)
        if card:
            card["notes"] = self._front_desk_notes()
        return card

    def _front_desk_notes(self):
        notes = self.env["customer.note"]
        if not notes.has_access("read"):
            return []
        return [
            {
                "id": note.id,
                "text": note.text,
                "kind": note.kind,
                "author": note.author_id.sudo().name,  # sudo: the name of the colleague who wrote it
                "review_date": fields.Date.to_string(note.review_date) if note.review_date else False,
                "is_due": note.is_due,
            }
            for note in notes.search([("partner_id", "in", (self | self.commercial_partner_id).ids)])
        ]

    def action_front_desk_new_note(self):
        """The form to pin a note to this customer, in a dialog."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pin a note"),
            "res_model": "customer.note",
            "views": [[self.env.ref("crm_contact_history.customer_note_view_form").id, "form"]],
            "target": "new",
            "context": {"default_partner_id": self.id},
        }
