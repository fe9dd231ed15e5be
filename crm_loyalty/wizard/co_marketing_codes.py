import base64
import csv
import io

from odoo import api, fields, models


class CoMarketingCodes(models.TransientModel):
    """Make codes for an agreement, and hand them to the partner as a file."""

    _name = "co.marketing.codes"
    _description = "Codes for a Partner's Customers"

    agreement_id = fields.Many2one("co.marketing.agreement", required=True, readonly=True, ondelete="cascade")
    version_id = fields.Many2one(related="agreement_id.version_id")
    benefit_id = fields.Many2one(
        "co.marketing.benefit",
        ondelete="cascade",
        compute="_compute_benefit_id",
        store=True,
        readonly=False,
        domain="[('version_id', '=', version_id), ('direction', '=', 'theirs')]",
    )
    count = fields.Integer(string="How Many", required=True, default=100)
    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    @api.depends("agreement_id")
    def _compute_benefit_id(self):
        for wizard in self:
            benefits = wizard.agreement_id.version_id.benefit_ids
            wizard.benefit_id = benefits.filtered(lambda one: one.direction == "theirs")[:1]

    def action_make(self):
        """Make them; the same window then offers the file."""
        self.ensure_one()
        codes = self.agreement_id._make_codes(self.benefit_id, self.count)
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([self.env._("Code")])
        writer.writerows([code] for code in codes.mapped("code"))
        self.write(
            {
                "file": base64.b64encode(text.getvalue().encode()),
                "file_name": f"{self.agreement_id.name.replace('/', '-')}-{len(codes)}.csv",
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Codes for the Partner's Customers"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
            "target": "new",
        }
