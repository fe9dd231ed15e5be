from odoo import models
from odoo.tools import format_amount


class LoyaltyMembership(models.Model):
    """What the member sees on his phone. The callers have checked that the membership is his."""

    _inherit = "loyalty.membership"

    def _card_style(self):
        """The colours of the club's card, as CSS; both are checked when the club is saved."""
        from ..report.card_pdf import is_dark  # loads what of reportlab most workers never need

        self.ensure_one()
        color = self.club_id.card_color
        return f"background-color: {color}; color: {'#ffffff' if is_dark(color) else '#000000'};"

    def _rewards_page(self):
        """What the member can have for his points, the cheapest first.

        :return: list of dicts with ``text``, ``points`` (what it costs, as text), ``missing`` (text; False: he can have
            it now) and ``worth`` (what his points are worth, as text; of a reward per point, else False)
        """
        self.ensure_one()
        card = self.card_id
        found = []
        for reward in card.program_id.reward_ids.sorted("required_points"):
            missing = reward.required_points - card.points
            portions = reward._whole_portions(card.points) if reward._is_per_point() else 0
            found.append(
                {
                    "text": reward.description,
                    "points": card._format_points(reward.required_points),
                    "missing": missing > 0 and self.env._("%s to go", card._format_points(missing)),
                    "worth": portions
                    and format_amount(self.env, portions * reward.discount, card.program_id.currency_id),
                }
            )
        return found
