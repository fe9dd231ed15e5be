from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ..models.loyalty_greeting import REASONS

PREVIEW_DAYS = 30
PREVIEW_MOST = 500  # rows that are listed; the title tells of how many


class LoyaltyOccasionPreview(models.TransientModel):
    """Who would be greeted in the next days: one row each, made anew whenever somebody asks."""

    _name = "loyalty.occasion.preview"
    _description = "Who Will Be Greeted"
    _rec_name = "partner_id"
    _order = "send_on, id"

    occasion_id = fields.Many2one("loyalty.occasion", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="Customer", required=True, readonly=True, ondelete="cascade")
    send_on = fields.Date(string="Greeted On", readonly=True)
    date = fields.Date(string="Day", readonly=True, help="The birthday, for instance, of this year.")
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")
    reason = fields.Selection(REASONS, string="Why Not", readonly=True, help="Empty: will be greeted.")


class LoyaltyOccasion(models.Model):
    """Looking before somebody is greeted."""

    _inherit = "loyalty.occasion"

    def action_preview(self):
        """Who would be greeted within the next days, as far as the reader may see them; nobody is.

        :raises AccessError: unless the user manages clubs
        :raises UserError: when the audience cannot be asked
        """
        self.ensure_one()
        self.check_access("read")
        self.env["loyalty.club"]._check_manager(self.env._("Only a club manager looks at who will be greeted."))
        total = self._make_preview()
        name = self.env._(
            "%(occasion)s: %(total)s in the next %(days)s days", occasion=self.name, total=total, days=PREVIEW_DAYS
        )
        if total > PREVIEW_MOST:
            name = self.env._("%(name)s, the first %(shown)s", name=name, shown=PREVIEW_MOST)
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "loyalty.occasion.preview",
            "views": [[False, "list"], [False, "kanban"]],
            "mobile_view_mode": "kanban",
            "domain": [("occasion_id", "=", self.id), ("create_uid", "=", self.env.uid)],
            "help": self.env._(
                "Nobody in the next %s days. Do contacts have their birthday, do customers belong to the audience?",
                PREVIEW_DAYS,
            ),
        }

    def _make_preview(self):
        """Write the rows that the reader looks at.

        :return: how many there are in all
        """
        today = self._today()
        self.env.flush_all()
        found = self.env.execute_query(
            SQL(
                "SELECT partner_id, date, send_on, COUNT(*) OVER () FROM (%s) person ORDER BY send_on, partner_id LIMIT %s",
                self._people_sql([today + timedelta(days=day) for day in range(PREVIEW_DAYS + 1)]),
                PREVIEW_MOST,
            )
        )
        partners = self.env["res.partner"].browse(partner_id for partner_id, *_rest in found)
        reasons = self._reasons_not_to_greet(partners)
        rows = self.env["loyalty.occasion.preview"]
        rows.search([("occasion_id", "=", self.id), ("create_uid", "=", self.env.uid)]).unlink()
        rows.create(
            [
                {
                    "occasion_id": self.id,
                    "partner_id": partner.id,
                    "date": date,
                    "send_on": send_on,
                    "reason": reasons.get(partner, False),
                }
                for partner, (_id, date, send_on, _total) in zip(partners, found, strict=True)
            ]
        )
        return found[0][3] if found else 0
