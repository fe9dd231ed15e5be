from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

LONGEST_DAYS = 36500


class ResPartner(models.Model):
    """Customers without contact for some time, those included with whom nobody ever was in touch.

    Internal notes do not count, nor does what stands in other companies or in documents that the reader may not read. Who
    was never contacted is without contact since he was entered: who came yesterday was not forgotten for 90 days.
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
        help="Since the last contact that you may read of; where there is none, since the customer was entered.",
    )
    contacted = fields.Selection(
        [("before", "Contacted before"), ("never", "Never contacted")],
        string="Contact So Far",
        compute="_compute_last_contact",
        search="_search_contacted",
        groups="crm_contact_history.group_front_desk",
        help="Never contacted: there is no contact with this customer or any of his contacts that you may read of.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_last_contact(self):
        self._flush_customers()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id, e.happened_at, CASE WHEN e.happened_at IS NULL AND %s THEN p.create_date END
                  FROM res_partner p
             LEFT JOIN LATERAL (SELECT e.happened_at FROM contact_history_entry e
                                 WHERE e.commercial_partner_id = p.id AND %s
                                 ORDER BY e.happened_at DESC, e.id DESC LIMIT 1) e ON TRUE
                 WHERE p.id = ANY(%s)
                """,
                self._is_customer("p"),
                self._counts_as_contact(),
                self.commercial_partner_id.ids,
            )
        )
        known = {partner_id: (last, entered) for partner_id, last, entered in rows}
        now = fields.Datetime.now()
        for partner in self:
            last, entered = known.get(partner.commercial_partner_id.id, (None, None))
            since = last or entered
            partner.last_contact = last
            # What is known by its day alone stands at noon: that of today may lie ahead.
            partner.days_without_contact = max(0, (now - since).days) if since else 0
            partner.contacted = "before" if last else "never" if entered else False

    def _flush_customers(self):
        """What the statements here read of a contact."""
        self.flush_model(["commercial_partner_id", "partner_share", "customer_rank", "supplier_rank"])

    def _is_customer(self, alias):
        """SQL condition on a contact: who never was in touch with us is a customer all the same.

        A customer himself, none of his contacts; not one of us, and not one who only sells to us.
        """
        return SQL(
            """
            %(p)s.commercial_partner_id = %(p)s.id AND %(p)s.partner_share
            AND (COALESCE(%(p)s.supplier_rank, 0) = 0 OR %(p)s.customer_rank > 0)
            AND NOT EXISTS (SELECT 1 FROM res_company c WHERE c.partner_id = %(p)s.id)
            """,
            p=SQL.identifier(alias),
        )

    def _counts_as_contact(self):
        """Condition on ``contact_history_entry e``."""
        return SQL(
            "e.direction IS DISTINCT FROM 'internal' AND (e.company_id IS NULL OR e.company_id = ANY(%s)) AND %s",
            self.env.companies.ids,
            self.env["contact.history.entry"]._counts_for_reader("e"),
        )

    def _has_contact(self, alias, since=None):
        """SQL condition on a contact: somebody was in touch with him, after a moment where one is given.

        Index: ``_commercial_partner_idx`` of contact.history.entry. The first contact that counts is enough: EXISTS would
        let PostgreSQL go through the whole history at once instead, for a page of 80 customers, too.
        """
        return SQL(
            "(SELECT TRUE FROM contact_history_entry e WHERE e.commercial_partner_id = %s AND %s AND %s LIMIT 1) IS TRUE",
            SQL.identifier(alias, "id"),
            SQL("e.happened_at > %s", since) if since else SQL("TRUE"),
            self._counts_as_contact(),
        )

    @api.model
    def _search_days_without_contact(self, operator, value):
        """Customers (not their contacts) without contact in the last so many days.

        ">= 90" finds those without contact for 90 days, "< 90" those with one, and those entered since.
        """
        # The ORM asks for the right to a field where it is read, not where it is searched by.
        self._check_field_access(self._fields["days_without_contact"], "read")
        if operator not in (">=", ">", "<", "<="):
            raise UserError(self.env._("Ask for at least, or for fewer than, so many days without contact."))
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= LONGEST_DAYS:
            raise UserError(self.env._("Days without contact are a number between 0 and %s.", LONGEST_DAYS))
        days = int(value) + (operator in (">", "<="))
        since = fields.Datetime.now() - timedelta(days=days)
        is_quiet = operator in (">=", ">")
        self._flush_customers()

        # A condition on the contact that is searched, no list of ids: PostgreSQL would make the whole list where it is one
        # of several conditions.
        def to_sql(_model, alias, _query):
            recent, ever = self._has_contact(alias, since), self._has_contact(alias)
            entered, customer = SQL.identifier(alias, "create_date"), self._is_customer(alias)
            if is_quiet:
                return SQL("(NOT %s AND (%s <= %s AND %s OR %s))", recent, entered, since, customer, ever)
            return SQL("(%s OR %s > %s AND %s AND NOT %s)", recent, entered, since, customer, ever)

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _search_contacted(self, operator, value):
        """Customers (not their contacts) by whether anybody was in touch with them."""
        self._check_field_access(self._fields["contacted"], "read")
        if operator != "in":
            return NotImplemented
        self._flush_customers()
        before = Domain.custom(to_sql=lambda _model, alias, _query: self._has_contact(alias))
        never = Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "(%s AND NOT %s)", self._is_customer(alias), self._has_contact(alias)
            )
        )
        sides = {"before": before, "never": never, False: ~(before | never)}
        return Domain.OR(sides[one] for one in value if one in sides)

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
