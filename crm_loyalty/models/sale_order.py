from collections import defaultdict
from contextlib import contextmanager
from typing import NamedTuple

import pytz
from odoo import api, fields, models
from odoo.fields import Domain

OPEN_STATES = ("draft", "sent")
# What is going on in this transaction stands beside it, in cr.cache, and not in the context: each context more is an
# environment more, and Odoo looks through all of them each time that it needs one.
# Set while benefits are being worked out: what is written meanwhile is no reason to work them out again.
LATER = "member_benefits_later"
# While benefits are worked out: a Known, so that memberships are looked up once.
KNOWN = "member_benefits_known"
FOLLOWED_FIELDS = {"order_line", "partner_id", "company_id", "pricelist_id", "skip_member_benefits"}


class Known(NamedTuple):
    """The memberships by which an order's customer may claim something on it."""

    order_id: int
    membership_ids: tuple


class SaleOrder(models.Model):
    """When an order looks at its customer's memberships; how they become discounts is in ``sale_order_benefits``."""

    _inherit = "sale.order"

    membership_id = fields.Many2one("loyalty.membership", compute="_compute_membership_id", compute_sudo=True)
    member_club_id = fields.Many2one("loyalty.club", string="Club", compute="_compute_membership_id", compute_sudo=True)
    member_tier_id = fields.Many2one(
        "res.partner.grade", string="Tier", compute="_compute_membership_id", compute_sudo=True
    )
    member_card_code = fields.Char(string="Card", compute="_compute_membership_id", compute_sudo=True)
    skip_member_benefits = fields.Boolean(
        string="Without Member Benefits",
        copy=False,
        help="This order gets neither discount nor points of the customer's clubs.",
    )

    @api.depends("partner_id", "company_id", "state", "date_order")
    def _compute_membership_id(self):
        """The best membership of the customer: of several clubs, the one with the best tier stands on the order."""
        for order, memberships in self._memberships_by_order().items():
            membership = next(iter(memberships), memberships)  # not a slice: that would be read one by one
            order.membership_id = membership
            order.member_club_id = membership.club_id
            order.member_tier_id = membership.tier_id
            order.member_card_code = membership.card_code

    # ------------------------------------------------------------ which memberships count

    def _membership_date(self):
        """The day on which the customer must be a member: today while the order is open, else that of its confirmation.

        Not the day of the quotation: an old quotation does not keep a membership alive. As for all programs, a payment
        already made counts on the day it was made.
        """
        self.ensure_one()
        if self.state == "sale" and self.date_order:
            return pytz.utc.localize(self.date_order).astimezone(pytz.timezone(self._get_program_timezone())).date()
        return self._get_confirmed_tx_create_date()

    def _memberships_by_order(self):
        """The memberships that count on each order, whether or not benefits are wanted.

        One statement, which is all for customers who never were members: for them no day is worked out either.

        :return: ``{sale.order: loyalty.membership records, best first}``
        """
        # sudo: the caller may read the order, and its price does not depend on who works on it.
        nobody = self.env["loyalty.membership"].sudo()
        result = dict.fromkeys(self, nobody)
        orders = self.filtered("partner_id")
        ever = nobody._ever_of(orders.partner_id)
        groups = defaultdict(self.browse)
        for order in orders if ever else ():
            groups[order.company_id, order._membership_date()] |= order
        for (company, date), of_day in groups.items():
            counting = ever._counting_in(company, date)
            for order in of_day:
                # sudo: as above; which contact is whose does not depend on who works on the order either.
                result[order] = order.partner_id.sudo()._hold(counting).with_prefetch(ever.ids)
        return result

    def _entitling_memberships(self):
        """The memberships by which this order's customer may claim something on it."""
        self.ensure_one()
        nobody = self.env["loyalty.membership"].sudo()  # none; as those of _memberships_by_order
        known = self.env.cr.cache.get(KNOWN)
        if known and known.order_id == self.id:
            return nobody.browse(known.membership_ids)
        return nobody if self.skip_member_benefits else self._memberships_by_order()[self]

    def _knowing(self, memberships):
        """For a ``with`` in which nobody need look ``memberships`` up again: those that count on this order."""
        self.ensure_one()
        claims = () if self.skip_member_benefits else tuple(memberships.ids)
        return self._meanwhile(KNOWN, Known(self.id, claims))

    @contextmanager
    def _meanwhile(self, name, value):
        going_on = self.env.cr.cache
        before = going_on.get(name)
        going_on[name] = value
        try:
            yield
        finally:
            going_on[name] = before

    def _get_program_domain(self):
        return list(Domain.AND([super()._get_program_domain(), self._members_program_domain()]))

    def _get_trigger_domain(self):
        return list(Domain.AND([super()._get_trigger_domain(), self._members_program_domain("program_id.")]))

    def _members_program_domain(self, path=""):
        """Programs open to everybody, and those for members of a tier or club of this order's customer."""
        memberships = self._entitling_memberships()
        to_all = Domain(f"{path}is_for_members", "=", False)
        if not memberships:
            return to_all
        return (
            to_all
            | Domain(f"{path}tier_ids", "in", memberships.tier_id.ids)
            | Domain(f"{path}club_ids", "in", memberships.club_id.ids)
        )

    # ------------------------------------------------------------ when they are looked at

    @api.model_create_multi
    def create(self, vals_list):
        with self._benefits_later():
            orders = super().create(vals_list)
        orders._follow_member_benefits()
        return orders

    def write(self, vals):
        with self._benefits_later():
            result = super().write(vals)
        if FOLLOWED_FIELDS & vals.keys() or vals.get("state") == "draft":
            self._follow_member_benefits()
        return result

    def copy(self, default=None):
        # Only when core has copied all and then dropped the copied reward lines.
        with self._benefits_later():
            orders = super().copy(default)
        orders._follow_member_benefits()
        return orders

    def _benefits_later(self):
        """For a ``with`` in which nothing that is written is a reason to work benefits out."""
        return self._meanwhile(LATER, True)

    def _benefits_are_later(self):
        return bool(self.env.cr.cache.get(LATER))

    def _follow_member_benefits(self):
        """Work out anew what the customers of these quotations get as members.

        Called whenever a quotation is saved with other lines, customer or price list, and when a membership begins,
        changes or ends; confirming an order does so by itself. Core's backend never claims a reward by itself (a
        salesperson must press "Reward"): a member's discount is not a favour to be remembered, hence it is claimed
        here.

        Costs one query for a customer who is no member.
        """
        if self._benefits_are_later():
            return
        quotations = self.filtered(lambda order: order.state in OPEN_STATES and order.partner_id)
        if not quotations or not self.env["loyalty.program"].has_access("read"):
            return
        for order, memberships in quotations._memberships_by_order().items():
            if memberships or order._uses_members_program():
                with order._knowing(memberships):
                    order._update_programs_and_rewards()

    def _uses_members_program(self):
        """Whether the order has a discount or points of a program for members: to be taken away, maybe."""
        self.ensure_one()
        programs = self.order_line.reward_id.program_id | self.coupon_point_ids.coupon_id.program_id
        return any(program.is_for_members for program in programs)

    def action_skip_member_benefits(self):
        """Sell without the discount and points of the customer's clubs."""
        self.skip_member_benefits = True

    def action_give_member_benefits(self):
        """Give the customer what members get, after all."""
        self.skip_member_benefits = False
