from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import SQL

SEGMENTS_GROUP = "crm_analytics.group_analytics_user"


def segments_field(relation, column, help):
    """For which segments something is: programs and rewards have it.

    What is for some customers must not become everybody's. Hence: a segment in use is not deleted (ondelete), and
    archiving it does not empty the field (active_test).

    :param relation: name of the table
    :param column: its column for the record that is restricted
    :param help: what empty means, above all
    """
    return fields.Many2many(
        "customer.segment",
        relation=relation,
        column1=column,
        column2="segment_id",
        string="Customers' Segments",
        ondelete="restrict",
        context={"active_test": False},
        groups=SEGMENTS_GROUP,
        help=help,
    )


class LoyaltyProgram(models.Model):
    """A program may be for customers of some segments only. Together with clubs and tiers, both must hold."""

    _inherit = "loyalty.program"

    segment_ids = segments_field(
        "loyalty_program_customer_segment_rel",
        "program_id",
        "Only customers of these segments may use the program. Empty: everybody. Not in the point of sale, which does "
        "not know segments.",
    )
    # Stored, so that orders ask for it without the right to segments.
    is_for_segments = fields.Boolean(compute="_compute_is_for_segments", compute_sudo=True, store=True)

    @api.depends("segment_ids")
    def _compute_is_for_segments(self):
        for program in self:
            program.is_for_segments = bool(program.segment_ids)

    @api.constrains("segment_ids", "company_id")
    def _check_segments_company(self):
        for program in self.sudo():  # sudo: who may write the program; only companies are compared
            companies = (program.segment_ids | program.reward_ids.segment_ids).company_id
            if companies - program.company_id:
                raise ValidationError(
                    self.env._(
                        "“%(program)s” is for a segment of %(companies)s: it must be a program of that company.",
                        program=program.name,
                        companies=", ".join(companies.mapped("name")),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(vals_list)
        if any({"segment_ids", "reward_ids"} & vals.keys() for vals in vals_list):
            programs._follow_segments()
        return programs

    def write(self, vals):
        result = super().write(vals)
        if {"segment_ids", "reward_ids", "pos_ok"} & vals.keys():
            self._follow_segments()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def _follow_segments(self):
        """The till knows no segments: what is for some customers only would be everybody's there."""
        self.env.registry.clear_cache()
        if "pos_ok" in self._fields:
            sudo = self.sudo()  # sudo: who may write the program; a consequence of what he wrote
            at_till = sudo.filtered(lambda one: one.pos_ok and (one.segment_ids or one.reward_ids.segment_ids))
            if at_till:
                at_till.pos_ok = False

    @api.model
    @tools.ormcache()
    def _segment_ids_in_use(self):
        """Ids of the segments that programs and rewards are for: orders ask it many times, and mostly there are none."""
        query = SQL(
            "SELECT segment_id FROM loyalty_program_customer_segment_rel"
            " UNION SELECT segment_id FROM loyalty_reward_customer_segment_rel"
        )
        self.env.flush_all()
        return tuple(segment_id for (segment_id,) in self.env.execute_query(query))
