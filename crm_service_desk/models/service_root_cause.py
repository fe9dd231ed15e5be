from odoo import api, fields, models


class ServiceRootCause(models.Model):
    """Why it happened: a tree, such as Machine / Seal worn out. What complaints come back for is counted by it."""

    _name = "service.root.cause"
    _description = "Root Cause"
    _parent_store = True
    _parent_name = "parent_id"
    _rec_name = "complete_name"
    _order = "complete_name, id"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(string="Full Name", compute="_compute_complete_name", recursive=True, store=True)
    parent_id = fields.Many2one(
        "service.root.cause", string="Part of", index=True, ondelete="restrict", check_company=True
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("service.root.cause", "parent_id", string="Parts")
    company_id = fields.Many2one("res.company", index="btree_not_null", help="Leave empty to share with all companies.")
    active = fields.Boolean(default=True)

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for cause in self:
            above = cause.parent_id.complete_name
            cause.complete_name = f"{above} / {cause.name}" if above else cause.name
