from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class ServiceRegisterWizard(models.TransientModel):
    """Which complaints the printed register is of."""

    _name = "service.register.wizard"
    _description = "Print the Complaint Register"
    _inherit = "service.period"

    date_from = fields.Date(string="From", required=True, default=lambda self: self._last_month()[0])
    date_to = fields.Date(string="To", required=True, default=lambda self: self._last_month()[1])
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    team_ids = fields.Many2many("service.team", string="Teams", help="Leave empty for all teams that you may see.")

    @api.model
    def _last_month(self):
        """The first and last day of the last whole month."""
        first = fields.Date.context_today(self).replace(day=1) - relativedelta(months=1)
        return first, first + relativedelta(months=1, days=-1)

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        for wizard in self:
            if wizard.date_from > wizard.date_to:
                raise ValidationError(self.env._("The period ends before it begins. Choose a later last day."))

    def _domain(self):
        """The complaints, for the register's lines and for tickets alike."""
        return (
            Domain("type", "=", "complaint")
            & self._of_companies(self.company_id, self.team_ids)
            & self._within("date_received", self.date_from, self.date_to)
        )

    def action_print(self):
        """The register as a PDF."""
        self.ensure_one()
        return self.env.ref("crm_service_desk.report_complaint_register_action").report_action(self)

    def action_show(self):
        """The same complaints as a list."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_service_desk.service_register_action")
        return {**action, "domain": list(self._domain()), "context": {}, "target": "current"}
