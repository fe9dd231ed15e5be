"""The member card on paper or plastic, 85.6 × 54 mm (ISO/IEC 7810 ID-1), drawn with reportlab.

Single: a page for each side. Sheets: A4 with two by five cards and marks to cut along; the backs follow their fronts
mirrored, so that they match when the sheet is printed on both sides and turned over its long edge.
"""

import io
from typing import NamedTuple

from reportlab.lib.colors import HexColor, black, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from . import card_codes
from .card_fonts import draw, fit

WIDTH, HEIGHT = 85.6 * mm, 54 * mm
COLUMNS, ROWS = 2, 5
EDGE = 4.5 * mm
PANEL = 24 * mm  # height of the white field with the codes
WIDEST_MODULE = 0.34 * mm  # of the barcode: wider gains nothing


class Face(NamedTuple):
    """What stands on a card. All texts are in the customer's language already.

    :ivar color: of the club, as #rrggbb
    :ivar logo: image file as bytes, or None
    :ivar back: the club's text for the back; without it there is no back
    """

    club: str
    tier: str
    name: str
    number: str
    valid: str
    color: str
    logo: bytes | None = None
    back: str = ""
    issuer: str = ""


def single(faces):
    """Cards one by one.

    :param faces: list of :class:`Face`
    :return: a PDF as bytes
    """
    return _document((WIDTH, HEIGHT), faces, _single_pages)


def sheets(faces):
    """Cards on A4, ten on a page.

    :return: a PDF as bytes
    """
    return _document(A4, faces, _sheet_pages)


def _document(size, faces, pages):
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=size, pageCompression=1)
    canvas.setTitle(", ".join(sorted({face.club for face in faces})))
    logos = {}
    for face in faces:
        if face.logo and face.logo not in logos:
            logos[face.logo] = ImageReader(io.BytesIO(face.logo))  # one object in the file, however many cards
    pages(canvas, faces, logos)
    canvas.save()
    return stream.getvalue()


def _single_pages(canvas, faces, logos):
    for face in faces:
        _front(canvas, face, logos)
        canvas.showPage()
        if face.back:
            _back(canvas, face)
            canvas.showPage()


def _sheet_pages(canvas, faces, logos):
    left, bottom = (A4[0] - COLUMNS * WIDTH) / 2, (A4[1] - ROWS * HEIGHT) / 2
    for start in range(0, len(faces), COLUMNS * ROWS):
        page = faces[start : start + COLUMNS * ROWS]
        for is_back in (False, True):
            if is_back and not any(face.back for face in page):
                continue
            _cut_marks(canvas, left, bottom)
            for position, face in enumerate(page):
                row, column = divmod(position, COLUMNS)
                column = COLUMNS - 1 - column if is_back else column
                canvas.saveState()
                canvas.translate(left + column * WIDTH, bottom + (ROWS - 1 - row) * HEIGHT)
                if not is_back:
                    _front(canvas, face, logos)
                elif face.back:
                    _back(canvas, face)
                canvas.restoreState()
            canvas.showPage()


def _cut_marks(canvas, left, bottom):
    canvas.setStrokeColor(black)
    canvas.setLineWidth(0.25)
    gap, long = 1 * mm, 5 * mm
    for column in range(COLUMNS + 1):
        x = left + column * WIDTH
        canvas.line(x, bottom - gap, x, bottom - gap - long)
        canvas.line(x, bottom + ROWS * HEIGHT + gap, x, bottom + ROWS * HEIGHT + gap + long)
    for row in range(ROWS + 1):
        y = bottom + row * HEIGHT
        canvas.line(left - gap, y, left - gap - long, y)
        canvas.line(left + COLUMNS * WIDTH + gap, y, left + COLUMNS * WIDTH + gap + long, y)


def is_dark(color):
    """Whether white is read better than black on ``color``, #rrggbb (contrast as of WCAG 2)."""

    def light(part):
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    color = HexColor(color)
    brightness = 0.2126 * light(color.red) + 0.7152 * light(color.green) + 0.0722 * light(color.blue)
    return 1.05 / (brightness + 0.05) > (brightness + 0.05) / 0.05


def _background(canvas, face):
    canvas.setFillColor(HexColor(face.color))
    canvas.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
    canvas.setFillColor(white if is_dark(face.color) else black)


