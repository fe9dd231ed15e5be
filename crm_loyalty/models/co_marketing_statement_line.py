from odoo import api, fields, models
from odoo.tools import SQL

from .co_marketing_benefit import PAYERS, SETTLEMENTS

# As STILL of the statement; words about a line may also be emptied, when a contact is anonymised.
STILL = ("disputed_by_id", "dispute_reason", "strike_reason", "write_uid", "write_date")

IMMUTABLE = SQL(
    """
    CREATE OR REPLACE FUNCTION co_marketing_statement_line_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - %(still)s::text[] = to_jsonb(NEW) - %(still)s::text[]
           AND (NEW.dispute_reason IS NULL OR NEW.dispute_reason IS NOT DISTINCT FROM OLD.dispute_reason)
           AND (NEW.strike_reason IS NULL OR NEW.strike_reason IS NOT DISTINCT FROM OLD.strike_reason) THEN
            RETURN NEW;
        END IF;
        IF EXISTS (SELECT FROM co_marketing_statement WHERE state = 'posted'
                    AND id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.statement_id END,
                               CASE WHEN TG_OP <> 'DELETE' THEN NEW.statement_id END)) THEN
            RAISE EXCEPTION 'The lines of a statement that was posted are never changed'
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END $$
    """,
    still=list(STILL),
)


class CoMarketingStatementLine(models.Model):
    """One thing that is settled: a redemption, its credit when it was voided later, or something fixed.

    ``amount`` is above 0 where the partner pays and below 0 where we pay; only lines that are ``open`` count. A line
    that waits for the next statement is in none (``postponed``).
    """

    _name = "co.marketing.statement.line"
    _description = "Line of a Statement"
    _order = "happened_on, id"

    # Never taken away with its statement: only empty ones are.
    statement_id = fields.Many2one("co.marketing.statement", readonly=True, ondelete="restrict")
    agreement_id = fields.Many2one("co.marketing.agreement", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    kind = fields.Selection(
        [
            ("redemption", "Redemption"),
            ("credit", "Credit for a voided redemption"),
            ("monthly", "Amount for a month"),
            ("prepaid", "Budget paid beforehand"),
            ("shared", "Share of common costs"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("open", "Counts"),
            ("disputed", "Disputed"),
            ("postponed", "Waits for the next"),
            ("struck", "Struck"),
            ("voided", "Voided"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="postponed",
    )
    happened_on = fields.Date(string="Day", required=True, readonly=True)
    redemption_id = fields.Many2one("co.marketing.redemption", string="Receipt", readonly=True, ondelete="restrict")
    benefit_id = fields.Many2one("co.marketing.benefit", readonly=True, index="btree_not_null", ondelete="restrict")
    counted_benefit_id = fields.Many2one(
        "co.marketing.benefit", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    outlet_id = fields.Many2one("co.marketing.outlet", readonly=True, index="btree_not_null", ondelete="restrict")
    settlement_kind = fields.Selection(SETTLEMENTS, string="Settlement", readonly=True)
    payer = fields.Selection(PAYERS, string="Who Pays", required=True, readonly=True)
    bill = fields.Monetary(readonly=True)
    amount = fields.Monetary(
        required=True, readonly=True, help="Above 0: the partner pays us. Below 0: we pay the partner."
    )
    consumed = fields.Monetary(string="Out of the Budget", readonly=True, help="What it takes out of a prepaid budget.")
    dispute_reason = fields.Char(readonly=True)
    disputed_by_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", ondelete="restrict")
    strike_reason = fields.Char(readonly=True)

    # A redemption is settled once, and credited once.
    _redemption_unique = models.UniqueIndex(
        "(redemption_id, kind) WHERE redemption_id IS NOT NULL", "This receipt was settled already."
    )
    # So is what is fixed: for its month, its period, or once for an agreement.
    _fixed_unique = models.UniqueIndex(
        "(agreement_id, kind, COALESCE(counted_benefit_id, 0), happened_on) WHERE redemption_id IS NULL",
        "This was settled already.",
    )
    # Serves a statement's page and its sums.
    _statement_idx = models.Index("(statement_id, happened_on, id) WHERE statement_id IS NOT NULL")
    # Serves what waits for the next statement.
    _postponed_idx = models.Index("(agreement_id) WHERE statement_id IS NULL")
    _in_one_or_waiting = models.Constraint(
        "CHECK (statement_id IS NOT NULL OR state IN ('postponed', 'voided'))",
        "A line is in a statement, or waits for the next.",
    )

    def init(self):
        """As the statement: the database refuses to change what was posted."""
        self.env.cr.execute(IMMUTABLE)
        self.env.cr.execute(
            SQL(
                """
                DROP TRIGGER IF EXISTS co_marketing_statement_line_immutable ON co_marketing_statement_line;
                CREATE TRIGGER co_marketing_statement_line_immutable
                    BEFORE INSERT OR UPDATE OR DELETE ON co_marketing_statement_line
                    FOR EACH ROW EXECUTE FUNCTION co_marketing_statement_line_immutable()
                """
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        self.env["co.marketing.statement"].browse(
            {vals["statement_id"] for vals in vals_list if vals.get("statement_id")}
        )._check_not_posted()
        return super().create(vals_list)

    def write(self, vals):
        if set(vals) - set(STILL):
            self.statement_id._check_not_posted()
        self.env["co.marketing.statement"].browse(vals.get("statement_id") or [])._check_not_posted()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_not_posted(self):
        self.statement_id._check_not_posted()

    @api.depends("kind", "redemption_id", "benefit_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line._label()

    def _label(self):
        """What the line is, in words: benefit and receipt, or what is fixed."""
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        # sudo: names on a line that is the reader's.
        benefit, receipt = self.sudo().benefit_id.name, self.sudo().redemption_id.name
        what = [] if self.kind == "redemption" else [kinds[self.kind]]
        return " · ".join(filter(None, [*what, benefit, receipt]))
