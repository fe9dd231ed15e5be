from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

REASON_LENGTH = 200
READABLE = ("sent", "confirmed", "posted")  # by the partner


class CoMarketingStatement(models.Model):
    """From the draft to the books: each step is one method, which says what it needs."""

    _inherit = "co.marketing.statement"

    def _check_manager(self):
        self.check_access("read")
        self.env["loyalty.club"]._check_manager(self.env._("Only a club manager settles with partners."))

    def _check_state(self, *allowed):
        """:raises UserError: when one of these statements is in none of the states"""
        states = dict(self._fields["state"]._description_selection(self.env))
        for statement in self:
            if statement.state not in allowed:
                raise UserError(
                    self.env._(
                        "Statement %(number)s is “%(state)s”: this is for statements that are “%(allowed)s”.",
                        number=statement.name,
                        state=states[statement.state],
                        allowed="”, “".join(states[state] for state in allowed),
                    )
                )

    def _hold(self):
        """One works on a statement at a time. Who comes second is made to repeat, and then sees what the first has done.

        :return: the statements as superuser: who may take the step is checked by who calls this
        """
        self.env.flush_all()
        query = "SELECT id FROM co_marketing_statement WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
        self.env.execute_query(SQL(query, self.ids))
        self.invalidate_recordset()
        # sudo: nobody has the right to write statements; see above.
        return self.sudo()

    # ------------------------------------------------------------ to the partner and back

    def action_send(self):
        """Show it to the partner in the portal, and write to his contacts."""
        self._check_manager()
        for statement in self._hold():
            statement._check_state("draft")
            statement.state = "sent"
            agreement = statement.agreement_id
            url = f"{statement.get_base_url()}/my/partner/statements/{statement.id}"
            body = statement.env._(
                "%(company)s sends you statement %(number)s. %(total)s. Look through it, and confirm it or dispute single"
                " lines here: %(url)s",
                company=statement.company_id.name,
                number=statement.name,
                total=statement._total_text(),
                url=url,
            )
            statement.message_post(
                body=body,
                partner_ids=agreement.contact_ids.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

    def action_confirm(self):
        """The partner has confirmed it by other ways than the portal."""
        self._check_manager()
        for statement in self:
            statement._confirm(self.env.user.partner_id)

    def _confirm(self, contact):
        """What is not disputed is right. For server code: who may is the caller's to check.

        :param contact: ``res.partner`` who confirms
        :raises UserError: unless it was sent
        """
        statement = self._hold()
        statement._check_state("sent")
        statement.write({"state": "confirmed", "confirmed_by_id": contact.id, "confirmed_on": fields.Datetime.now()})
        statement.message_post(
            body=self.env._("Confirmed: %s", statement._total_text()),
            author_id=contact.id,
            subtype_xmlid="mail.mt_note",
        )

    def action_renew_budget(self):
        """Have prepaid budgets paid again, with this statement: as both have agreed."""
        self._check_manager()
        for statement in self._hold():
            statement._check_state("draft")
            charged = statement.line_ids.filtered(lambda line: line.kind == "prepaid").counted_benefit_id
            benefits = statement._prepaid_benefits().filtered(
                lambda one, charged=charged: one._counted() not in charged
            )
            if not benefits:
                raise UserError(
                    self.env._("Statement %s has no prepaid budget that could be paid again.", statement.name)
                )
            statement.env["co.marketing.statement.line"].create(
                [statement._prepaid_line(benefit) for benefit in benefits]
            )
            statement._total_up()

    # ------------------------------------------------------------ into the books

    def action_post(self):
        """Post it as invoice, vendor bill or credit note. What is disputed still waits for the next statement."""
        self._check_manager()
        for statement in self._hold():
            statement._check_state("confirmed")
            statement.line_ids.filtered(lambda line: line.state == "disputed")._put_off()
            statement._total_up()
            move = statement._make_move()
            statement.write({"state": "posted", "move_id": move.id})
            statement.flush_recordset()

    def _move_type(self):
        """Invoice or bill, by who pays. A refund, when somebody pays only because credits outweigh what was his to get.

        :return: ``move_type`` of ``account.move``; None when nothing is to be paid
        """
        self.ensure_one()
        if self.currency_id.is_zero(self.total):
            return None
        if self.total > 0:
            return "out_invoice" if self.owed_by_partner > 0 else "in_refund"
        return "in_invoice" if self.owed_by_us > 0 else "out_refund"

    def _make_move(self):
        """The document in accounting, posted: one line for each benefit and kind. None is made where nothing is paid.

        Journal, accounts and taxes are core's defaults; the statement's total is the sum before taxes.
        """
        self.ensure_one()
        moves = self.env["account.move"]
        move_type = self._move_type()
        if not move_type:
            return moves
        sign = 1 if move_type in ("out_invoice", "in_refund") else -1
        move = moves.with_company(self.company_id).create(
            {
                "move_type": move_type,
                "partner_id": self.partner_id.commercial_partner_id.id,
                "currency_id": self.currency_id.id,
                "invoice_date": self.agreement_id._today(),
                "ref": self.name,
                "invoice_origin": self.name,
                "invoice_line_ids": [
                    (0, 0, {"name": name, "quantity": 1, "price_unit": sign * amount})
                    for name, amount in self._move_lines()
                ],
            }
        )
        billed = sum(move.invoice_line_ids.mapped("price_unit"))
        if self.currency_id.compare_amounts(billed, abs(self.total)):
            raise UserError(
                self.env._(
                    "Statement %(number)s is %(total)s, but prices are stored with too few decimals for %(currency)s. Raise"
                    " the decimal accuracy “Product Price”.",
                    number=self.name,
                    total=self.currency_id.format(abs(self.total)),
                    currency=self.currency_id.name,
                )
            )
        move.action_post()
        return move

    def _move_lines(self):
        """(description, amount) for each benefit and kind: above 0 the partner pays."""
        kinds = dict(self.line_ids._fields["kind"]._description_selection(self.env))
        groups = self.env["co.marketing.statement.line"]._read_group(
            [("statement_id", "=", self.id), ("state", "=", "open")],
            ["benefit_id", "kind", "payer"],
            ["__count", "amount:sum"],
            order="benefit_id, kind",
        )
        for benefit, kind, _payer, count, amount in groups:
            if self.currency_id.is_zero(amount):
                continue
            what = " · ".join(filter(None, [benefit.name, kinds[kind]]))
            number = self.env._("%(what)s: %(count)s", what=what, count=count)
            yield f"{number} ({self.date_from} – {self.date_to})", self.currency_id.round(amount)

    def action_open_move(self):
        """The invoice, bill or credit note."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [[False, "form"]],
        }


class CoMarketingStatementLine(models.Model):
    """Lines that are not agreed: disputed by the partner, then put off or struck by us. The rest goes on."""

    _inherit = "co.marketing.statement.line"

    def _checked_reason(self, reason):
        """:raises UserError: unless there is a reason, of a line or two"""
        reason = reason.strip() if isinstance(reason, str) else ""
        if not reason or len(reason) > REASON_LENGTH or "\x00" in reason:
            raise UserError(self.env._("Write in %s characters at most why.", REASON_LENGTH))
        return reason

    def _check_line_state(self, *allowed):
        states = dict(self._fields["state"]._description_selection(self.env))
        for line in self:
            if line.state not in allowed:
                raise UserError(
                    self.env._("%(line)s: “%(state)s”. Reload the page.", line=line._label(), state=states[line.state])
                )

    def _dispute(self, reason, contact):
        """The partner does not agree to a line: it counts no more until it is settled otherwise.

        For server code: who may is the caller's to check.

        :raises UserError: without a reason, or when the statement is not open for it
        """
        self.ensure_one()
        reason = self._checked_reason(reason)
        statement = self.statement_id._hold()
        statement._check_state("sent")
        line = self.sudo()  # sudo: as _hold says
        line._check_line_state("open")
        line.write({"state": "disputed", "dispute_reason": reason, "disputed_by_id": contact.id})
        statement._total_up()
        statement.message_post(
            body=self.env._("%(line)s disputed: %(reason)s", line=line._label(), reason=reason),
            author_id=contact.id,
            subtype_xmlid="mail.mt_note",
        )

    def action_put_off(self):
        """Take disputed lines out of this statement, into the next."""
        self.statement_id._check_manager()
        statements = self.statement_id._hold()
        statements._check_state("draft", "sent", "confirmed")
        self._check_line_state("disputed")
        self.sudo()._put_off()  # sudo: the right is checked above
        statements._total_up()

    def _put_off(self):
        self.write({"statement_id": False, "state": "postponed"})

    def _strike(self, reason):
        """Nobody pays this line, for good. In a draft any line is struck; later only what is disputed.

        :raises AccessError: unless the user manages clubs
        :raises UserError: without a reason, or when it is too late
        """
        self.ensure_one()
        self.statement_id._check_manager()
        reason = self._checked_reason(reason)
        statement = self.statement_id._hold()
        statement._check_state("draft", "sent", "confirmed")
        line = self.sudo()  # sudo: the right is checked above
        line._check_line_state(*(("open", "disputed") if statement.state == "draft" else ("disputed",)))
        line.write({"state": "struck", "strike_reason": reason})
        statement._total_up()

    def action_strike(self):
        """Ask for the reason, then strike."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Strike %s", self.display_name),
            "res_model": "co.marketing.strike",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_line_id": self.id},
        }
