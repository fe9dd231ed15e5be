from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    """The segments of a customer, and customers by segment.

    Searching shows the contacts that the reader may read, of segments that he may read; that they match a rule is what
    its owner has chosen to share.
    """

    _inherit = "res.partner"

    customer_segment_ids = fields.Many2many(
        "customer.segment",
        string="Segments",
        compute="_compute_customer_segment_ids",
        search="_search_customer_segment_ids",
        groups="crm_analytics.group_analytics_user",
        help="Segments in which the customer is now; a contact of a company is in those of his company.",
    )
    came_to_segment_ids = fields.Many2many(
        "customer.segment",
        string="Came to Segments",
        store=False,
        search="_search_came_to_segment_ids",
        groups="crm_analytics.group_analytics_user",
        help="Only to search by: who would come to a segment if it were refreshed now.",
    )
    left_segment_ids = fields.Many2many(
        "customer.segment",
        string="Left Segments",
        store=False,
        search="_search_left_segment_ids",
        groups="crm_analytics.group_analytics_user",
        help="Only to search by: who would leave a segment if it were refreshed now.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_customer_segment_ids(self):
        segments = self.env["customer.segment"].search([])  # pylint: disable=no-search-all  # there are few
        found = segments._segments_of(self._origin)
        for partner in self:
            its = found.get(partner._origin.id, ())
            partner.customer_segment_ids = segments.browse(id_ for id_ in segments.ids if id_ in its)

    @api.model
    def _search_customer_segment_ids(self, operator, value):
        return self._search_by_segment("customer_segment_ids", operator, value, lambda one: one._members_sql())

    @api.model
    def _search_came_to_segment_ids(self, operator, value):
        return self._search_by_segment("came_to_segment_ids", operator, value, lambda one: one._came_sql())

    @api.model
    def _search_left_segment_ids(self, operator, value):
        return self._search_by_segment("left_segment_ids", operator, value, lambda one: one._left_sql())

    @api.model
    def _search_by_segment(self, name, operator, value, question):
        """:param question: function of a segment that gives SQL selecting ids of contacts
        :raises UserError: when the rule of one of the segments cannot be asked
        """
        # The ORM asks for the right to a field where it is read, not where a search method is called.
        self._check_field_access(self._fields[name], "read")
        if operator not in ("in", "any", "any!"):
            return NotImplemented
        segments = self.env["customer.segment"].with_context(active_test=False)
        nowhere = operator == "in" and False in value
        if nowhere:
            segments = segments.search([])  # pylint: disable=no-search-all  # there are few
        elif operator == "in":
            segments = segments.search([("id", "in", list(value))])
        else:
            segments = segments.search(
                Domain(value, internal=True) if isinstance(value, Domain) else [("id", "in", value)]
            )
        if not segments:
            return Domain.TRUE if nowhere else Domain.FALSE
        found = SQL(" UNION ").join(SQL("(%s)", question(segment)) for segment in segments)
        return Domain("id", "not in" if nowhere else "in", SQL("(%s)", found))

    def unlink(self):
        self.env["customer.segment.member"]._forget(self)
        return super().unlink()
