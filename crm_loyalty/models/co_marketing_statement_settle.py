from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.crm_contact_history.patience import patiently
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.date_utils import get_quarter

from .co_marketing_statement import EMPTY, TAKEN_AWAY

# Agreements that were accepted once have something to settle, also when they have ended.
SETTLED_STATES = ("accepted", "running", "suspended", "ended")


class CoMarketingAgreement(models.Model):
    """Makes the statements: by the monthly job and by button, each period once."""

    _inherit = "co.marketing.agreement"

    @api.model
    def _cron_make_statements(self):
        """A draft for each period that is over. One commit for each: a killed run goes on where it stopped."""
        everything = self.with_context(active_test=False)
        # The day of a company may be ahead of UTC; each agreement is judged by its own.
        tomorrow = fields.Date.today() + timedelta(days=1)
        month = tomorrow.replace(day=1)
        due = Domain("settled_until", "=", False) | Domain("settled_until", "<", month - timedelta(days=1))
        due &= Domain("state", "in", SETTLED_STATES) & Domain("date_start", "<", month)
        last_id = 0
        while agreement := everything.search(due & Domain("id", ">", last_id), limit=1, order="id"):
            while date_to := agreement._next_period_end():
                patiently(self.env, lambda agreement=agreement, date_to=date_to: agreement._settle(date_to))
                if not self.env["ir.cron"]._commit_progress(1):
                    return
            last_id = agreement.id

    def _next_period_end(self):
        """The last day of the next period that is over and not settled; None when there is none."""
        self.ensure_one()
        begin = self._settles_from()
        end = self._period_end(begin)
        return end if end < self._today() else None

    def _settles_from(self):
        self.ensure_one()
        return self.settled_until + timedelta(days=1) if self.settled_until else self.date_start

    def _period_end(self, day):
        if self.settlement_period == "quarter":
            return get_quarter(day)[1]
        return fields.Date.end_of(day, "month")

    def action_make_statement(self):
        """A draft of all until today, without waiting for the end of the period.

        :return: the action that opens it
        :raises UserError: when nothing is to be settled
        """
        self.ensure_one()
        self._check_manager()
        self._check_state(*SETTLED_STATES)
        statement = self._settle(self._today())
        if not statement:
            raise UserError(
                self.env._(
                    "Nothing is to be settled with %(partner)s: all until %(day)s is in a statement, and what happens today"
                    " comes in the next.",
                    partner=self.display_name,
                    day=fields.Date.to_string(self.settled_until or self._today()),
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "co.marketing.statement",
            "res_id": statement.id,
            "views": [[False, "form"]],
        }

    def _settle(self, date_to):
        """Draft the statement from where the last one ended until ``date_to``. What was settled is not settled again.

        In it come: redemptions until that day that are in none, also late ones; credits for redemptions that were voided
        after their statement was posted; lines that were put off; and what is fixed. Queries: the same for one redemption
        and for many. For server code: who may is the caller's to check.

        :param date_to: the last day; no earlier than the day after the last statement
        :return: the statement, as superuser; an empty record when there is nothing to settle
        """
        self.ensure_one()
        # sudo: the caller has checked who may; nobody has the right to write statements.
        agreement = self.sudo()
        agreement._hold_for_settling()
        statements = agreement.env["co.marketing.statement"]
        begin = agreement._settles_from()
        if begin > date_to:
            return statements
        statement = statements.create(
            {
                "agreement_id": agreement.id,
                "company_id": agreement.company_id.id,
                "currency_id": agreement.currency_id.id,
                "date_from": begin,
                "date_to": date_to,
            }
        )
        statement._collect_redemptions()
        statement._collect_postponed()
        agreement.env["co.marketing.statement.line"].create(statement._fixed_lines())
        statement.line_ids.invalidate_recordset()
        statement.invalidate_recordset(["line_ids"])
        agreement.settled_until = date_to
        statement._total_up()
        if not statement.line_count:
            statement.with_context(**{EMPTY: TAKEN_AWAY}).unlink()
            return statements
        statement.name = agreement.env["ir.sequence"].next_by_code("co.marketing.statement") or "/"
        return statement

    def _hold_for_settling(self):
        """One makes statements of an agreement at a time; a second one is made to repeat, and then sees the first."""
        self.env.flush_all()
        self.env.execute_query(SQL("SELECT id FROM co_marketing_agreement WHERE id = %s FOR NO KEY UPDATE", self.id))
        self.invalidate_recordset(["settled_until"])

    # ------------------------------------------------------------ what was agreed, and when

    def _last_day_in_force(self):
        """The last day of the agreement, as far as it is known; None when it goes on."""
        self.ensure_one()
        ends = self.state == "ended" or self.renewal == "ends" or self.notice_given_on
        return self.date_end if ends and self.date_end else None

    def _version_on(self, day):
        """The terms that held at the end of a day; before the first acceptance those accepted first."""
        self.ensure_one()
        accepted = self.version_ids.filtered("signed_on").sorted(lambda one: (one.signed_on, one.number))
        zone = self.with_context(tz=self.company_id.partner_id.tz or "UTC")
        held = accepted.filtered(lambda one: fields.Datetime.context_timestamp(zone, one.signed_on).date() <= day)
        return held[-1:] or accepted[:1]


class CoMarketingStatement(models.Model):
    """What comes into a statement."""

    _inherit = "co.marketing.statement"

    def _collect_redemptions(self):
        """Redemptions, and credits of those voided too late: one statement of SQL, which marks what it takes.

        The mark is written on the redemption's own row, so that voiding it at the same time makes one of the two repeat.
        """
        self.ensure_one()
        self.env.flush_all()
        query = SQL(
            """WITH taken AS (
                   UPDATE co_marketing_redemption SET is_settled = TRUE
                    WHERE agreement_id = %(agreement)s AND state = 'done' AND is_settled IS NOT TRUE
                      AND happened_on <= %(until)s
                RETURNING *
               ), due AS (
                   SELECT 'redemption' AS kind, happened_on, id AS redemption_id, benefit_id, counted_benefit_id, outlet_id,
                          COALESCE(settlement_kind, 'none') AS settlement_kind, COALESCE(settlement_payer, 'us') AS payer,
                          amount AS bill,
                          CASE WHEN settlement_kind = 'prepaid' THEN 0 WHEN settlement_payer = 'partner'
                               THEN settlement_amount ELSE - settlement_amount END AS amount,
                          CASE WHEN settlement_kind = 'prepaid' THEN settlement_amount ELSE 0 END AS consumed
                     FROM taken
                    UNION ALL
                   SELECT 'credit', line.happened_on, line.redemption_id, line.benefit_id, line.counted_benefit_id,
                          line.outlet_id, line.settlement_kind, line.payer, - line.bill, - line.amount, - line.consumed
                     FROM co_marketing_redemption redemption
                     JOIN co_marketing_statement_line line
                       ON line.redemption_id = redemption.id AND line.kind = 'redemption' AND line.state = 'open'
                     JOIN co_marketing_statement posted ON posted.id = line.statement_id AND posted.state = 'posted'
                    WHERE redemption.agreement_id = %(agreement)s AND redemption.state = 'voided' AND redemption.is_settled
                      AND NOT EXISTS (SELECT FROM co_marketing_statement_line credit
                                       WHERE credit.redemption_id = redemption.id AND credit.kind = 'credit')
               )
               INSERT INTO co_marketing_statement_line
                      (statement_id, agreement_id, company_id, currency_id, state, create_uid, write_uid, create_date,
                       write_date, kind, happened_on, redemption_id, benefit_id, counted_benefit_id, outlet_id,
                       settlement_kind, payer, bill, amount, consumed)
               SELECT %(statement)s, %(agreement)s, %(company)s, %(currency)s, 'open', %(user)s, %(user)s,
                      now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC', due.*
                 FROM due ORDER BY happened_on, redemption_id RETURNING id""",
            agreement=self.agreement_id.id,
            until=self.date_to,
            statement=self.id,
            company=self.company_id.id,
            currency=self.currency_id.id,
            user=self.env.uid,
        )
        self.env.execute_query(query)

    def _collect_postponed(self):
        """What was put off comes in now, and counts again."""
        waiting = self.env["co.marketing.statement.line"].search(
            [("agreement_id", "=", self.agreement_id.id), ("statement_id", "=", False), ("state", "=", "postponed")]
        )
        waiting.write({"statement_id": self.id, "state": "open"})

    def _fixed_lines(self):
        """What is agreed beside redemptions: values of lines that were in no statement yet."""
        self.ensure_one()
        lines = self.env["co.marketing.statement.line"].search_fetch(
            [("agreement_id", "=", self.agreement_id.id), ("redemption_id", "=", False)],
            ["kind", "counted_benefit_id", "happened_on"],
        )
        return [*self._monthly_lines(lines), *self._prepaid_lines(lines), *self._shared_cost_lines(lines)]

    def _fixed_line(self, kind, day, payer, amount, benefit=None):
        amount = self.currency_id.round(amount)
        return {
            "statement_id": self.id,
            "agreement_id": self.agreement_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "kind": kind,
            "state": "open",
            "happened_on": day,
            "benefit_id": benefit.id if benefit else False,
            "counted_benefit_id": benefit._counted().id if benefit else False,
            "settlement_kind": benefit.settlement_kind if benefit else False,
            "payer": payer,
            "amount": amount if payer == "partner" else -amount,
        }

    def _monthly_lines(self, lines):
        """The amount of each month that has begun until the end of the period, whole, under the terms at its end."""
        agreement = self.agreement_id
        end = min(filter(None, [self.date_to, agreement._last_day_in_force()]))
        charged = {(line.counted_benefit_id, line.happened_on) for line in lines if line.kind == "monthly"}
        month = agreement.date_start.replace(day=1)
        while month <= end:
            terms = agreement._version_on(min(fields.Date.end_of(month, "month"), end))
            for benefit in terms.benefit_ids:
                due = benefit.settlement_kind == "monthly" and benefit.settlement_figure
                if due and (benefit._counted(), month) not in charged:
                    yield self._fixed_line(
                        "monthly", month, benefit.settlement_payer, benefit.settlement_figure, benefit
                    )
            month = fields.Date.add(month, months=1)

    def _prepaid_lines(self, lines):
        """A prepaid budget, in the first statement of the benefit. It is paid again only by :meth:`action_renew_budget`."""
        charged = {line.counted_benefit_id for line in lines if line.kind == "prepaid"}
        return [
            self._prepaid_line(benefit) for benefit in self._prepaid_benefits() if benefit._counted() not in charged
        ]

    def _prepaid_benefits(self):
        benefits = self.agreement_id._version_on(self.date_to).benefit_ids
        return benefits.filtered(lambda one: one.settlement_kind == "prepaid" and one.settlement_figure)

    def _prepaid_line(self, benefit):
        return self._fixed_line("prepaid", self.date_from, benefit.settlement_payer, benefit.settlement_figure, benefit)

    def _shared_cost_lines(self, lines):
        """The share of who has not paid the common costs: once for an agreement, and only when that was agreed."""
        agreement = self.agreement_id
        if not agreement.shared_cost_paid_by or any(line.kind == "shared" for line in lines):
            return []
        ours = agreement.shared_cost_percent
        payer, percent = ("partner", 100 - ours) if agreement.shared_cost_paid_by == "us" else ("us", ours)
        amount = agreement.shared_cost * percent / 100
        return [self._fixed_line("shared", agreement.date_start, payer, amount)] if amount else []
