import csv
import io
import tempfile

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import Response, content_disposition, request
from werkzeug.wsgi import wrap_file

# A spreadsheet takes a cell that begins with one of these for a formula.
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")


class ClubCardFiles(http.Controller):
    """Files of many rows for staff: written to disk row by row, so that their size does not matter."""

    @http.route("/crm_loyalty/card_batch/<int:batch_id>.csv", type="http", auth="user", readonly=True)
    def card_batch_file(self, batch_id, **kw):
        """The numbers of a batch, for the printer."""
        return self._file("loyalty.card.batch", batch_id, "cards")

    @http.route("/crm_loyalty/card_import/<int:import_id>.csv", type="http", auth="user", readonly=True)
    def refused_rows_file(self, import_id, **kw):
        """The rows of an import that were refused, and why."""
        return self._file("loyalty.card.import", import_id, "refused")

    def _file(self, model, record_id, name):
        """The rows of a record as CSV.

        :raises NotFound: unless there is one that the user may manage
        """
        record = request.env[model].browse(record_id).exists()
        try:
            record.check_access("read")
            record._check_manager()
        except AccessError:
            raise request.not_found() from None
        if not record:
            raise request.not_found()
        try:
            return self._answer(record._csv_rows(), f"{name}-{record.id}.csv")
        except UserError as error:
            return request.make_response(str(error), status=409, headers=[("Content-Type", "text/plain")])

    @staticmethod
    def _answer(rows, filename):
        file = tempfile.TemporaryFile()  # noqa: SIM115  read by the server after this, and gone when closed
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
        writer = csv.writer(text)
        for row in rows:
            writer.writerow([harmless(cell) for cell in row])
        text.flush()
        text.detach()
        file.seek(0)
        return Response(
            wrap_file(request.httprequest.environ, file),
            direct_passthrough=True,
            headers=[
                ("Content-Type", "text/csv; charset=utf-8"),
                ("Content-Disposition", content_disposition(filename)),
                ("Cache-Control", "no-store"),
            ],
        )


def harmless(cell):
    """A cell as text that no spreadsheet runs: a formula gets an apostrophe, which the import takes off again.

    >>> harmless("=1+1"), harmless("Siti")
    ("'=1+1", 'Siti')
    """
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text
