from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .co_marketing_agreement_theirs import KINDS_FOR_THEIR_CUSTOMERS

DIRECTIONS = [("ours", "Our members, at the partner's"), ("theirs", "The partner's customers, at ours")]


class CoMarketingBenefit(models.Model):
    """Benefits for the partner's customers at ours: core's coupons give them, limits and settlement are as always."""

    _inherit = "co.marketing.benefit"

    direction = fields.Selection(
        DIRECTIONS,
        string="For",
        compute="_compute_direction",
        store=True,
        readonly=False,
        help="In a joint offer, choose it; else it follows from the agreement.",
    )

    agreement_kind = fields.Selection(related="version_id.agreement_id.kind", string="Kind of Agreement")

    @api.depends("version_id.agreement_id.kind")
    def _compute_direction(self):
        for benefit in self:
            follows = {"theirs_to_ours": "ours", "ours_to_theirs": "theirs"}.get(benefit.agreement_id.kind)
            benefit.direction = follows or benefit.direction or "ours"

    @api.constrains("direction", "kind")
    def _check_direction(self):
        for benefit in self:
            if benefit.direction == "theirs" and benefit.agreement_id.kind not in KINDS_FOR_THEIR_CUSTOMERS:
                raise ValidationError(
                    self.env._("%s: this agreement is for our members only.", benefit.name),
                )
            if benefit.direction == "theirs" and benefit.kind not in ("percent", "amount"):
                raise ValidationError(
                    self.env._("%s: the partner's customers get a percentage or an amount off the order.", benefit.name)
                )

    # ------------------------------------------------------------ what is in force

    @api.model
    def _theirs_in_force(self, agreement, company):
        """Benefits for the partner's customers that hold today under an agreement, as superuser, in their order.

        :param company: ``res.company`` where they want to buy: none hold in another one than the agreement's
        """
        agreements = (
            self.env["co.marketing.agreement"]._in_force_domain(agreement._today())
            & Domain("id", "=", agreement.id)
            & Domain("kind", "in", KINDS_FOR_THEIR_CUSTOMERS)
            & Domain("company_id", "=", company.id)
        )
        # sudo: what is open is decided here, whoever works on the order.
        return self.sudo().search(
            Domain("version_id.state", "=", "accepted")
            & Domain("direction", "=", "theirs")
            & Domain("agreement_id", "any", agreements),
            order="sequence, id",
        )

    def _fault_for_theirs(self, card, moment, amount=None):
        """Why a customer of the partner cannot use this benefit now; None when he can.

        :param card: ``co.marketing.customer.card``; empty: a number that was never used
        :param moment: naive datetime in UTC; weekdays and hours are those of our company's clock
        :param amount: the bill in the agreement's currency, when it is known
        :return: a sentence
        """
        self.ensure_one()
        agreement = self.agreement_id
        local = agreement._local(moment)
        used = self.env["co.marketing.tally"]._used(self._counted(), -(card.id or 0), local.date())
        reached, _left = self._left({key[1:]: value for key, value in used.items()})
        spent = used.get((self._counted().id, False, "total"), (0, 0.0))[1]
        code = self._fault_of_time(local) or reached or self._fault_of_bill(amount, spent)
        if code == "amount":
            return self.env._("Put on the order what the customer buys first.")
        return self._reason(code) if code else None

    # ------------------------------------------------------------ core's program

    def _their_program(self):
        """The program of core's coupons that gives this benefit on orders, as superuser: made when first needed.

        All versions of the benefit have one program, which follows the terms in force.
        """
        self.ensure_one()
        # sudo: the program follows from accepted terms; nothing about it is the user's choice.
        benefit = self.sudo()
        programs = benefit.env["loyalty.program"].with_context(active_test=False)
        program = programs.search([("co_marketing_benefit_id", "=", benefit._counted().id)])
        if not program:
            return programs.create(benefit._their_program_values())
        values = benefit._their_reward_values()
        reward = program.reward_ids
        if any(reward[name] != value for name, value in values.items()):
            reward.write(values)
        return program

    def _their_program_values(self):
        agreement = self.agreement_id
        return {
            "name": f"{agreement.partner_id.name}: {self.name}",
            "program_type": "coupons",
            "trigger": "with_code",
            "applies_on": "current",
            "company_id": agreement.company_id.id,
            "currency_id": agreement.currency_id.id,
            "co_marketing_benefit_id": self._counted().id,
            "rule_ids": [fields.Command.clear()],
            "communication_plan_ids": [fields.Command.clear()],
            "reward_ids": [fields.Command.clear(), fields.Command.create(self._their_reward_values())],
            **self.env["loyalty.program"]._outside_the_till(),
        }

    def _their_reward_values(self):
        """The same discount in core's words."""
        percent = self.kind == "percent"
        return {
            "reward_type": "discount",
            "discount_applicability": "order",
            "discount_mode": "percent" if percent else "per_order",
            "discount": self.percent if percent else self.amount,
            "discount_max_amount": self.max_discount if percent else 0.0,
            "required_points": 1.0,
        }


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    co_marketing_benefit_id = fields.Many2one(
        "co.marketing.benefit",
        string="Partner's Benefit",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The program gives this benefit to the partner's customers.",
    )

    # Serves finding the program of a benefit, and lets there be one.
    _co_marketing_unique = models.UniqueIndex(
        "(co_marketing_benefit_id) WHERE co_marketing_benefit_id IS NOT NULL",
        "This benefit has just got its program. Try again.",
    )


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    co_marketing_is_code = fields.Boolean(
        string="Code of a Partner", readonly=True, copy=False, help="Handed out by the partner, good for one order."
    )
    co_marketing_card_id = fields.Many2one(
        "co.marketing.customer.card",
        string="Partner's Card",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The card of the partner's customer for which this coupon was made on an order.",
    )


class CoMarketingAgreement(models.Model):
    _inherit = "co.marketing.agreement"

    def _local(self, moment):
        """``moment``, naive in UTC, as the clock of our company shows it."""
        self.ensure_one()
        # sudo: only the time zone of the company, which stands on its address.
        zone = self.company_id.sudo().partner_id.tz or "UTC"
        return fields.Datetime.context_timestamp(self.with_context(tz=zone), moment).replace(tzinfo=None)
