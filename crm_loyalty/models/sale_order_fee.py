from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from psycopg2 import errors


class SaleOrder(models.Model):
    """An order that is confirmed or paid may make its customer a member, or renew his membership."""

    _inherit = "sale.order"

    def action_confirm(self):
        result = super().action_confirm()
        self._follow_clubs()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self._give_fees_back()
        return result

    def _follow_clubs(self):
        """Enrol and renew what confirmed orders have bought or brought about. Repeating it changes nothing.

        No query more for orders by which nobody joins.
        """
        # sudo: whoever may confirm or pay the order brings about what it was made for; the products on it, and the
        # amounts, are what is looked at.
        orders = self.sudo().filtered(lambda order: order.state == "sale" and order.partner_id)
        if not orders:
            return
        if clubs := orders._clubs_joined_by():
            orders.order_line._take_fees(clubs.filtered(lambda club: club.enrolment == "paid"))
            clubs.filtered(lambda club: club.enrolment == "automatic")._enrol_buyers(orders.partner_id)

    def _clubs_joined_by(self):
        """The clubs that these orders may bring their customers into."""
        clubs = self.env["loyalty.club"]
        if not (ways := clubs._ways_in_by_order()):
            return clubs
        products, companies = self.order_line.product_id.ids, self.company_id.parent_ids.ids
        return clubs.browse(
            club
            for club, fee_product, company in ways
            if (fee_product in products if fee_product else not company or company in companies)
        )

    def _follow_credit_notes(self):
        """A credit note of the fee takes the period back; one that is reset to draft gives it again."""
        result = super()._follow_credit_notes()
        self._give_fees_back()
        self._follow_clubs()
        return result

    def _give_fees_back(self):
        """Take back the periods that these orders have given, where they are cancelled or their fee is credited.

        One query for orders that have given none.
        """
        # sudo: the right to cancel or credit was checked by the caller; what was given is taken back whoever does it.
        fees = self.env["loyalty.membership.fee"].sudo()
        for fee in fees.search([("order_line_id.order_id", "in", self.ids), ("cancelled_on", "=", False)]):
            if reason := fee._why_void():
                fee.cancelled_on = fee.club_id._today()
                fee.membership_id._take_back(fee.date_from, fee.date_until, reason)


class LoyaltyMembershipFee(models.Model):
    _inherit = "loyalty.membership.fee"

    def _why_void(self):
        """Why the period is to be taken back, for the log; None: it is not."""
        self.ensure_one()
        line = self.order_line_id
        if line.state == "cancel":
            return self.env._("Order %s was cancelled", line.order_id.name)
        if line._is_credited():
            return self.env._("The fee of order %s was credited", line.order_id.name)
        return None


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        added = lines.filtered(lambda line: line.state == "sale" and line.product_id and not line.is_downpayment)
        if added:  # to an order confirmed before
            added.order_id._follow_clubs()
        return lines

    def _take_fees(self, clubs):
        """Give the members what these lines of confirmed orders have bought, where it is due.

        What cannot be given is noted on the order, which is not held up: it may be a payment that has come in.

        :param clubs: ``loyalty.club`` records that are bought
        """
        lines = self.filtered(lambda line: line.product_id in clubs.fee_product_id and line.product_uom_qty > 0)
        if not lines:
            return
        taken = {
            (fee.order_line_id, fee.club_id)
            for fee in self.env["loyalty.membership.fee"].search(
                [("order_line_id", "in", lines.ids), ("cancelled_on", "=", False)]
            )
        }
        for line in lines:
            for club in clubs.filtered(lambda club, line=line: line._buys(club)):
                if (line, club) in taken or line._is_credited():
                    continue
                if club.fee_start == "confirmed" or line._is_fee_paid():
                    line._take_fee_or_note(club)

    def _buys(self, club):
        return self.product_id == club.fee_product_id and club.company_id.id in (
            False,
            *self.order_id.company_id.parent_ids.ids,
        )

    def _is_fee_paid(self):
        """Whether this line is paid: with the order at the counter or in the portal, or by its invoices."""
        self.ensure_one()
        order = self.order_id
        if order._is_paid():
            return True
        invoices = self.invoice_lines.move_id.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        )
        return (
            bool(invoices)
            and self.qty_invoiced >= self.product_uom_qty
            and all(move.payment_state in ("paid", "in_payment") for move in invoices)
        )

    def _is_credited(self):
        """Whether posted credit notes give back the whole price of this line; a part of it is only a discount."""
        self.ensure_one()
        notes = self.invoice_lines.filtered(
            lambda line: line.move_id.move_type == "out_refund" and line.parent_state == "posted"
        )
        credited = sum(
            line.currency_id._convert(line.price_subtotal, self.currency_id, self.company_id, line.date)
            for line in notes
        )
        return bool(notes) and self.currency_id.compare_amounts(credited, self.price_subtotal) >= 0

    def _take_fee_or_note(self, club):
        try:
            with self.env.cr.savepoint():
                self._take_fee(club)
        except errors.UniqueViolation as error:
            # A colleague has just enrolled the customer: the whole is done again, and then renews that membership.
            raise ConcurrencyError(str(error)) from error
        except UserError as error:
            note = self.env._(
                "%(product)s has been sold, but %(club)s does not take it: %(reason)s Settle it with the customer, and"
                " enrol or renew by hand.",
                product=self.product_id.display_name,
                club=club.name,
                reason=error,
            )
            self.order_id.message_post(body=note)
            self.order_id.activity_schedule(
                "mail.mail_activity_data_todo", summary=self.env._("Membership sold, not given"), note=note
            )

    def _take_fee(self, club):
        """Enrol the customer, or renew his membership, for what this line has bought."""
        member = club._members(self.order_id.partner_id)
        reason = self.env._("Order %s", self.order_id.name)
        periods = max(int(self.product_uom_qty), 1)
        Membership = self.env["loyalty.membership"]
        membership = Membership.search(
            [("club_id", "=", club.id), ("partner_id", "=", member.id), ("state", "!=", "ended")]
        )
        membership._follow_dates()  # one whose last day is over has ended, even when tonight's job has yet to say so
        if membership and membership.state != "ended":
            first, last = membership._renew(reason, periods)[membership]
        else:
            membership.flush_recordset()  # the unique index must see that it has ended
            membership = club._enrol(member, reason=reason, way_in="fee")
            first, last = membership.date_start, membership.date_end
            if last and periods > 1:
                _second, last = membership._renew(reason, periods - 1)[membership]
        self.env["loyalty.membership.fee"].create(
            {"membership_id": membership.id, "order_line_id": self.id, "date_from": first, "date_until": last}
        )


class AccountMove(models.Model):
    """A membership that begins when paid begins with the payment of its invoice."""

    _inherit = "account.move"

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        # sudo: an accountant need not see orders; what follows from the payment does not depend on him.
        self.sudo().invoice_line_ids.sale_line_ids.order_id._follow_clubs()
        return result
