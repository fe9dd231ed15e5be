from datetime import timedelta

from odoo import models


class LoyaltyMembership(models.Model):
    """Memberships of contacts that are being merged."""

    _inherit = "loyalty.membership"

    def _merge_open(self, survivor):
        """Leave one open membership per club, before all become those of ``survivor`` (a ``res.partner``).

        It is the survivor's own, else the oldest. It gets the best tier and the longest validity of them, and is frozen
        only if all are. The others end; none is deleted.

        :return: the memberships that stay open
        """
        kept = self.browse()
        for memberships in self.filtered(lambda m: m.state != "ended").grouped("club_id").values():
            keep = memberships.sorted(lambda m: (m.partner_id != survivor, m.state == "future", m.date_start, m.id))[:1]
            if len(memberships) > 1:
                keep._absorb(memberships - keep)
            kept |= keep
        self.env.flush_all()  # core moves the rows by SQL: the unique index must already see the ended ones
        return kept

    def _absorb(self, others):
        """Close ``others`` in favour of this membership."""
        self.ensure_one()
        reason = self.env._("Contacts merged")
        best = (self | others)._best_first()[:1].tier_id
        ends = (self | others).mapped("date_end")
        if best != self.tier_id:
            old_tier = self.tier_id
            self.write({"tier_id": best.id, "tier_since": self.club_id._today()})
            self._log("tier", reason, old_tier=old_tier, new_tier=best)
        last_days = (self | others).mapped("counts_until")
        self.write({"date_end": all(ends) and max(ends), "counts_until": all(last_days) and max(last_days)})
        if not all(membership._freeze_now() for membership in others):
            self._cut_freezes(self.club_id._today() - timedelta(days=1))
        self._follow_dates(silently=True)
        others.write({"state": "ended", "ended_on": self.club_id._today()})
        others._log(
            "merged", self.env._("Contacts merged; the membership goes on as that of card %s.", self.card_id.code)
        )

    def _take_merged_card(self):
        """Point to the card on which core has put the merged points."""
        for membership in self.filtered(lambda m: not m.card_id.active):
            membership.card_id = (
                self.env["loyalty.card"].search(
                    [
                        ("partner_id", "=", membership.partner_id.id),
                        ("program_id", "=", membership.club_id.program_id.id),
                    ],
                    limit=1,
                )
                or membership.card_id
            )
