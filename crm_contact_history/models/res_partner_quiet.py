from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

LONGEST_DAYS = 36500


class ResPartner(models.Model):
    """Customers without contact for some time.

    Internal notes do not count, nor does what stands in other companies or in documents that the reader may not read.
    """

    _inherit = "res.partner"

    last_contact = fields.Datetime(
        compute="_compute_last_contact",
        groups="crm_contact_history.group_front_desk",
        help="With this customer or any of his contacts, as far as you may read of it.",
    )
    days_without_contact = fields.Integer(
        compute="_compute_last_contact",
        search="_search_days_without_contact",
        groups="crm_contact_history.group_front_desk",
        aggregator=False,
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_last_contact(self):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.id, e.happened_at
                  FROM unnest(%s::int4[]) c(id),
                       LATERAL (SELECT e.happened_at FROM contact_history_entry e
                                 WHERE e.commercial_partner_id = c.id AND %s
                                 ORDER BY e.happened_at DESC, e.id DESC LIMIT 1) e
                """,
                self.commercial_partner_id.ids,
                self._counts_as_contact(),
            )
        )
        last = dict(rows)
        now = fields.Datetime.now()
        for partner in self:
            partner.last_contact = last.get(partner.commercial_partner_id.id)
            # What is known by its day alone stands at noon: that of today may lie ahead.
            partner.days_without_contact = max(0, (now - partner.last_contact).days) if partner.last_contact else 0

    def _counts_as_contact(self):
        """Condition on ``contact_history_entry e``."""
        return SQL(
            "e.direction IS DISTINCT FROM 'internal' AND (e.company_id IS NULL OR e.company_id = ANY(%s)) AND %s",
            self.env.companies.ids,
            self.env["contact.history.entry"]._counts_for_reader("e"),
        )

    @api.model
    def _search_days_without_contact(self, operator, value):
        """Customers (not their contacts) that were in contact with us, but not in the last so many days.

        ">= 90" finds those without contact for 90 days, "< 90" those with one.
        """
        # The ORM asks for the right to a field where it is read, not where it is searched by.
        self._check_field_access(self._fields["days_without_contact"], "read")
        if operator not in (">=", ">", "<", "<="):
            raise UserError(self.env._("Ask for at least, or for fewer than, so many days without contact."))
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= LONGEST_DAYS:
            raise UserError(self.env._("Days without contact are a number between 0 and %s.", LONGEST_DAYS))
        days = int(value) + (operator in (">", "<="))
        since = fields.Datetime.now() - timedelta(days=days)
        recent = SQL(
            "SELECT 1 FROM contact_history_entry e WHERE e.commercial_partner_id = p.id AND e.happened_at > %s AND %s",
            since,
            self._counts_as_contact(),
        )
        older = SQL(
            "SELECT 1 FROM contact_history_entry e WHERE e.commercial_partner_id = p.id AND e.happened_at <= %s AND %s",
            since,
            self._counts_as_contact(),
        )
        wanted = SQL("EXISTS (%s)", recent)
        if operator in (">=", ">"):
            wanted = SQL("NOT EXISTS (%s) AND EXISTS (%s)", recent, older)
        return Domain("id", "in", SQL("(SELECT p.id FROM res_partner p WHERE %s)", wanted))

    def action_plan_calls(self):
        """Plan a call with each of these customers."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan a call"),
            "res_model": "contact.plan.call",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_partner_ids": self.ids},
        }

    @api.model
    def _front_desk_buttons(self):
        buttons = super()._front_desk_buttons()
        if self.env["contact.tie.report"].has_access("read"):
            label = self.env._("Who knows him")
            buttons.append({"label": label, "icon": "fa-users", "method": "action_who_knows", "is_link": True})
        return buttons

    def action_who_knows(self):
        """Who of us had most contacts with this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_contact_history.contact_tie_report_action")
        return {
            **action,
            "display_name": self.env._("Who knows %s", self.commercial_partner_id.name or self.display_name),
            "path": False,
            "domain": [("commercial_partner_id", "=", self.commercial_partner_id.id)],
            "context": {},
        }
