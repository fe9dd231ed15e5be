from odoo import models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    def unlink(self):
        """Figures never keep a team from being deleted: its orders have no team then, and are counted so."""
        self.env["customer.purchase"]._forget_column("team_id", self.ids)
        return super().unlink()
