import logging

from odoo import api, fields, models
from odoo.addons.crm_contact_history.patience import patiently
from odoo.exceptions import UserError
from odoo.tools import SQL
from psycopg2 import errors

_logger = logging.getLogger(__name__)

AUTOMATIC_BATCH = 200


class LoyaltyClub(models.Model):
    """Clubs in which one becomes a member by buying enough."""

    _inherit = "loyalty.club"

    automatic_after = fields.Selection(
        [("order", "The first confirmed order"), ("amount", "An amount of confirmed orders")],
        string="Member After",
        required=True,
        default="order",
        tracking=True,
    )
    automatic_amount = fields.Monetary(
        string="Amount of Orders",
        tracking=True,
        help="So much all confirmed orders of a customer come to, with taxes, in the currency of the club's company.",
    )
    automatic_since = fields.Date(
        string="Orders Since",
        default=fields.Date.context_today,
        tracking=True,
        help="Only orders from this day on count. Empty: all orders.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    refusal_ids = fields.One2many("loyalty.club.refusal", "club_id", string="Never Automatically")

    _automatic_amount_positive = models.Constraint(
        "CHECK (enrolment != 'automatic' OR automatic_after != 'amount' OR automatic_amount > 0)",
        "Enter the amount of orders from which customers become members.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for club in self:
            club.currency_id = (club.company_id or self.env.company).currency_id

    # ------------------------------------------------------------ who is to join

    def _buyers_to_enrol(self, partners=None):
        """Who has bought enough to be a member of this club and is none.

        Not who is a member, has left the club or was refused; of one whose membership was over, only orders after its
        end count. One statement, however many there are.

        :param partners: ``res.partner`` records to look at; all when not given
        :return: list of ids of ``res.partner``, in order
        """
        self.ensure_one()
        for model in ("sale.order", "res.partner", "loyalty.membership", "loyalty.club.refusal"):
            self.env[model].flush_model()
        member = SQL("commercial_partner_id") if self.member_level == "commercial" else SQL("id")
        companies = self.env["res.company"].search([("id", "child_of", self.company_id.ids)] if self.company_id else [])
        rates = [
            (company.id, company.currency_id._get_conversion_rate(company.currency_id, self.currency_id, company))
            for company in companies
        ]
        query = SQL(
            """
            WITH rates (company_id, rate) AS (VALUES %(rates)s),
            past AS (
                SELECT partner_id, bool_or(has_left OR state != 'ended') AS is_out, max(ended_on) AS over_on
                  FROM loyalty_membership WHERE club_id = %(club)s GROUP BY partner_id
            )
            SELECT partner.%(member)s
              FROM sale_order
              JOIN res_partner partner ON partner.id = sale_order.partner_id
              JOIN res_partner member ON member.id = partner.%(member)s AND member.active
              JOIN rates ON rates.company_id = sale_order.company_id
         LEFT JOIN past ON past.partner_id = member.id
             WHERE sale_order.state = 'sale' AND %(these)s AND %(since)s
               AND past.is_out IS NOT TRUE
               AND (past.over_on IS NULL OR %(day)s >= past.over_on)
               AND NOT EXISTS (SELECT 1 FROM loyalty_club_refusal refusal
                                WHERE refusal.club_id = %(club)s AND refusal.partner_id = member.id)
               AND NOT EXISTS (SELECT 1 FROM res_users users JOIN res_groups_users_rel rel ON rel.uid = users.id
                                WHERE users.partner_id = member.id AND rel.gid = %(public)s)
          GROUP BY 1
            HAVING SUM(sale_order.amount_total / COALESCE(NULLIF(sale_order.currency_rate, 0), 1) * rates.rate)
                   >= %(amount)s
          ORDER BY 1
            """,
            rates=SQL(", ").join(SQL("(%s, %s::numeric)", *rate) for rate in rates),
            club=self.id,
            member=member,
            these=SQL("partner.%s = ANY(%s)", member, self._members(partners).ids) if partners else SQL("TRUE"),
            since=SQL("%s >= %s", self._day_of_order(), self.automatic_since) if self.automatic_since else SQL("TRUE"),
            day=self._day_of_order(),
            public=self.env.ref("base.group_public").id,
            amount=self.automatic_amount if self.automatic_after == "amount" else float("-inf"),
        )
        return [row[0] for row in self.env.execute_query(query)]

    def _day_of_order(self):
        """The day of an order, in the time zone of the club."""
        zone = (self.company_id or self.env.company).partner_id.tz or "UTC"
        return SQL("(sale_order.date_order AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", zone)

    # ------------------------------------------------------------ enrolling them

    def _enrol_buyers(self, partners):
        """Enrol those of ``partners`` who have bought enough by now, at once.

        What cannot be done is left to the nightly job: the order that brings it about is not held up.
        """
        for club in self:
            buyers = club._buyers_to_enrol(partners)
            if not buyers:
                continue
            try:
                with self.env.cr.savepoint():
                    club._enrol_automatically(buyers)
            except errors.UniqueViolation:
                continue  # a colleague or the nightly job has just enrolled him
            except UserError as error:
                _logger.warning("%s takes no automatic member: %s", club.name, error)

    def _enrol_automatically(self, partner_ids):
        reason = self.env._("Enough bought")
        return self._enrol(self.env["res.partner"].browse(partner_ids), reason=reason, way_in="automatic")

    @api.model
    def _cron_enrol_automatically(self):
        """Enrol who has bought enough, in batches; each is committed with all that follows from it.

        Who is to join is worked out once per club; each batch looks again whether that still holds, so that neither a
        killed run nor a colleague who is quicker makes anybody a member twice.
        """
        for club in self.search([("enrolment", "=", "automatic")]):
            buyers = club._buyers_to_enrol()
            for start in range(0, len(buyers), AUTOMATIC_BATCH):
                batch = buyers[start : start + AUTOMATIC_BATCH]
                try:
                    patiently(self.env, lambda club=club, batch=batch: club._enrol_batch(batch))
                except UserError as error:
                    self.env.cr.rollback()  # only this batch: the ones before are committed
                    _logger.warning("%s takes no automatic member: %s", club.name, error)
                    break
                if not self.env["ir.cron"]._commit_progress(len(batch), remaining=len(buyers) - start - len(batch)):
                    return

    def _enrol_batch(self, partner_ids):
        buyers = self._buyers_to_enrol(self.env["res.partner"].browse(partner_ids))
        if buyers:
            self._enrol_automatically(buyers)


class LoyaltyClubRefusal(models.Model):
    """Who is not to become a member by himself: he does not want to, or we do not want it."""

    _name = "loyalty.club.refusal"
    _description = "Customer Never Enrolled Automatically"
    _order = "id desc"

    club_id = fields.Many2one("loyalty.club", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="club_id.company_id", store=True)
    partner_id = fields.Many2one("res.partner", string="Customer", required=True, index=True, ondelete="restrict")
    reason = fields.Char()

    # Serves the question who is to join. Not unique: merged contacts keep the rows of both.
    _club_partner_idx = models.Index("(club_id, partner_id)")


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _anonymise_records(self):
        """That he is not to be enrolled stays; not why."""
        result = super()._anonymise_records()
        # sudo: called after _check_anonymise, by which only administrators come; clubs may be of any company.
        self.env["loyalty.club.refusal"].sudo().search([("partner_id", "in", self.ids)]).write({"reason": False})
        return result
