from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date

REMINDER_BATCH = 200  # cards, one mail each, between two commits


class LoyaltyLedgerReminder(models.Model):
    """That a member was told of a lot before it expires: once per lot."""

    _name = "loyalty.ledger.reminder"
    _description = "Reminder of Expiring Points"
    _order = "id desc"

    lot_id = fields.Many2one("loyalty.ledger.entry", required=True, readonly=True, ondelete="restrict")
    card_id = fields.Many2one("loyalty.card", readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="lot_id.company_id")

    _lot_unique = models.UniqueIndex("(lot_id)", "The member has been told of these points already.")

    @api.model
    def _cron_remind(self):
        """Tell the members of clubs that want it which points expire soon: one mail for each card.

        Mail and note are committed together, so nobody is told twice and nobody is forgotten, wherever a run is killed.
        """
        clubs = self.env["loyalty.club"].search([("reminder_days", ">", 0), ("points_months", ">", 0)])
        for club in clubs:
            while lots := self._lots_to_remind(club):
                cards = self._remind(club, lots)
                remaining = len(self._lots_to_remind(club)) if len(cards) == REMINDER_BATCH else 0
                if not self.env["ir.cron"]._commit_progress(len(cards), remaining=remaining):
                    return

    @api.model
    def _lots_to_remind(self, club):
        """Lots of the next cards of a club that expire soon and of which nobody was told.

        :return: ``{card id: [lot id, …]}``
        """
        self.env.flush_all()
        today = club._today()
        query = SQL(
            """
            SELECT lot.card_id, array_agg(lot.id ORDER BY lot.expires_on, lot.id)
              FROM loyalty_ledger_entry lot
              JOIN loyalty_card card ON card.id = lot.card_id AND card.active
              JOIN res_partner partner ON partner.id = card.partner_id AND partner.email IS NOT NULL
             WHERE lot.company_id IS NOT DISTINCT FROM %s AND lot.program_id = %s AND lot.points > 0
               AND lot.expires_on BETWEEN %s AND %s
               AND lot.points > COALESCE((SELECT sum(points) FROM loyalty_ledger_allocation WHERE lot_id = lot.id), 0)
               AND NOT EXISTS (SELECT 1 FROM loyalty_ledger_reminder told WHERE told.lot_id = lot.id)
          GROUP BY lot.card_id ORDER BY lot.card_id LIMIT %s
            """,
            club.program_id.company_id.id or None,
            club.program_id.id,
            today,
            today + timedelta(days=club.reminder_days),
            REMINDER_BATCH,
        )
        return dict(self.env.execute_query(query))

    @api.model
    def _remind(self, club, lots):
        cards = self.env["loyalty.card"].browse(lots)
        self.create([{"lot_id": lot_id, "card_id": card_id} for card_id, of_card in lots.items() for lot_id in of_card])
        template = club.reminder_template_id or self.env.ref(
            "crm_loyalty.mail_template_points_expire", raise_if_not_found=False
        )
        if template:
            template.send_mail_batch(cards.ids)
        return cards


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _expiring_lots(self):
        """What the reminder tells: the lots that expire soon, nearest first.

        :return: list of dicts with ``points`` and ``day``, both as text
        """
        self.ensure_one()
        # sudo: the text of a mail to the owner of the card.
        card = self.sudo()
        club = card.program_id._clubs_by_points_program().get(card.program_id)
        if not club:
            return []
        until = club._today() + timedelta(days=club.reminder_days)
        return [
            {"points": card._format_points(lot.points), "day": format_date(self.env, lot.expires_on)}
            for lot in card._open_lots()[card]
            if lot.expires_on and club._today() <= lot.expires_on <= until
        ]
