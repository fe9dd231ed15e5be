from odoo import api, fields, models


class ServiceCategory(models.Model):
    """What a ticket is about: a tree, such as Product / Coffee / Taste."""

    _name = "service.category"
    _description = "Ticket Category"
    _parent_store = True
    _parent_name = "parent_id"
    _rec_name = "complete_name"
    _order = "complete_name, id"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(string="Full Name", compute="_compute_complete_name", recursive=True, store=True)
    parent_id = fields.Many2one(
        "service.category", string="Part of", index=True, ondelete="restrict", check_company=True
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("service.category", "parent_id", string="Parts")
    company_id = fields.Many2one("res.company", index="btree_not_null", help="Leave empty to share with all companies.")
    active = fields.Boolean(default=True)
    ticket_properties_definition = fields.PropertiesDefinition(
        "Questions", help="What is asked of who files a ticket of this category, and kept with the ticket."
    )

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for category in self:
            above = category.parent_id.complete_name
            category.complete_name = f"{above} / {category.name}" if above else category.name

    @api.model_create_multi
    def create(self, vals_list):
        """A new part begins with the questions of the category it is a part of."""
        above = self.browse({vals["parent_id"] for vals in vals_list if vals.get("parent_id")})
        # sudo: the definition only; whether the parent may be chosen is checked by create
        questions = {category.id: category.ticket_properties_definition for category in above.sudo()}
        for vals in vals_list:
            if vals.get("parent_id") and not vals.get("ticket_properties_definition"):
                vals["ticket_properties_definition"] = questions[vals["parent_id"]]
        return super().create(vals_list)

    def action_edit_questions(self):
        """The questions of the category, to add, change, order and remove."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Questions of “%s”", self.complete_name),
            "res_model": "service.category.questions",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_category_id": self.id},
        }
