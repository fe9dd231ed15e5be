"""Reading a list of cards from a file, row by row, whatever its size.

CSV in a known encoding, or the first sheet of an XLSX file. Nothing here knows of Odoo: problems are exceptions with a
``kind``, which the import puts into words.
"""

import codecs
import csv
import datetime
import io
import zipfile

COLUMNS = ("card_number", "name", "email", "phone", "reference", "tier", "points", "start", "end")
OTHER_NAMES = {
    "card": "card_number",
    "number": "card_number",
    "e_mail": "email",
    "telephone": "phone",
    "ref": "reference",
    "first_day": "start",
    "valid_until": "end",
}
DELIMITERS = ",;\t|"
LONGEST_LINE = 1_000_000  # characters; a longer one is no row of a list
LONGEST_CELL = 250
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class FileProblem(Exception):
    """The file cannot be read at all.

    :ivar kind: ``empty``, ``no_rows``, ``encoding``, ``no_spreadsheet``, ``unknown_columns``, ``twice``, ``no_number``
        or ``long_line``
    :ivar detail: what it is about: names of columns, a line's number, …
    """

    def __init__(self, kind, detail=""):
        super().__init__(kind, detail)
        self.kind, self.detail = kind, detail


def rows_of(stream, encoding):
    """The rows below the header.

    :param stream: binary file, which can be sought in
    :param encoding: of a CSV file that does not say its own by its first bytes
    :return: iterator of (line number, ``{column: text}``, whether the line can be read)
    :raises FileProblem: at once for what the beginning shows, and later for what comes
    """
    start = stream.read(4)
    stream.seek(0)
    if not start:
        raise FileProblem("empty")
    lines = _sheet_lines(stream) if start.startswith(b"PK\x03\x04") else _text_lines(stream, start, encoding)
    return _named(lines)


def _named(lines):
    _number, header = next(lines, (0, None))
    if not header or not any(header):
        raise FileProblem("empty")
    columns = _columns(header)
    first = next(lines, None)
    if first is None:
        raise FileProblem("no_rows")
    return _rows(columns, first, lines)


def _rows(columns, first, rest):
    for number, cells in _chain(first, rest):
        if cells is None:
            yield number, {}, False
        elif any(cells):
            extra = any(cells[len(columns) :])
            yield number, dict(zip(columns, cells, strict=False)), not extra


def _chain(first, rest):
    yield first
    yield from rest


def _columns(header):
    """The columns' names, as in :data:`COLUMNS`."""
    names = [name.strip().lower().replace(" ", "_").replace("-", "_") for name in header]
    while names and not names[-1]:
        names.pop()
    names = [OTHER_NAMES.get(name, name) for name in names]
    unknown = [shown[:40] for shown, name in zip(header, names, strict=False) if name not in COLUMNS]
    if unknown:
        raise FileProblem("unknown_columns", ", ".join(unknown[:10]))
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise FileProblem("twice", ", ".join(twice))
    if "card_number" not in names:
        raise FileProblem("no_number")
    return names


# ---------------------------------------------------------------- CSV


def _text_lines(stream, start, encoding):
    encoding = next((name for bom, name in BOMS if start.startswith(bom)), encoding)
    try:
        text = io.TextIOWrapper(stream, encoding=encoding, newline="")
        sample = text.readline(LONGEST_LINE)
        text.seek(0)
        if "\x00" in sample:
            raise FileProblem("encoding")
        delimiter = max(DELIMITERS, key=sample.count)
        for number, line in _physical_lines(text):
            yield number, _cells(line, delimiter)
    except UnicodeError:
        raise FileProblem("encoding") from None


def _physical_lines(text):
    """Lines of a bearable length, so that a file without line ends is not read into memory at once."""
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise FileProblem("long_line", str(number))
        yield number, line


def _cells(line, delimiter):
    """The cells of one line; None when a quote has no end. No cell goes on in the next line: a forgotten quote costs
    its own line, not the rest of the file.
    """
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None
    return [cell.strip() for cell in cells]


# ---------------------------------------------------------------- XLSX


def _sheet_lines(stream):
    import openpyxl

    try:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            yield number, [_cell_text(value) for value in row]
    except (zipfile.BadZipFile, KeyError, IndexError, ValueError, OSError, EOFError):
        raise FileProblem("no_spreadsheet") from None


def _cell_text(value):
    """A cell of a spreadsheet as it would stand in a CSV file.

    >>> _cell_text(None), _cell_text(12.0), _cell_text(datetime.datetime(2026, 1, 31))
    ('', '12', '2026-01-31')
    """
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
