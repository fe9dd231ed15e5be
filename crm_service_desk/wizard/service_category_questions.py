from odoo import fields, models


class ServiceCategoryQuestions(models.TransientModel):
    """The questions of a category, as core's editor of properties shows them: it works on a record that has answers,
    so this one has a set that nobody keeps. What is changed in it is the category's definition."""

    _name = "service.category.questions"
    _description = "Questions of a Ticket Category"

    category_id = fields.Many2one("service.category", required=True, readonly=True, ondelete="cascade")
    properties = fields.Properties("Questions", definition="category_id.ticket_properties_definition")

    def action_done(self):
        """What was changed is saved with the form; go back to the category."""
        return {"type": "ir.actions.act_window_close"}
