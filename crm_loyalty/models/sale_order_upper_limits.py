from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL

# What the order would earn without limits: to say how much was not credited. An object on purpose: a remote caller can send
# any context, but not this.
UNCAPPED, ASKED = "loyalty_points_uncapped", object()


class SaleOrder(models.Model):
    """Orders keep to the limits of the club on points.

    Loaded after all that says how many points an order earns (a tier's multiplier): what is limited is the result.
    """

    _inherit = "sale.order"

    def _program_check_compute_points(self, programs):
        """What the order earns in a club, up to the club's limits: from the quotation on, so that nobody is promised
        more.
        """
        result = super()._program_check_compute_points(programs)
        if self.env.context.get(UNCAPPED) is ASKED:
            return result
        # sudo: the limits of a club hold whoever works on the order.
        for program, club in programs.sudo()._clubs_by_points_program().items():
            points = result.get(program, {}).get("points")
            if points and points[0] > 0 and club._has_points_caps():
                result[program] = {
                    **result[program],
                    "points": [min(points[0], self._points_allowed(club)), *points[1:]],
                }
        return result

    def _points_allowed(self, club):
        """How many points this order may earn in a club now, by the club's limits.

        :param club: ``loyalty.club`` as superuser, with at least one limit
        """
        self.ensure_one()
        allowed = [club.points_cap_order] if club.points_cap_order else []
        if club.points_cap_day:
            card = self._points_card(club)
            allowed.append(club.points_cap_day - self._points_earned_today(club, SQL("card_id = %s", card.id or None)))
        if club.points_cap_staff and self._is_confirmed_by_colleague():
            allowed.append(club.points_cap_staff - self._points_earned_today(club, SQL("user_id = %s", self.env.uid)))
        return max(min(allowed, default=float("inf")), 0.0)

    @api.model
    def _is_confirmed_by_colleague(self):
        """Whether a person of ours does it: not a customer on the website, and no job."""
        return self.env.uid != SUPERUSER_ID and not self.env.user.share

    def _points_card(self, club):
        """The card on which this order's points of a club go; none when there is none yet."""
        self.ensure_one()
        memberships = self._entitling_memberships().filtered(lambda membership: membership.club_id == club)
        # sudo: which card it is does not depend on who works on the order.
        promised = self.sudo().coupon_point_ids.coupon_id.filtered(lambda card: card.program_id == club.program_id)
        return (memberships.card_id | promised)[:1]

    def _points_earned_today(self, club, whose):
        """Points that other orders have earned today, less what was taken back of them.

        :param whose: SQL condition on the ledger
        """
        self.env["loyalty.ledger.entry"].flush_model()
        query = SQL(
            """
            SELECT COALESCE(sum(points + pending), 0)::float8 FROM loyalty_ledger_entry
             WHERE %(whose)s AND program_id = %(program)s AND date >= %(midnight)s
               AND (kind = 'earn' OR kind IN ('cancel', 'reverse') AND points + pending < 0)
               AND (res_model, res_id) IS DISTINCT FROM ('sale.order', %(order)s)
            """,
            whose=whose,
            program=club.program_id.id,
            midnight=club._midnight(),
            order=self.id or 0,
        )
        [(points,)] = self.env.execute_query(query)
        return points

    # ------------------------------------------------------------ confirming

    def action_confirm(self):
        self._take_turns_under_caps()
        return super().action_confirm()

    def _take_turns_under_caps(self):
        """Limits per day hold, too, when orders are confirmed at the same moment.

        Costs nothing where no club limits points per day.
        """
        if not self.env["loyalty.club"]._any_daily_caps():
            return
        # sudo: as in _program_check_compute_points
        clubs = self.env["loyalty.program"].sudo()._points_clubs()
        cards = self.env["loyalty.card"].sudo()
        for memberships in self._memberships_by_order().values():
            cards |= memberships.filtered(lambda membership: membership.club_id.points_cap_day).card_id
        clubs._one_at_a_time(cards)
        if self._is_confirmed_by_colleague() and any(club.points_cap_staff for club in clubs):
            clubs._one_at_a_time(self.env.user)

    def _pieces_to_confirm(self, changes):
        """Say what was not credited: in the entry, and on the order."""
        pieces = super()._pieces_to_confirm(changes)
        # sudo: as in _program_check_compute_points
        programs = self.env["loyalty.card"].sudo().union(*(card for card, _piece in pieces)).program_id
        for program, club in programs._clubs_by_points_program().items():
            if club._has_points_caps():
                pieces = self._say_what_exceeds(pieces, program, club)
        return pieces

    def _say_what_exceeds(self, pieces, program, club):
        self.ensure_one()
        status = self.with_context(**{UNCAPPED: ASKED})._program_check_compute_points(program)
        wanted = (status.get(program, {}).get("points") or [0.0])[0]
        # sudo: the program of a card does not depend on who confirms.
        here = [card for card, _piece in pieces if card.sudo().program_id == program]
        earned = sum(piece.points for card, piece in pieces if piece.kind == "earn" and card in here)
        if wanted - earned < 0.01:
            return pieces
        note = self.env._(
            "%(points)s above the limit of %(club)s not credited",
            points=f"{wanted - earned:g} {program.portal_point_name}",
            club=club.name,
        )
        self.message_post(body=note)
        return [
            (
                card,
                piece._replace(reason=f"{piece.reason} · {note}") if piece.kind == "earn" and card in here else piece,
            )
            for card, piece in pieces
        ]
