from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceTeamSkill(models.Model):
    """What a member of a team takes, when tickets are handed out. A member without such a record takes everything."""

    _name = "service.team.skill"
    _description = "What a Team Member Takes"
    _rec_name = "user_id"
    _order = "team_id, id"

    team_id = fields.Many2one("service.team", required=True, index=True, ondelete="cascade")
    user_id = fields.Many2one(
        "res.users", string="Member", required=True, index=True, ondelete="cascade", domain="[('share', '=', False)]"
    )
    category_ids = fields.Many2many(
        "service.category", string="Categories", help="With all that is part of them. Empty: every category."
    )
    lang_ids = fields.Many2many("res.lang", string="Languages", help="Of the customer. Empty: every language.")
    max_open = fields.Integer(
        string="Open Tickets at Most", help="Counted over all teams. 0: as many as there are.", default=0
    )

    _member_uidx = models.UniqueIndex("(team_id, user_id)", "What this member takes is already written down.")

    @api.constrains("max_open")
    def _check_max_open(self):
        for skill in self:
            if skill.max_open < 0:
                raise ValidationError(
                    self.env._(
                        "%s: the number of open tickets cannot be negative. Enter 0 for any number.",
                        skill.user_id.name,
                    )
                )
