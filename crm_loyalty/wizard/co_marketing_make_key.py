from odoo import fields, models


class CoMarketingMakeKey(models.TransientModel):
    """Which till a new key is for. The key itself is shown on the next page, once, and stored nowhere."""

    _name = "co.marketing.make.key"
    _description = "Make a Key for a Partner's Till"

    outlet_id = fields.Many2one("co.marketing.outlet", required=True, readonly=True, ondelete="cascade")
    name = fields.Char(string="Till", required=True)
    expires_on = fields.Date(string="Good Until")

    def action_make(self):
        """Make it and show it.

        :raises AccessError: unless the user manages clubs
        """
        self.ensure_one()
        self.outlet_id.check_access("write")
        self.env["loyalty.club"]._check_manager(self.env._("Only a club manager makes keys."))
        _key, clear = self.env["co.marketing.outlet.key"]._make(self.outlet_id, self.name, self.expires_on)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The New Key"),
            "res_model": "co.marketing.show.key",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_clear": clear},
        }


class CoMarketingShowKey(models.AbstractModel):
    """Shows a key; no table keeps it, as with core's own keys."""

    _name = "co.marketing.show.key"
    _description = "Show the Key of a Partner's Till"

    # The web client asks for both when it opens the form.
    id = fields.Id()
    clear = fields.Char(string="Key", readonly=True)
