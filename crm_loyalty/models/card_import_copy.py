"""Writing the rows of a file into their table by COPY, PostgreSQL's fastest way."""

import csv
import io

from .card_import_file import COLUMNS

WRITTEN = (
    "import_id",
    "number",
    *COLUMNS,
    "email_normalized",
    "phone_sanitized",
    "tier_id",
    "points_value",
    "date_start",
    "date_end",
    "state",
    "refusal",
)
STATEMENT = 'COPY loyalty_card_import_row ({}) FROM STDIN WITH (FORMAT csv, NULL "\\N")'.replace('"', "'").format(
    ", ".join(f'"{name}"' for name in WRITTEN)
)


def copy_rows(cr, import_id, rows):
    """
    :param cr: the cursor of the transaction
    :param import_id: id of the ``loyalty.card.import``
    :param rows: list of (line number, :class:`~.card_import_parse.ParsedRow`)
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for number, row in rows:
        refused = bool(row.problems)
        values = (
            import_id,
            number,
            *(row.texts[name] for name in COLUMNS),
            row.email,
            row.phone,
            row.tier_id,
            row.points,
            row.start,
            row.end,
            "refused" if refused else "new",
            " ".join(row.problems) or None,
        )
        writer.writerow([r"\N" if value is None or value == "" else value for value in values])
    buffer.seek(0)
    cr.copy_expert(STATEMENT, buffer)
