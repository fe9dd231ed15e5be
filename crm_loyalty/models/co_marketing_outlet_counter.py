from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

COUNTER = "partner_counter"  # what is limited, see public.form.attempt
WRONG_NUMBERS, WRONG_AT_OUTLET = 10, 40  # card numbers that are none, in an hour: of a cashier, and at an outlet in all
MOST = 10**12  # no bill is that high


class CoMarketingOutlet(models.Model):
    """What is done at a partner's counter, in one function each: verify a card, redeem a benefit.

    The counter in the portal calls them, and so does the interface for programs. They are server code: that somebody may
    act for this outlet is the caller's to check.
    """

    _inherit = "co.marketing.outlet"

    # ------------------------------------------------------------ verify

    def _verify(self, number, moment=None, amount=None):
        """Whose card is it, and what may he use here?

        :param number: as typed or scanned
        :param moment: naive datetime in UTC; now when not given
        :return: (``loyalty.membership``, list of ``Offer``); an empty record where the card is no good here. Why is not
            told: that would tell strangers who is a customer
        """
        self.ensure_one()
        membership = self._member_of_card(number)
        if not membership:
            return membership, []
        moment = moment or fields.Datetime.now()
        return membership, self.env["co.marketing.benefit"]._benefits_open_to(membership, self, moment, amount)

    def _member_of_card(self, number):
        """The membership that counts today with the card of this number in our company, as superuser; best tier first."""
        # sudo: of the member, only what _first_name_and_tier says is shown to the partner.
        orders = self.env["sale.order"].sudo()
        number = number.strip()[:64] if isinstance(number, str) else ""
        card = orders._card_of_number(number)
        company = self.sudo().company_id  # sudo: only to know of which company it is
        if orders._card_fault(number, card) or (card.company_id and card.company_id not in company.parent_ids):
            return self.env["loyalty.membership"].sudo()  # sudo: an empty record
        return card._memberships_in(company)[:1]

    def _says_who(self, membership):
        """All that a partner's cashier sees of a member: first name and initial, club and tier.

        :return: dict with ``name``, ``club`` and ``tier`` as text
        """
        words = (membership.partner_id.name or "").split()
        initial = f" {words[-1][0]}." if len(words) > 1 else ""
        return {
            "name": (words[0] if words else "") + initial,
            "club": membership.club_id.name,
            "tier": membership.tier_id.name or "",
        }

    # ------------------------------------------------------------ redeem

    def _redeem(self, membership, benefit, idempotency_key, amount=None, moment=None, till=None):
        """A member uses a benefit here. All or nothing: use, limits, receipt and points are one transaction.

        The same key gives back the first receipt, however often it is sent. However many take the last use at the same
        time, one gets it: they all write one row of the tally, so PostgreSQL lets one of them through, and Odoo repeats the
        requests of the others, which then see that nothing is left.

        :param membership: of :meth:`_verify`
        :param benefit: ``co.marketing.benefit``
        :param idempotency_key: text of 8 to 64 characters, new for each use
        :param amount: the bill, in the agreement's currency
        :param moment: naive datetime in UTC; now when not given
        :param till: ``co.marketing.outlet.key`` of the program that does it, where no person does
        :return: ``co.marketing.redemption`` as superuser
        :raises UserError: when the benefit cannot be used, with the reason; nothing is booked then
        """
        self.ensure_one()
        self.env["loyalty.card"]._check_key(idempotency_key)
        amount = self._checked_amount(amount, benefit)
        if first := self._redeemed_before(idempotency_key, membership, benefit, amount):
            return first
        moment = moment or fields.Datetime.now()
        with self.env.cr.savepoint():
            self._hold_still(membership, benefit)
            offer = self._open_offer(membership, benefit, moment, amount)
            values = self._redemption_values(membership, offer, idempotency_key, amount, moment)
            if till:
                values.update(user_id=False, outlet_key_id=till.id)
            self._count_use(membership, offer.benefit, values)
            # sudo: the caller may act for this outlet; nobody has the right to write redemptions.
            redemption = self.env["co.marketing.redemption"].sudo().create(values)
            redemption.flush_recordset()
            redemption._give_points()
        return redemption

    def _checked_amount(self, amount, benefit):
        """:raises UserError: unless it is a bill that there can be, in the coins of the currency"""
        if amount is None:
            return 0.0
        currency = benefit.sudo().currency_id  # sudo: only the currency of the bill
        if isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 <= amount < MOST:
            raise UserError(self.env._("Type the amount of the bill as a number, 0 or more."))
        rounded = currency.round(amount)
        if abs(rounded - amount) > 1e-9 * max(1.0, abs(amount)):
            raise UserError(
                self.env._(
                    "%(amount)s has more decimals than %(currency)s has. Type the bill without dots between thousands.",
                    amount=amount,
                    currency=currency.name,
                )
            )
        return rounded

    def _redeemed_before(self, key, membership, benefit, amount):
        """The receipt that this key was given, if any.

        :raises UserError: when it was used for something else
        """
        # sudo: only of this outlet, for which the caller may act.
        redemptions = self.env["co.marketing.redemption"].sudo()
        first = redemptions.search([("outlet_id", "=", self.id), ("idempotency_key", "=", key)])
        if first and (first.membership_id, first.benefit_id, first.amount) != (membership, benefit, amount):
            raise UserError(
                self.env._("This key was used before, for something else. Use a new key for a new request.")
            )
        return first

    def _hold_still(self, membership, benefit):
        """Agreement and membership stay as they are until this is booked; who changed them meanwhile is seen by repeating."""
        self.env.flush_all()
        # sudo: only the number of the agreement.
        agreement = benefit.sudo().agreement_id
        for table, record in (("co_marketing_agreement", agreement), ("loyalty_membership", membership)):
            self.env.execute_query(SQL("SELECT id FROM %s WHERE id = %s FOR SHARE", SQL.identifier(table), record.id))

    def _open_offer(self, membership, benefit, moment, amount):
        """:raises UserError: when the benefit cannot be used, with the reason"""
        offers = self.env["co.marketing.benefit"]._benefits_open_to(membership, self, moment, amount)
        offer = next((one for one in offers if one.benefit == benefit), None)
        if not offer:
            raise UserError(self.env._("This benefit is not offered here at present. Scan the card again."))
        if not offer.is_open:
            raise UserError(self.env._("%(benefit)s: %(reason)s", benefit=offer.benefit.name, reason=offer.reason))
        return offer

    def _redemption_values(self, membership, offer, key, amount, moment):
        benefit = offer.benefit
        discount = benefit._discount(amount)
        return {
            "agreement_id": benefit.agreement_id.id,
            "version_id": benefit.version_id.id,
            "benefit_id": benefit.id,
            "counted_benefit_id": benefit._counted().id,
            "outlet_id": self.id,
            "company_id": benefit.company_id.id,
            "currency_id": benefit.currency_id.id,
            "membership_id": membership.id,
            "card_id": membership.card_id.id,
            "tier_id": membership.tier_id.id,
            "partner_id": membership.partner_id.id,
            "user_id": self.env.uid,
            "happened_at": moment,
            "happened_on": self.sudo()._local(moment).date(),  # sudo: only the clock of the outlet
            "amount": amount,
            "discount": discount,
            "points": benefit.points if benefit.kind == "points" else 0,
            "settlement_kind": benefit.settlement_kind,
            "settlement_payer": benefit.settlement_payer,
            "settlement_figure": benefit.settlement_figure,
            "settlement_amount": benefit._settlement_amount(amount, discount),
            "idempotency_key": key,
        }

    def _count_use(self, membership, benefit, values):
        """Count it. What the look before has seen is still so: PostgreSQL refuses to write a row that has changed since.

        :raises UserError: when it is one too many all the same
        """
        used = self.env["co.marketing.tally"]._count(
            benefit, membership.partner_id.id, values["happened_on"], values["discount"]
        )
        reached, _left = benefit._left({key: (uses - 1, spent) for key, (uses, spent) in used.items()})
        if reached:
            raise UserError(
                self.env._("%(benefit)s: %(reason)s", benefit=benefit.name, reason=benefit._reason(reached))
            )

    # ------------------------------------------------------------ card numbers that are guessed

    def _too_many_numbers(self, user):
        """Whether so many wrong numbers were typed in this hour that no card is looked up any more.

        :param user: who types them: ``res.users``, or the ``co.marketing.outlet.key`` of a till
        """
        used = self.env["public.form.attempt"]._counted(COUNTER, self._number_limits(user))
        return any(attempts >= most for attempts, most in used)

    def _count_wrong_number(self, user):
        """Count a number that is no good card here, and tell who looks after the agreement when they become many."""
        attempts = self.env["public.form.attempt"]
        before = self._too_many_numbers(user)
        attempts._count_up(COUNTER, self._number_limits(user))
        if not before and self._too_many_numbers(user):
            self._report_numbers(user)

    def _number_limits(self, user):
        return {
            f"{user._name} {user.id} outlet {self.id}": WRONG_NUMBERS,
            f"outlet {self.id}": WRONG_AT_OUTLET,
        }

    def _report_numbers(self, user):
        """A task for who looks after an agreement of this outlet."""
        # sudo: a cashier's page reports what he does; nothing is handed out.
        agreement = self.sudo().agreement_ids.filtered(lambda one: one.state in ("accepted", "running"))[:1]
        if agreement:
            agreement.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._("Card numbers tried at %s", self.sudo().name),  # sudo: as above
                note=self.env._(
                    "%(user)s typed so many wrong card numbers within an hour that no more cards are looked up until the next"
                    " hour. Ask the partner what happened.",
                    user=user.sudo().name,  # sudo: as above
                ),
                user_id=agreement.user_id.id,
            )
