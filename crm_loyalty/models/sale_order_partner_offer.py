import uuid

from odoo import api, fields, models
from odoo.addons.crm_contact_history.plausible import database_text
from odoo.exceptions import UserError
from odoo.tools import SQL


class SaleOrder(models.Model):
    """Customers of a partner at ours: a code, or the number of the partner's card, gives core's coupon on the order.

    Core's engine makes the discount. What it lacks stands here: whether the agreement is in force, its limits, and that
    each use is booked when the order is confirmed and taken back when it is cancelled.
    """

    _inherit = "sale.order"

    # ------------------------------------------------------------ recognising

    @api.model
    def identify_by_card(self, number, partner_id=False, company_id=False):
        """As before; a number of a partner's card, which is none of ours, is answered with ``their_number``: the caller
        then saves the order and calls :meth:`apply_partner_number`.
        """
        number = database_text(number) if isinstance(number, str) else number
        answer = super().identify_by_card(number, partner_id, company_id)
        if "error" not in answer or not isinstance(number, str) or self._card_of_number(number.strip()[:64]):
            return answer
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        agreement = self.env["co.marketing.agreement"]._of_card_number(number, company)[:1]
        if not agreement:
            return answer
        if not partner_id:
            return {"error": self.env._("A card of %s: choose the customer first.", agreement.partner_id.name)}
        return {"their_number": True, "text": self.env._("Customer of %s", agreement.partner_id.name)}

    def apply_partner_number(self, number):
        """Give a customer of a partner what was agreed. Open to remote calls, for whoever may change the order.

        :param number: of the partner's card, or a code of the partner's, as typed or scanned
        :return: dict with ``text``, what he gets, or ``error``, a sentence that says why not
        """
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("draft", "sent"):
            return {"error": self.env._("%s is confirmed already.", self.name)}
        number = database_text(number).strip()[:64] if isinstance(number, str) else ""
        found = self._try_apply_code(number)
        if "error" in found:
            return {"error": found["error"]}
        for coupon, rewards in found.items():
            if len(rewards) == 1:
                claimed = self._apply_program_reward(rewards, coupon)
                if "error" in claimed:
                    return {"error": claimed["error"]}
        self._update_programs_and_rewards()
        names = self._partner_offer_lines().mapped("name")
        return {"text": " · ".join(names) or self.env._("Nothing on this order is reduced.")}

    def _try_apply_code(self, code):
        """A code of a partner's is asked whether it holds now. Of the partner's card numbers only our own people may make
        use: they have seen the card.
        """
        # sudo: whether a code holds does not depend on who types it.
        coupon = self.env["loyalty.card"].sudo().search([("code", "=", code)], limit=1)
        benefit = coupon.program_id.co_marketing_benefit_id
        if benefit and (fault := self._fault_of_partner_code(benefit, coupon)):
            return {"error": fault}
        result = super()._try_apply_code(code)
        if not result.get("not_found") or self.env.user.share:
            return result
        coupon = self._coupon_of_partner_number(code)
        if isinstance(coupon, str):
            return {"error": coupon}
        return super()._try_apply_code(coupon.code) if coupon else result

    def _partner_benefit_in_force(self, benefit):
        """The benefit of the terms in force of which this one is a version, if any."""
        benefits = benefit._theirs_in_force(benefit.agreement_id, self.company_id)
        return benefits.filtered(lambda one: one._counted() == benefit._counted())[:1]

    def _fault_of_partner_code(self, benefit, coupon):
        """Why a code cannot be used on this order now; None when it can."""
        current = self._partner_benefit_in_force(benefit)
        if not current:
            return self.env._("%s: this offer of a partner does not hold here at present.", coupon.code)
        current._their_program()  # the terms may have changed since the codes were made
        card = coupon.co_marketing_card_id or coupon.co_marketing_card_id._find(current.agreement_id, coupon.code)
        fault = current._fault_for_theirs(card, fields.Datetime.now(), self._bill_of_partner_offer(current))
        return fault and self.env._("%(benefit)s: %(reason)s", benefit=current.name, reason=fault)

    def _coupon_of_partner_number(self, number):
        """The coupon for the number of a partner's card, made for this order; the first benefit that is open.

        :return: ``loyalty.card`` as superuser, empty when the number is none of a partner's; or a sentence that says why
            nothing is given
        """
        nobody = self.env["loyalty.card"].sudo()  # sudo: the coupon belongs to core's engine, not to the user
        fault = nobody
        for agreement in self.env["co.marketing.agreement"]._of_card_number(number, self.company_id):
            for benefit in self.env["co.marketing.benefit"]._theirs_in_force(agreement, self.company_id):
                card = self.env["co.marketing.customer.card"]._find(agreement, number)
                bill = self._bill_of_partner_offer(benefit)
                reason = benefit._fault_for_theirs(card, fields.Datetime.now(), bill)
                if not reason:
                    return self._make_partner_coupon(benefit, number)
                fault = self.env._("%(benefit)s: %(reason)s", benefit=benefit.name, reason=reason)
        return fault

    def _make_partner_coupon(self, benefit, number):
        card = self.env["co.marketing.customer.card"]._take(benefit.agreement_id, number)
        program = benefit._their_program()
        # sudo: as core's engine makes its coupons; applied before on this order, it is taken again.
        applied = self.sudo().applied_coupon_ids.filtered(
            lambda coupon: coupon.program_id == program and coupon.co_marketing_card_id == card
        )
        coupons = applied.with_context(loyalty_no_mail=True, tracking_disable=True)
        return applied[:1] or coupons.create({"program_id": program.id, "points": 1, "co_marketing_card_id": card.id})

    # ------------------------------------------------------------ figures

    def _partner_offer_lines(self):
        """The lines by which partners' customers pay less."""
        # sudo: which program a discount is of; the order is the caller's.
        lines = self.order_line.filtered("reward_id")
        return lines.filtered(lambda line: line.sudo().reward_id.program_id.co_marketing_benefit_id)

    def _lines_of_partner_offer(self, benefit):
        """Those by which a benefit is given."""
        # sudo: as in _partner_offer_lines
        return self._partner_offer_lines().filtered(
            lambda line: line.sudo().reward_id.program_id.co_marketing_benefit_id == benefit._counted()
        )

    def _discount_of_partner_offer(self, benefit):
        """What the order's customer pays less by a benefit, with taxes, in the order's currency."""
        return -sum(self._lines_of_partner_offer(benefit).mapped("price_total"))

    def _bill_of_partner_offer(self, benefit, day=None):
        """The order's total with taxes before this discount, in the agreement's currency."""
        return self._in_agreement_currency(self.amount_total + self._discount_of_partner_offer(benefit), benefit, day)

    def _in_agreement_currency(self, amount, benefit, day=None):
        """:param day: whose rate it is; today's when not given"""
        day = day or fields.Date.context_today(self)
        return self.currency_id._convert(amount, benefit.currency_id, self.company_id, day)

    # ------------------------------------------------------------ booking

    def action_confirm(self):
        result = super().action_confirm()
        for order in self.filtered(lambda order: order.state == "sale"):
            order._book_partner_offers()
        return result

    def _book_partner_offers(self, besides=None):
        """Book what partners' customers have used on this order, once.

        :param besides: ``co.marketing.benefit`` records that are not to be looked at
        :raises UserError: when it cannot be used any more; the order is then not confirmed
        """
        lines = self._partner_offer_lines()
        if not lines:
            return
        # sudo: nobody has the right to write redemptions; this order says what was used.
        order = self.sudo()
        booked = order.env["co.marketing.redemption"].search([("sale_order_id", "=", self.id), ("state", "=", "done")])
        programs = lines.sudo().reward_id.program_id  # sudo: as above
        known = booked.counted_benefit_id | (besides or booked.counted_benefit_id)
        for benefit in programs.co_marketing_benefit_id - known:
            coupon = order.order_line.coupon_id.filtered(
                lambda one, benefit=benefit: one.program_id.co_marketing_benefit_id == benefit
            )[:1]
            order._book_partner_offer(benefit, coupon)

    def _book_partner_offer(self, benefit, coupon):
        self.env.flush_all()
        agreement = benefit.agreement_id
        # Who ends or suspends it waits until this is booked.
        self.env.execute_query(SQL("SELECT id FROM co_marketing_agreement WHERE id = %s FOR SHARE", agreement.id))
        if fault := self._fault_of_partner_code(benefit, coupon):
            raise UserError(
                self.env._(
                    "Order %(order)s cannot be confirmed with this offer of a partner. %(reason)s Remove its line.",
                    order=self.name,
                    reason=fault,
                )
            )
        current = self._partner_benefit_in_force(benefit)
        card = coupon.co_marketing_card_id or coupon.co_marketing_card_id._take(agreement, coupon.code)
        values = self._partner_redemption_values(current, card)
        used = self.env["co.marketing.tally"]._count(current, -card.id, values["happened_on"], values["discount"])
        reached, _left = current._left({key: (uses - 1, spent) for key, (uses, spent) in used.items()})
        spent = used.get((False, "total"), (0, 0.0))[1]
        if not reached and current.budget and current.currency_id.compare_amounts(spent, current.budget) > 0:
            reached = "budget"
        if reached:
            raise UserError(
                self.env._("%(benefit)s: %(reason)s", benefit=current.name, reason=current._reason(reached))
            )
        self.env["co.marketing.redemption"].create(values).flush_recordset()
        if values["is_new_customer"]:
            self.partner_id.commercial_partner_id._won_by(agreement)

    def _partner_redemption_values(self, benefit, card):
        agreement, moment = benefit.agreement_id, fields.Datetime.now()
        discount = self._in_agreement_currency(self._discount_of_partner_offer(benefit), benefit)
        bill = self._bill_of_partner_offer(benefit)
        return {
            "direction": "theirs",
            "agreement_id": agreement.id,
            "version_id": benefit.version_id.id,
            "benefit_id": benefit.id,
            "counted_benefit_id": benefit._counted().id,
            "company_id": agreement.company_id.id,
            "currency_id": agreement.currency_id.id,
            "sale_order_id": self.id,
            "customer_card_id": card.id,
            "partner_id": self.partner_id.id,
            "user_id": self.env.uid,
            "happened_at": moment,
            "happened_on": agreement._local(moment).date(),
            "amount": bill,
            "discount": discount,
            "settlement_kind": benefit.settlement_kind,
            "settlement_payer": benefit.settlement_payer,
            "settlement_figure": benefit.settlement_figure,
            "settlement_amount": benefit._settlement_amount(bill, discount),
            "idempotency_key": f"order-{self.id}-{uuid.uuid4().hex[:16]}",
            "is_new_customer": self._is_first_order(),
        }

    def _is_first_order(self):
        """Whether the customer, with his company and its other contacts, has no other confirmed order."""
        others = [
            ("partner_id.commercial_partner_id", "=", self.partner_id.commercial_partner_id.id),
            ("state", "=", "sale"),
            ("id", "!=", self.id),
        ]
        return not self.search_count(others, limit=1)

    def _action_cancel(self):
        result = super()._action_cancel()
        cancelled = self.filtered(lambda order: order.state == "cancel")
        # sudo: who cancels the order takes back what was used on it; nobody has the right to write redemptions.
        booked = (
            self.env["co.marketing.redemption"]
            .sudo()
            .search([("sale_order_id", "in", cancelled.ids), ("state", "=", "done")])
        )
        for redemption in booked:
            redemption._void(self.env._("Order %s was cancelled", redemption.sale_order_id.name))
        booked.filtered("is_new_customer").partner_id.commercial_partner_id._no_longer_won()
        return result
