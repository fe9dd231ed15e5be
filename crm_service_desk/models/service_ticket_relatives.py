from odoo import fields, models


class ServiceTicket(models.Model):
    """Tickets that belong to each other."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    parent_id = fields.Many2one(
        "service.ticket",
        string="Part of",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        check_company=True,
        help="The ticket that this one is a part of. It is done only when its parts are.",
    )
    child_ids = fields.One2many("service.ticket", "parent_id", string="Parts")
    merged_into_id = fields.Many2one(
        "service.ticket",
        string="Merged into",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
        check_company=True,
        help="The ticket in which the conversation goes on.",
    )
    merged_ids = fields.One2many("service.ticket", "merged_into_id", string="Merged Tickets")
    origin_id = fields.Many2one(
        "service.ticket",
        string="Follows",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
        check_company=True,
        help="The ticket from which this one was split, or which it takes up again.",
    )
    follow_up_ids = fields.One2many("service.ticket", "origin_id", string="Followed by")
    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        check_company=True,
        help="What came of it for sales.",
    )
