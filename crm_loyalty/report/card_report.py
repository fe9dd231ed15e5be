from odoo import api, models

LAYOUTS = {"crm_loyalty.card": "single", "crm_loyalty.card_sheets": "sheets"}  # functions of card_pdf


class IrActionsReport(models.Model):
    """Member cards are printed as any report: from the print menu, and attached to mails. Only they are drawn by
    reportlab: in millimetres, which no web page keeps, and without wkhtmltopdf.
    """

    _inherit = "ir.actions.report"

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        report = self._get_report(report_ref)
        layout = LAYOUTS.get(report.report_name)
        if not layout:
            return super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        from . import card_pdf  # loads what of reportlab most workers never need

        ids = [res_ids] if isinstance(res_ids, int) else res_ids or []
        draw = getattr(card_pdf, layout)
        return draw(self.env["loyalty.membership"].browse(ids)._card_faces()), "pdf"

    @api.model
    def _is_member_card(self, report_name):
        return report_name in LAYOUTS
