from odoo import api, fields, models
from odoo.tools import SQL

from .service_stage import DONE_CATEGORIES

# Subjects as alike as this, by their groups of three letters, may be about the same.
ALIKE = 0.35
SHOWN = 5


class ServiceTicket(models.Model):
    """That the same customer has told us the same already: offered to the agent and to the customer, never merged by
    itself."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    duplicate_ids = fields.Many2many(
        "service.ticket",
        string="Told Already?",
        compute="_compute_duplicate_ids",
        groups="crm_service_desk.group_service_user",
        help="Open tickets of the same customer with a subject alike, or about the same order or thing.",
    )

    # The open tickets of a customer: few rows, however many years there are.
    _open_account_idx = models.Index("(commercial_partner_id) WHERE stage_category NOT IN ('resolved', 'closed')")

    @api.depends("name", "partner_id", "company_id", "sale_order_id", "asset_id", "stage_category", "merged_into_id")
    def _compute_duplicate_ids(self):
        asking = self.filtered(lambda ticket: ticket._may_have_duplicates())
        found = self._duplicates_of([ticket._duplicate_key() for ticket in asking])
        # Only what the person may read is offered to him.
        seen = set(self.search([("id", "in", [one for ids in found for one in ids])]).ids) if found else set()
        self.duplicate_ids = False
        for ticket, ids in zip(asking, found, strict=True):
            ticket.duplicate_ids = [one for one in ids if one in seen]

    def _may_have_duplicates(self):
        return self.partner_id and self.stage_category not in DONE_CATEGORIES and not self.merged_into_id

    def _duplicate_key(self):
        """What a duplicate is looked for by; see :meth:`_duplicates_of`."""
        ticket = self._origin
        relatives = ticket.parent_id | ticket.child_ids | ticket.origin_id | ticket.follow_up_ids
        return {
            "account": self.commercial_partner_id.id or self.partner_id._origin.id,
            "company": self.company_id.id,
            "subject": self.name or "",
            "order": self.sale_order_id.id,
            "asset": self.asset_id.id,
            "not": [*ticket.ids, *relatives.ids],
        }

    @api.model
    def _duplicates_of(self, keys):
        """Open tickets that are likely about the same, the most alike first, whoever may read them. One query.

        :param keys: list of dict with ``account``, ``company``, ``subject``, ``order``, ``asset`` (ids, or a false value)
            and ``not``, a list of ids that are left out
        :return: list of lists of ids, in the order of ``keys``
        """
        found = [[] for _key in keys]
        if not keys:
            return found
        self.flush_model(
            [
                "name",
                "commercial_partner_id",
                "company_id",
                "sale_order_id",
                "asset_id",
                "stage_category",
                "merged_into_id",
            ]
        )
        wanted = SQL(", ").join(
            SQL(
                "(%s, %s::int, %s::int, %s::text, %s::int, %s::int, %s::int[])",
                place,
                key["account"] or None,
                key["company"] or None,
                key["subject"],
                key["order"] or None,
                key["asset"] or None,
                key["not"],
            )
            for place, key in enumerate(keys)
        )
        likeness = (
            SQL("similarity(other.name, wanted.subject)")
            if self.env.registry.has_trigram
            else SQL("(lower(other.name) = lower(wanted.subject))::int")
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT wanted.place, found.id
                  FROM (VALUES %(wanted)s) wanted (place, account, company, subject, "order", asset, "not")
                 CROSS JOIN LATERAL (
                       SELECT other.id
                         FROM service_ticket other
                        WHERE other.commercial_partner_id = wanted.account
                          AND other.stage_category NOT IN ('resolved', 'closed')
                          AND other.company_id = wanted.company
                          AND other.merged_into_id IS NULL
                          AND other.id <> ALL(wanted."not")
                          AND (   other.sale_order_id = wanted."order"
                               OR other.asset_id = wanted.asset
                               OR %(likeness)s >= %(alike)s)
                     ORDER BY %(likeness)s DESC, other.id DESC
                        LIMIT %(shown)s) found
                """,
                wanted=wanted,
                likeness=likeness,
                alike=ALIKE,
                shown=SHOWN,
            )
        )
        for place, ticket_id in rows:
            found[place].append(ticket_id)
        return found

    @api.model
    def _told_already(self, subject, order_id=False, asset_id=False):
        """Open tickets of the reader's own account that are likely about what he is about to tell.

        :return: tickets, as superuser
        """
        user = self.env.user
        if not self.has_access("read") or user._is_public():
            return self.sudo().browse()  # sudo: an empty record
        key = {
            "account": user.partner_id.commercial_partner_id.id,
            "company": user.company_id.id,
            "subject": subject or "",
            "order": order_id,
            "asset": asset_id,
            "not": [],
        }
        [ids] = self._duplicates_of([key])
        # sudo: found under the reader's own rights; names of stages are not for customers to read
        return self.search([("id", "in", ids)]).sorted(lambda ticket: ids.index(ticket.id)).sudo()

    def action_open_ticket(self):
        """This ticket, from a line of another one."""
        self.ensure_one()
        return self.get_formview_action()

    def action_merge_duplicate(self):
        """Ask whether this line and the ticket on which it stands (context ``ticket_id``) become one."""
        self.ensure_one()
        return (self | self.browse(self.env.context.get("ticket_id") or [])).action_merge()