def _lines(canvas, text, x, top, space, gap=1.15, align="left", **fitting):
    """Draw ``text`` downwards from ``top``.

    :return: the height that it takes
    """
    size, lines = fit(text, space, **fitting)
    for number, line in enumerate(lines):
        draw(canvas, line, x, top - size * (0.8 + number * gap), size, fitting.get("weight", "regular"), align)
    return size * gap * len(lines) if text else 0


def _front(canvas, face, logos):
    _background(canvas, face)
    inner = WIDTH - 2 * EDGE
    top = HEIGHT - EDGE
    logo_width = 0
    if face.logo:
        logo_width = _logo(canvas, logos[face.logo], EDGE, top - 9 * mm, 24 * mm, 9 * mm) + 2.5 * mm
    tier_width = 24 * mm if face.tier else 0
    _lines(
        canvas,
        face.club,
        EDGE + logo_width,
        top,
        inner - logo_width - tier_width,
        lines=3,
        largest=13,
        smallest=6,
        weight="bold",
    )
    if face.tier:
        _lines(
            canvas, face.tier, WIDTH - EDGE, top, tier_width - 2 * mm, lines=2, largest=11, smallest=6, align="right"
        )
    below = PANEL + 11 * mm
    valid_width = 24 * mm if face.valid else 0
    _lines(canvas, face.name, EDGE, below, inner - valid_width, lines=2, largest=11, smallest=6, weight="bold")
    if face.valid:
        _lines(
            canvas, face.valid, WIDTH - EDGE, below, valid_width - 2 * mm, lines=2, largest=7, smallest=5, align="right"
        )
    _codes(canvas, face)


def _logo(canvas, image, x, y, width, height):
    """:return: the width that the logo takes"""
    original_width, original_height = image.getSize()
    scale = min(width / original_width, height / original_height)
    drawn = original_width * scale
    canvas.drawImage(image, x, y + height - original_height * scale, drawn, original_height * scale, mask="auto")
    return drawn


def _codes(canvas, face):
    """A white field with the barcode, the number under it, and the QR code at the right."""
    canvas.setFillColor(white)
    canvas.rect(0, 0, WIDTH, PANEL, stroke=0, fill=1)
    canvas.setFillColor(black)
    squares, side = card_codes.qr(face.number)
    square = (PANEL - 2 * mm) / side
    right = WIDTH - 1.5 * mm - side * square
    path = canvas.beginPath()
    for x, y in squares:
        path.rect(right + x * square, PANEL - 1 * mm - (y + 1) * square, square, square)
    bars, modules = card_codes.bars(face.number)
    space = right - 1.5 * mm
    module = min(WIDEST_MODULE, space / modules)
    left = 1.5 * mm + (space - modules * module) / 2
    for x, bar in bars:
        path.rect(left + x * module, 6.5 * mm, bar * module, PANEL - 9 * mm)
    canvas.drawPath(path, stroke=0, fill=1)
    size, [number] = fit(_grouped(face.number), space - 2 * mm, largest=10, smallest=5)
    draw(canvas, number, 1.5 * mm + space / 2, 2.2 * mm, size, align="center")


def _grouped(number):
    """Digits in fours, as on a bank card: read aloud and typed with fewer mistakes. Blanks do not matter on input."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4)) if number.isdigit() else number


def _back(canvas, face):
    canvas.setFillColor(white)
    canvas.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
    canvas.setFillColor(HexColor(face.color))
    canvas.rect(0, HEIGHT - 9 * mm, WIDTH, 9 * mm, stroke=0, fill=1)
    canvas.setFillColor(black)
    top, space = HEIGHT - 12 * mm, WIDTH - 2 * EDGE
    _paragraphs(canvas, face.back, top, space, top - 9 * mm)
    if face.issuer:
        _lines(canvas, face.issuer, WIDTH / 2, 6.5 * mm, space, largest=7, smallest=5, align="center")


def _paragraphs(canvas, text, top, space, height):
    """The club's text, in the largest size in which all of it fits."""
    paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
    for size in (8, 7.5, 7, 6.5, 6, 5.5, 5, 4.5, 4):
        broken = [fit(line, space, lines=99, largest=size, smallest=size)[1] for line in paragraphs]
        if sum(map(len, broken)) * size * 1.25 + (len(broken) - 1) * size * 0.4 <= height:
            break
    y = top
    for lines in broken:
        for line in lines:
            y -= size * 1.25
            if y < top - height - size * 0.2:
                return  # more text than a card holds: see the check of the club
            draw(canvas, line, EDGE, y + size * 0.3, size)
        y -= size * 0.4
