from odoo import models
from odoo.tools import SQL


class ResUsers(models.Model):
    """What a foreign key would do for ``contact.history.entry.user_id``; scanning it as that would, for there are few."""

    _inherit = "res.users"

    def unlink(self):
        ids = self.ids
        result = super().unlink()
        self.env.cr.execute(SQL("UPDATE contact_history_entry SET user_id = NULL WHERE user_id = ANY(%s)", ids))
        self.env["contact.history.entry"].invalidate_model(flush=False)
        return result


class ResCompany(models.Model):
    """What a foreign key would do for ``contact.history.entry.company_id``."""

    _inherit = "res.company"

    def unlink(self):
        ids = self.ids
        result = super().unlink()
        self.env.cr.execute(SQL("DELETE FROM contact_history_entry WHERE company_id = ANY(%s)", ids))
        self.env["contact.history.entry"].invalidate_model(flush=False)
        return result
