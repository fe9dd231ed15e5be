from typing import NamedTuple

from odoo import models
from odoo.fields import Domain

# While core's engine runs on an order: a KnownSegments, so that they are asked once.
KNOWN_SEGMENTS = "customer_segments_known"


class KnownSegments(NamedTuple):
    """Segments of an order's customer. A class of its own on purpose: a remote caller can send any context, but none of
    these."""

    order_id: int
    segment_ids: tuple


class SaleOrder(models.Model):
    """Programs and rewards for customers of some segments, on the order. Core's engine does the rest.

    A reward that was claimed falls away when the customer does not belong to the segment any more: whenever core works
    out the order's rewards, at the latest when it is confirmed. Where no program is for a segment, nothing is asked.
    """

    _name = "sale.order"
    _inherit = "sale.order"

    def _segment_ids_of_customer(self):
        """Those segments of this order's customer that programs or rewards are for.

        Only segments of the order's company and those above it count: their figures are that company's.
        """
        self.ensure_one()
        in_use = self.env["loyalty.program"]._segment_ids_in_use()
        if not in_use or not self.partner_id:
            return ()
        known = self.env.context.get(KNOWN_SEGMENTS)
        if isinstance(known, KnownSegments) and known.order_id == self.id:
            return known.segment_ids
        # sudo: what the customer gets does not depend on who works on the order, who may not know segments.
        segments = self.env["customer.segment"].sudo().with_context(active_test=False)
        segments = segments.search([("id", "in", in_use), ("company_id", "in", self.company_id.sudo().parent_ids.ids)])
        return tuple(segments._segments_of(self.partner_id)[self.partner_id.id])

    def _get_program_domain(self):
        return list(Domain.AND([super()._get_program_domain(), self._segments_program_domain("")]))

    def _get_trigger_domain(self):
        return list(Domain.AND([super()._get_trigger_domain(), self._segments_program_domain("program_id.")]))

    def _segments_program_domain(self, path):
        """Programs open to everybody, and those for a segment of this order's customer."""
        to_all = Domain(f"{path}is_for_segments", "=", False)
        mine = self._segment_ids_of_customer()
        if not mine:
            return to_all
        # sudo: as above; only ids of programs come of it, which the rest of the domain narrows.
        programs = self.env["loyalty.program"].sudo().search([("segment_ids", "in", mine)])
        return to_all | Domain(f"{path}id", "in", programs.ids)

    def _update_programs_and_rewards(self):
        order = self
        if self.env["loyalty.program"]._segment_ids_in_use():
            known = KnownSegments(self.id, self._segment_ids_of_customer())
            order = self.with_context(**{KNOWN_SEGMENTS: known})
        return super(SaleOrder, order)._update_programs_and_rewards()

    def _uses_members_program(self):
        """Whether there is something to be taken away when the customer changes."""
        programs = self.order_line.reward_id.program_id | self.coupon_point_ids.coupon_id.program_id
        rewards = self.order_line.reward_id
        return (
            super()._uses_members_program()
            or any(program.is_for_segments for program in programs)
            or any(reward.is_for_segments for reward in rewards)
        )

    def _is_reward_for_customer(self, reward):
        return super()._is_reward_for_customer(reward) and self._is_reward_for_segments(reward)

    def _is_reward_for_segments(self, reward):
        """Whether the customer of this order may have the reward, as far as segments go."""
        # sudo: which segments a reward is for does not depend on who works on the order.
        reward = reward.sudo()
        return not reward.is_for_segments or bool(set(reward.segment_ids.ids) & set(self._segment_ids_of_customer()))

    def _not_for_customer(self, reward):
        if self._is_reward_for_segments(reward):
            return super()._not_for_customer(reward)
        return self.env._(
            "“%(reward)s” is for other customers than %(customer)s.",
            reward=reward.description,
            customer=self.partner_id.display_name,
        )
