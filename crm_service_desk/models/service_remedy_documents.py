from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date, format_datetime, formatLang


class ServiceRemedy(models.Model):
    """What a remedy consists of, kind by kind: how it is given, withdrawn and told.

    These methods run with the rights of who offered it (:meth:`_as_offerer`). Documents of accounting, sales and the calendar are his
    to make or not; coupons and points are the team's to give (:meth:`.service.ticket._check_gift`).
    """

    _inherit = "service.remedy"  # pylint: disable=consider-merging-classes-inherited

    # Given -----------------------------------------------------------------------------------------

    def _give(self):
        """Give what can be given by the word alone.

        :raises UserError: when it cannot
        """
        give = {"coupon": self._give_coupon, "points": self._give_points}.get(self.kind)
        if give:
            give()

    def _reason_in_ledger(self):
        # sudo: number of the ticket that _offer_remedy has checked; who offered it may have lost it since
        return self.env._("Remedy for %s", self.sudo().ticket_id.number)

    def _give_coupon(self):
        # sudo: _check_gift has checked that the team may give coupons of this program
        remedy = self.sudo()
        wizard = remedy.env["loyalty.generate.wizard"].create(
            {
                "program_id": remedy.program_id.id,
                "mode": "selected",
                "customer_ids": remedy.partner_id.ids,
                "points_granted": remedy.points,
                "valid_until": remedy.valid_until,
                "description": self._reason_in_ledger(),
            }
        )
        remedy.card_id = wizard.generate_coupons()[:1]

    def _give_points(self):
        # sudo: as in _give_coupon. Core's own dialog writes the points' history, and whoever keeps a ledger hooks into it.
        remedy = self.sudo()
        card = remedy.partner_id._card_of(remedy.program_id)
        if not card:
            raise UserError(self.env._("The customer has no card of “%s” any more.", remedy.program_id.name))
        card.lock_for_update(allow_referencing=True)
        remedy.env["loyalty.card.update.balance"].create(
            {
                "card_id": card.id,
                "new_balance": card.points + remedy.points,
                "description": self._reason_in_ledger(),
            }
        ).action_update_card_point()
        remedy.card_id = card

    def _make_event(self):
        """The meeting with the customer, in the calendar of who offered it."""
        # sudo: _offer_remedy has checked the right to change the ticket; the event itself is made with the person's rights
        remedy = self.sudo()
        ticket = remedy.ticket_id
        event = self.env["calendar.event"].create(
            {
                "name": remedy.display_name,
                "start": remedy.date_start,
                "stop": remedy.date_start + timedelta(hours=remedy.hours),
                "user_id": self.env.uid,
                "partner_ids": (remedy.partner_id | self.env.user.partner_id).ids,
                "res_model_id": self.env["ir.model"]._get_id("service.ticket"),
                "res_id": ticket.id,
            }
        )
        remedy.event_id = event

    # Withdrawn -------------------------------------------------------------------------------------

    def _withdraw(self):
        """Cancel the drafts that were made for it. What the person has no right to becomes the leader's task."""
        # sudo: to look what there is, and to tell the leader, after action_cancel, the approver's check or the controller's;
        # the drafts are cancelled with the rights of who offered it
        remedy = self.sudo()
        try:
            with self.env.cr.savepoint():
                if remedy.move_id.state == "draft":
                    self.move_id.button_cancel()
                if remedy.sale_order_id.state in ("draft", "sent"):
                    self.sale_order_id.action_cancel()
                if remedy.event_id.active:
                    self.event_id.action_archive()
        except UserError as error:
            remedy._tell_leader(self.env._("Withdraw by hand: %s", remedy.display_name), str(error))

    # Told ------------------------------------------------------------------------------------------

    def _customer_words(self):
        """What the customer gets, in a line; in the language of the context."""
        self.ensure_one()
        # sudo: what is offered to the customer is told to the customer
        words = getattr(self.sudo(), f"_words_of_{self.kind}", None)
        return words() if words else ""

    def _words_of_coupon(self):
        if not self.valid_until:
            return self.env._("Coupon “%s”.", self.program_id.name)
        until = format_date(self.env, self.valid_until)
        return self.env._("Coupon “%(program)s”, valid until %(day)s.", program=self.program_id.name, day=until)

    def _words_of_points(self):
        number = formatLang(self.env, self.points, digits=0 if self.points.is_integer() else 2)
        points = f"{number} {self.program_id.portal_point_name or ''}".strip()
        return self.env._("%(points)s on your card “%(program)s”.", points=points, program=self.program_id.name)

    def _words_of_credit_note(self):
        return self.env._(
            "Credit note of %s.", format_amount(self.env, self.move_id.amount_total, self.move_id.currency_id)
        )

    def _words_of_replacement(self):
        order = self.sale_order_id
        goods = ", ".join(f"{line.product_uom_qty:g} × {line.product_id.name}" for line in order.order_line)
        if order.currency_id.is_zero(order.amount_total):
            return self.env._("Replacement free of charge: %s.", goods)
        price = format_amount(self.env, order.amount_total, order.currency_id)
        return self.env._("Replacement: %(goods)s. You pay %(price)s.", goods=goods, price=price)

    def _words_of_repair(self):
        return self.env._("Repair, agreed for %s.", self._day_for_customer())

    def _words_of_visit(self):
        return self.env._("Our visit on %s.", self._day_for_customer())

    def _day_for_customer(self):
        zone = self.partner_id.tz or self.company_id.partner_id.tz or self.user_id.tz
        return format_datetime(self.env, self.date_start, tz=zone, dt_format="short")
