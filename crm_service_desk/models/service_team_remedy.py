from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceTeam(models.Model):
    """What a team may give its customers."""

    _inherit = "service.team"  # pylint: disable=consider-merging-classes-inherited

    remedy_limit = fields.Float(
        string="Remedies up to",
        digits=(16, 2),
        tracking=True,
        help="When the remedies of a ticket cost more together, in the currency of its company, or the cost of one is "
        "not known, it waits for the leader's approval. 0: no limit.",
    )
    remedy_program_ids = fields.Many2many(
        "loyalty.program",
        "service_team_remedy_program_rel",
        string="Coupons and Points to Give",
        domain=[("program_type", "in", ("coupons", "loyalty"))],
        help="The programs of which the team's people may give coupons or points as a remedy. That is all the right they "
        "need.",
    )

    @api.constrains("remedy_limit")
    def _check_remedy_limit(self):
        for team in self:
            if team.remedy_limit < 0:
                raise ValidationError(
                    self.env._("Team %s: the limit for remedies cannot be negative. Enter 0 for no limit.", team.name)
                )

    def _remedy_programs(self, kind, company):
        """The programs of which this team gives coupons (``kind`` "coupon") or points to customers of ``company``."""
        program_type = {"coupon": "coupons", "points": "loyalty"}.get(kind)
        # sudo: who works for the team may know what it gives
        return self.sudo().remedy_program_ids.filtered(
            lambda program: program.active
            and program.program_type == program_type
            and (not program.company_id or program.company_id in company.parent_ids)
        )

    def _needs_approval(self, user, cost, cost_unknown):
        """Whether a remedy of ``user`` waits for the leader: who may approve needs nobody else."""
        if not self.remedy_limit or self._may_approve(user):
            return False
        return cost_unknown or cost > self.remedy_limit

    def _may_approve(self, user):
        """The leader of the team, and service managers."""
        return user == self.user_id or user.has_group("crm_service_desk.group_service_manager")
