from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .service_stage import DONE_CATEGORIES


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
    child_count = fields.Integer(string="Number of Parts", compute="_compute_child_counts")
    open_child_count = fields.Integer(string="Open Parts", compute="_compute_child_counts")

    @api.depends("child_ids.stage_category")
    def _compute_child_counts(self):
        parts = Domain("parent_id", "in", self.ids)
        still_open = parts & Domain("stage_category", "not in", DONE_CATEGORIES)
        counts, opens = (
            dict(self._read_group(domain, ["parent_id"], ["__count"])) if self.ids else {}
            for domain in (parts, still_open)
        )
        for ticket in self:
            ticket.child_count, ticket.open_child_count = counts.get(ticket, 0), opens.get(ticket, 0)

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._(
                    "Ticket %s would become a part of itself. Choose a ticket that is none of its parts.",
                    self[:1].display_name,
                )
            )

    def write(self, vals):
        if "stage_id" not in vals:
            return super().write(vals)
        done = self.env["service.stage"].browse(vals["stage_id"]).category in DONE_CATEGORIES
        closing = self.filtered(lambda ticket: ticket.stage_category not in DONE_CATEGORIES) if done else self.browse()
        closing._check_children_done()
        result = super().write(vals)
        closing._tell_parents()
        return result

    def _with_open_children(self):
        """Those of the tickets that have a part which is not done, other than one of these tickets."""
        # sudo: a part that the person may not see keeps the whole open all the same
        return self.sudo()._open_children(self).parent_id.with_env(self.env)

    def _open_children(self, besides):
        if not self.ids:
            return self.browse()
        return self.search(
            Domain("parent_id", "in", self.ids)
            & Domain("stage_category", "not in", DONE_CATEGORIES)
            & Domain("id", "not in", besides.ids)
        )

    def _check_children_done(self):
        """:raise UserError: when one of the tickets has a part that is still open and is not among them"""
        # sudo: see _with_open_children
        still_open = self.sudo()._open_children(self)
        if parent := still_open.parent_id[:1]:
            raise UserError(
                self.env._(
                    "Ticket %(ticket)s cannot be closed while parts of it are open: %(parts)s. Close them first, or "
                    "take them out of it.",
                    ticket=parent.number,
                    parts=", ".join(still_open.filtered(lambda child: child.parent_id == parent).mapped("number")),
                )
            )

    def _tell_parents(self):
        """Note on the wholes that parts of them are done."""
        # sudo: the note on the whole is the desk's own; who closes a part may not see the whole
        bodies = {}
        for parent, children in self.sudo().filtered("parent_id").grouped("parent_id").items():
            bodies[parent.id] = self.env._("Done: part %s", ", ".join(children.mapped("number")))
        self.sudo().parent_id._message_log_batch(bodies=bodies)

    def _log_link(self, words, other):
        """Note on the ticket some words, and a link to another ticket."""
        self._message_log(body=Markup("%s %s") % (words, other._number_links()))

    def _number_links(self):
        """Links to the tickets for a note, by their numbers only: a subject may be personal, and has to be forgotten
        when its customer is."""
        return Markup(", ").join(ticket._get_html_link(title=ticket.number) for ticket in self)
