import io

from odoo import api, models

FORMATS = {"count": "#,##0", "percent": "0.0%", "money": "#,##0.00", "score": "0.00", "days": "0", "text": "@"}
WIDEST = 60


class RetentionDashboard(models.AbstractModel):
    """The figures as a workbook."""

    _inherit = "retention.dashboard"

    @api.model
    def _workbook(self, filters=None):
        """The dashboard as an XLSX file: what it is about and what it means, then a sheet for each part.

        :param filters: see ``load``
        :returns: bytes
        :raises UserError: says which filter is wrong, and what is allowed
        :raises AccessError: to who may not read the figures
        """
        # Loaded where it is used, as core does: most workers never write a workbook.
        import xlsxwriter

        shown = self.load(filters)
        output = io.BytesIO()
        with xlsxwriter.Workbook(output, {"in_memory": True}) as workbook:
            formats = {unit: workbook.add_format({"num_format": code}) for unit, code in FORMATS.items()}
            formats["head"] = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
            formats["wrapped"] = workbook.add_format({"text_wrap": True, "valign": "top"})
            self._write_about(workbook, formats, shown)
            for sheet in self._sheets(shown):
                self._write_sheet(workbook, formats, sheet)
        return output.getvalue()

    @api.model
    def _write_about(self, workbook, formats, shown):
        page = workbook.add_worksheet(self.env._("About")[:31])
        page.set_column(0, 0, 32)
        page.set_column(1, 1, 100)
        page.write_string(0, 0, self.env._("Retention"), formats["head"])
        for line, (label, text) in enumerate(self._about(shown), 2):
            page.write_string(line, 0, label, formats["wrapped"])
            page.write_string(line, 1, text, formats["wrapped"])

    @api.model
    def _write_sheet(self, workbook, formats, sheet):
        page = workbook.add_worksheet(sheet["name"][:31])
        page.freeze_panes(1, 1)
        for column, (label, _unit) in enumerate(sheet["columns"]):
            page.write_string(0, column, label, formats["head"])
            page.set_column(column, column, self._width(sheet, column, label))
        for line, row in enumerate(sheet["rows"], 1):
            for column, (value, (_label, unit)) in enumerate(zip(row, sheet["columns"], strict=True)):
                self._write_value(page, line, column, formats, *(value if unit is None else (value, unit)))

    @api.model
    def _write_value(self, page, line, column, formats, value, unit):
        """Texts are written as texts: a customer whose name begins with "=" is no formula."""
        if value is None:
            return
        if unit == "text":
            page.write_string(line, column, value or "", formats["text"])
        else:
            page.write_number(line, column, value, formats[unit])

    @api.model
    def _width(self, sheet, column, label):
        texts = [row[column][0] if isinstance(row[column], tuple) else row[column] for row in sheet["rows"]]
        return min(WIDEST, max(14, len(label), *(len(text) for text in texts if isinstance(text, str)), 0) + 2)
