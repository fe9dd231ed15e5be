from odoo import fields, models


class ResPartner(models.Model):
    """What the clubs keep of a customer: handed out to him, and taken away when he is anonymised."""

    _inherit = "res.partner"

    # Serve finding the one customer of an e-mail address or telephone number: on the public page of a club, and for
    # each row of an import.
    _email_normalized_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
    _phone_sanitized_idx = models.Index("(phone_sanitized) WHERE phone_sanitized IS NOT NULL")

    def _club_data(self):
        """All that the clubs keep of this one contact; nothing of its company or its colleagues.

        Called as superuser, by a controller that has checked who asks. What colleagues wrote about him for each other
        (the reasons in the log and the ledger) is not in it, as in the portal.

        :return: dict of plain values: ``customer``, ``memberships`` (each with its ``log``), ``cards`` (each with its
            ``points_ledger``), ``requests`` (each with the ``consent`` agreed to)
        """
        self.ensure_one()
        memberships = self.env["loyalty.membership"].search([("partner_id", "=", self.id)])
        cards = self.env["loyalty.card"].with_context(active_test=False).search([("partner_id", "=", self.id)])
        wishes = self.env["loyalty.join.request"].search([("partner_id", "=", self.id)])
        return {
            "customer": {"name": self.name or "", "email": self.email or "", "phone": self.phone or ""},
            "memberships": [self._club_data_of_membership(membership) for membership in memberships],
            "cards": [
                self._club_data_of_card(card, entries) for card, entries in self._club_data_ledgers(cards).items()
            ],
            "requests": [self._club_data_of_request(wish) for wish in wishes],
        }

    def _club_data_of_membership(self, membership):
        said = self._club_data_label
        return {
            "club": membership.club_id.name,
            "tier": membership.tier_id.name or "",
            "card_number": membership.card_code or "",
            "status": said(membership, "state"),
            "way_in": said(membership, "way_in"),
            "first_day": fields.Date.to_string(membership.date_start),
            "valid_until": fields.Date.to_string(membership.date_end) or "",
            "ended_on": fields.Date.to_string(membership.ended_on) or "",
            "log": [
                {
                    "date": fields.Datetime.to_string(row.date),
                    "event": said(row, "event"),
                    "from_tier": row.old_tier_id.name or "",
                    "to_tier": row.new_tier_id.name or "",
                }
                for row in membership.log_ids
            ],
        }

    def _club_data_ledgers(self, cards):
        entries = self.env["loyalty.ledger.entry"].search([("card_id", "in", cards.ids)])
        by_card = entries.grouped("card_id")
        return {card: by_card.get(card, entries.browse()) for card in cards}

    def _club_data_of_card(self, card, entries):
        return {
            "card_number": card.code,
            "program": card.program_id.name,
            "points": card.points,
            "points_ledger": [
                {
                    "date": fields.Datetime.to_string(entry.date),
                    "kind": self._club_data_label(entry, "kind"),
                    "points": entry.points,
                    "pending": entry.pending,
                    "valid_until": fields.Date.to_string(entry.expires_on) or "",
                }
                for entry in entries
            ],
        }

    def _club_data_of_request(self, wish):
        return {
            "club": wish.club_id.name,
            "name": wish.name or "",
            "email": wish.email or "",
            "phone": wish.phone or "",
            "card_number": wish.card_number or "",
            "way_in": self._club_data_label(wish, "way_in"),
            "status": self._club_data_label(wish, "state"),
            "consent": {
                "version": wish.consent_id.version,
                "text": wish.consent_id.text,
                "agreed_on": fields.Datetime.to_string(wish.agreed_on),
                "confirmed_on": fields.Datetime.to_string(wish.confirmed_on) or "",
            },
        }

    @staticmethod
    def _club_data_label(record, name):
        return dict(record._fields[name]._description_selection(record.env)).get(record[name], "")

    def _anonymise_records(self):
        """That somebody agreed to join stays, and to which text; not who. Rows of imported files go."""
        result = super()._anonymise_records()
        emails = [email for email in self.mapped("email_normalized") if email]
        wishes = self.env["loyalty.join.request"].search(
            ["|", ("partner_id", "in", self.ids), "&", ("partner_id", "=", False), ("email_normalized", "in", emails)]
        )
        emptied = ("name", "email", "email_normalized", "phone", "lang", "card_number")
        wishes.write(dict.fromkeys(emptied, False))
        self.env["loyalty.card.import.row"]._of_contacts(self).unlink()
        return result
