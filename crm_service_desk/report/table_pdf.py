"""A long table on paper, drawn by reportlab: thousands of lines in seconds, and with text in it that can be searched.

The program that prints web pages needs a time that grows with the square of a table's length. No Odoo models here.
"""

import functools
import io

from odoo.tools.misc import file_path
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

# Fonts that ship with Odoo, the first that has all letters of a text: Latin, Greek, Cyrillic; Arabic is drawn unjoined.
FILES = (
    "web/static/fonts/google/Open_Sans/Open_Sans-Regular.ttf",
    "web/static/fonts/sign/NotoSans-Reg.ttf",
    "web/static/fonts/google/Tajawal/Tajawal-Regular.ttf",
)
MARGIN, GAP = 24, 4
SIZE, LEADING = 6.5, 8
# A cell of more lines than this is cut: a line of the register is no place for a novel.
MOST_LINES = 10


@functools.cache
def _fonts():
    """:return: list of (font name, codes of its letters)"""
    found = []
    for path in FILES:
        name = f"table-{path.rsplit('/', 1)[1]}"
        try:
            font = TTFont(name, file_path(path))
        except (FileNotFoundError, TTFError):  # an Odoo packaged without its fonts
            continue
        pdfmetrics.registerFont(font)
        found.append((name, frozenset(font.face.charToGlyph)))
    return [*found, ("Helvetica", frozenset(range(32, 127)))]


@functools.lru_cache(maxsize=8192)  # the same words stand on many lines
def _font(text):
    """The font for a text; for Chinese and Japanese one that the viewer supplies."""
    for name, letters in _fonts():
        if all(ord(char) in letters for char in text):
            return name
    if any("\u2e80" <= char <= "\u9fff" for char in text):
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        return "STSong-Light"
    return _fonts()[0][0]


@functools.lru_cache(maxsize=8192)
def _wrapped(text, width):
    """A text as lines of at most ``width`` points."""
    lines = []
    for paragraph in text.split("\n"):
        line, font = "", _font(paragraph)
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if pdfmetrics.stringWidth(longer, font, SIZE) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            while pdfmetrics.stringWidth(word, font, SIZE) > width and len(word) > 1:
                fits = max(1, int(len(word) * width / pdfmetrics.stringWidth(word, font, SIZE)))
                lines.append(word[:fits])
                word = word[fits:]
            line = word
        if line:
            lines.append(line)
    return [*lines[: MOST_LINES - 1], "…"] if len(lines) > MOST_LINES else lines


class _Pages:
    """Where the pen is."""

    def __init__(self, headers, widths, foot):
        self.file = io.BytesIO()
        self.width, self.height = landscape(A4)
        self.canvas = Canvas(self.file, pagesize=(self.width, self.height))
        self.headers, self.foot = headers, foot
        room = self.width - 2 * MARGIN
        self.widths = [room * width / sum(widths) for width in widths]
        self.number = 0
        self.new_page(with_headers=False)

    def new_page(self, with_headers=True):
        if self.number:
            self.canvas.showPage()
        self.number += 1
        self.canvas.setFont(_font(self.foot), SIZE)
        self.canvas.drawString(MARGIN, MARGIN / 2, self.foot)
        self.canvas.drawRightString(self.width - MARGIN, MARGIN / 2, str(self.number))
        self.top = self.height - MARGIN
        if with_headers:
            self.row(self.headers, is_head=True)

    def text(self, text, size):
        """A line of text over the whole width."""
        for line in _wrapped(text, (self.width - 2 * MARGIN) * SIZE / size):
            if self.top - size < MARGIN:
                self.new_page(with_headers=False)
            self.canvas.setFont(_font(line), size)
            self.canvas.drawString(MARGIN, self.top - size, line)
            self.top -= size * 1.4

    def row(self, cells, is_head=False):
        wrapped = [_wrapped(cell, width - GAP) for cell, width in zip(cells, self.widths, strict=True)]
        height = max(map(len, wrapped), default=1) * LEADING + GAP
        if self.top - height < MARGIN and not is_head:
            self.new_page()
        left = MARGIN
        for lines, width in zip(wrapped, self.widths, strict=True):
            for index, line in enumerate(lines):
                self.canvas.setFont(_font(line), SIZE)
                self.canvas.drawString(left, self.top - LEADING * (index + 1), line)
            left += width
        self.top -= height
        self.canvas.setLineWidth(0.8 if is_head else 0.2)
        self.canvas.line(MARGIN, self.top, self.width - MARGIN, self.top)

    def finish(self):
        self.canvas.save()
        return self.file.getvalue()


def table_pdf(title, head, headers, widths, rows, totals, foot):
    """The table as a PDF, in A4 landscape; the headers stand on each page.

    :param str title: above all
    :param head: sentences below the title
    :param headers: a text per column
    :param widths: of the columns, in any unit
    :param rows: lists of texts, a text per column; a line break begins a new line
    :param totals: sentences below the table
    :param str foot: at the bottom of each page, beside its number
    :return: bytes
    """
    pages = _Pages(headers, widths, foot)
    pages.text(title, 14)
    for sentence in head:
        pages.text(sentence, 8)
    pages.top -= GAP
    pages.row(headers, is_head=True)
    for row in rows:
        pages.row(row)
    pages.top -= LEADING
    for sentence in totals:
        pages.text(sentence, 8)
    return pages.finish()
