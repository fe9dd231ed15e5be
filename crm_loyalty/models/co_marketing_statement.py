from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# While an empty statement is taken away again. An object on purpose: a remote caller can send any context, but not this.
EMPTY, TAKEN_AWAY = "co_marketing_empty_statement", object()

# What may change after a statement was posted: nothing that was settled. The contact, because merging contacts goes on
# working; the chatter's attachment.
STILL = ("confirmed_by_id", "message_main_attachment_id", "write_uid", "write_date")

IMMUTABLE = SQL(
    """
    CREATE OR REPLACE FUNCTION co_marketing_statement_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.state <> 'posted'
           OR TG_OP = 'UPDATE' AND to_jsonb(OLD) - %(still)s::text[] = to_jsonb(NEW) - %(still)s::text[] THEN
            RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
        END IF;
        RAISE EXCEPTION 'A statement that was posted is never changed or deleted' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    still=list(STILL),
)


class CoMarketingStatement(models.Model):
    """What is settled between a partner and us for a period: each redemption once, and what was agreed beside it.

    Amounts are in the agreement's currency. A positive one is paid by the partner, a negative one by us; ``total`` is the
    sum of the lines that count, so both sides are netted to one figure. Each line was rounded when it was made, as the
    currency says; sums are never rounded anew.

    draft → sent → confirmed → posted; from then on it is fixed, by the database itself. Made by :meth:`_settle` of the
    agreement only; nobody writes it by hand.
    """

    _name = "co.marketing.statement"
    _description = "Statement of a Co-Marketing Agreement"
    _inherit = ["mail.thread"]
    _mail_post_access = "read"
    _order = "date_to desc, id desc"

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="/")
    agreement_id = fields.Many2one("co.marketing.agreement", required=True, readonly=True, ondelete="restrict")
    partner_id = fields.Many2one(related="agreement_id.partner_id", string="Partner Company")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="Until", required=True, readonly=True)
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "Sent"), ("confirmed", "Confirmed"), ("posted", "Posted")],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many("co.marketing.statement.line", "statement_id", string="Lines", readonly=True)
    line_count = fields.Integer(string="Lines That Count", readonly=True)
    disputed_count = fields.Integer(string="Disputed", readonly=True)
    owed_by_us = fields.Monetary(string="We Pay", readonly=True, help="Our side, before the two are netted.")
    owed_by_partner = fields.Monetary(
        string="The Partner Pays", readonly=True, help="The partner's side, before the two are netted."
    )
    total = fields.Monetary(
        readonly=True, tracking=True, help="Netted. Above 0: the partner pays us. Below 0: we pay the partner."
    )
    confirmed_by_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", ondelete="restrict")
    confirmed_on = fields.Datetime(readonly=True)
    move_id = fields.Many2one(
        "account.move", string="Invoice or Bill", readonly=True, index="btree_not_null", ondelete="restrict", copy=False
    )
    prepaid_text = fields.Text(string="Prepaid Budgets", compute="_compute_prepaid_text", compute_sudo=True)

    # A period of an agreement is settled once, whoever begins it; serves the statements of an agreement, too.
    _period_unique = models.UniqueIndex(
        "(agreement_id, date_from)", "This period was settled a moment ago. Open the statements of the agreement."
    )
    _period_order = models.Constraint("CHECK (date_to >= date_from)", "A statement ends on its first day or later.")

    def init(self):
        """The database refuses to change or delete what was posted, whoever asks."""
        self.env.cr.execute(IMMUTABLE)
        self.env.cr.execute(
            SQL(
                """
                DROP TRIGGER IF EXISTS co_marketing_statement_immutable ON co_marketing_statement;
                CREATE TRIGGER co_marketing_statement_immutable BEFORE UPDATE OR DELETE ON co_marketing_statement
                    FOR EACH ROW EXECUTE FUNCTION co_marketing_statement_immutable()
                """
            )
        )

    def write(self, vals):
        if set(vals) - set(STILL):
            self._check_not_posted()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Only ``_settle`` takes an empty one away again."""
        if self.env.context.get(EMPTY) is not TAKEN_AWAY or self.line_ids:
            raise UserError(self.env._("A statement is never deleted. Strike the lines that are wrong, with a reason."))

    def _check_not_posted(self):
        """:raises UserError: when one of these statements was posted"""
        for statement in self:
            if statement.state == "posted":
                raise UserError(
                    self.env._(
                        "Statement %s was posted: it is never changed. What was wrong is voided, and credited in the next.",
                        statement.name,
                    )
                )

    # ------------------------------------------------------------ sums

    def _total_up(self):
        """Sum the lines that count, by side. One query for any number of statements."""
        self.env["co.marketing.statement.line"].flush_model()
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                """UPDATE co_marketing_statement statement
                      SET line_count = sums.counted, disputed_count = sums.disputed, owed_by_us = - sums.us,
                          owed_by_partner = sums.partner, total = sums.us + sums.partner
                     FROM (SELECT id,
                                  (SELECT count(*) FROM co_marketing_statement_line line
                                    WHERE line.statement_id = one.id AND state = 'disputed') AS disputed,
                                  counted, us, partner
                             FROM co_marketing_statement one,
                                  LATERAL (SELECT count(*) AS counted,
                                                  COALESCE(sum(amount) FILTER (WHERE payer = 'us'), 0) AS us,
                                                  COALESCE(sum(amount) FILTER (WHERE payer = 'partner'), 0) AS partner
                                             FROM co_marketing_statement_line line
                                            WHERE line.statement_id = one.id AND state = 'open') AS sides
                            WHERE id = ANY(%s)) AS sums
                    WHERE sums.id = statement.id RETURNING statement.id""",
                self.ids,
            )
        )
        self.invalidate_recordset(["line_count", "disputed_count", "owed_by_us", "owed_by_partner", "total"])

    def _total_text(self):
        """Who pays whom, in words."""
        self.ensure_one()
        # sudo: the two names stand on the statement, which is the reader's.
        partner, us = self.sudo().partner_id.commercial_partner_id.name, self.sudo().company_id.name
        amount = self.currency_id.format(abs(self.total))
        if self.currency_id.is_zero(self.total):
            return self.env._("Nothing is to be paid")
        payer, payee = (partner, us) if self.total > 0 else (us, partner)
        return self.env._("%(payer)s pays %(payee)s %(amount)s", payer=payer, payee=payee, amount=amount)

    def _prepaid_rows(self):
        """What is left of prepaid budgets at the end of each statement. One query for any number of them.

        :return: ``{statement id: [(benefit id, paid so far, used so far)]}``, above 0 both
        """
        self.env["co.marketing.statement.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT one.id, line.counted_benefit_id,
                          COALESCE(sum(abs(line.amount)) FILTER (WHERE line.kind = 'prepaid'), 0), sum(line.consumed)
                     FROM co_marketing_statement one
                     JOIN co_marketing_statement other
                       ON other.agreement_id = one.agreement_id AND other.date_from <= one.date_from
                     JOIN co_marketing_statement_line line ON line.statement_id = other.id AND line.state = 'open'
                    WHERE one.id = ANY(%s) AND line.settlement_kind = 'prepaid' GROUP BY 1, 2 ORDER BY 1, 2""",
                self.ids,
            )
        )
        found = {}
        for statement_id, *row in rows:
            found.setdefault(statement_id, []).append(tuple(row))
        return found

    def _compute_prepaid_text(self):
        rows = self._prepaid_rows() if self.ids else {}
        benefits = self.env["co.marketing.benefit"].browse(
            {row[0] for benefit_rows in rows.values() for row in benefit_rows}
        )
        names = {benefit.id: benefit.name for benefit in benefits}
        for statement in self:
            money = statement.currency_id.format
            statement.prepaid_text = "\n".join(
                self.env._(
                    "%(benefit)s: %(paid)s paid beforehand, %(used)s used, %(left)s left",
                    benefit=names[benefit],
                    paid=money(float(paid)),
                    used=money(float(used)),
                    left=money(float(paid - used)),
                )
                for benefit, paid, used in rows.get(statement.id, ())
            )


class CoMarketingAgreement(models.Model):
    _inherit = "co.marketing.agreement"

    settlement_period = fields.Selection(
        [("month", "Every month"), ("quarter", "Every quarter")],
        string="Settled",
        required=True,
        default="month",
        help="Statements are drafted when the month or quarter is over.",
    )
    shared_cost_paid_by = fields.Selection(
        [("us", "We paid them: the partner pays his share"), ("partner", "The partner paid them: we pay our share")],
        string="Who Paid the Shared Costs",
        help="The next statement has the other's share, once. Empty: shared costs are settled elsewhere.",
    )
    settled_until = fields.Date(readonly=True, copy=False, help="All days until this one were settled.")
    statement_count = fields.Integer(string="Statements", compute="_compute_statement_count")

    def _compute_statement_count(self):
        counts = dict(
            self.env["co.marketing.statement"]._read_group(
                [("agreement_id", "in", self.ids)], ["agreement_id"], ["__count"]
            )
        )
        for agreement in self:
            agreement.statement_count = counts.get(agreement, 0)

    def action_open_statements(self):
        """The statements of this agreement."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_loyalty.co_marketing_statement_action")
        return {**action, "domain": [("agreement_id", "=", self.id)], "context": {}}
