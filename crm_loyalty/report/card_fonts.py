"""Fonts for the card, and text that fits into a given space.

Fonts that ship with Odoo and reportlab, the first that has all letters of a text: Open Sans (Latin, Greek, Cyrillic,
Vietnamese), Noto Sans (rarer letters of these), Tajawal (Arabic), and reportlab's Asian fonts (Chinese, Japanese,
Korean). The latter are named in the PDF and not embedded: the viewer or printer supplies them, as all common ones do.

What cannot be drawn, because no font with these letters ships, or because their letters must be joined by a text engine:
Hebrew, Thai, Lao, Khmer, Burmese, Armenian, Georgian, Ethiopic, the scripts of India and of its neighbours, and emoji.
Such letters are left out; a name of nothing else is left empty, and the card still has number, barcode and club. Staff
are told on the membership (:func:`is_drawable`).
"""

import functools
import unicodedata

from odoo.tools.misc import file_path
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from .arabic import as_drawn

FILES = {
    "regular": (
        "web/static/fonts/google/Open_Sans/Open_Sans-Regular.ttf",
        "web/static/fonts/sign/NotoSans-Reg.ttf",
        "web/static/fonts/google/Tajawal/Tajawal-Regular.ttf",
    ),
    "bold": (
        "web/static/fonts/google/Open_Sans/Open_Sans-Bold.ttf",
        "web/static/fonts/sign/NotoSans-Reg.ttf",
        "web/static/fonts/google/Tajawal/Tajawal-Bold.ttf",
    ),
}
# Korean, Japanese, Chinese: by the blocks in which their letters are.
HANGUL, KANA, HAN = "HYGothic-Medium", "HeiseiKakuGo-W5", "STSong-Light"
ELLIPSIS = "…"


@functools.cache
def _fonts(weight):
    """:return: list of (font name, set of the codes of its letters), the preferred first"""
    found = []
    for path in FILES[weight]:
        name = f"card-{path.rsplit('/', 1)[1]}"
        try:
            font = TTFont(name, file_path(path))
        except (FileNotFoundError, TTFError):  # an Odoo packaged without its fonts
            continue
        pdfmetrics.registerFont(font)
        found.append((name, frozenset(font.face.charToGlyph)))
    found.append(("Helvetica", frozenset(range(32, 127))))
    return found


@functools.cache
def _asian(name):
    pdfmetrics.registerFont(UnicodeCIDFont(name))
    return name


def _asian_font(text):
    """The Asian font for a text: kana are Japanese, so are the Chinese characters beside them."""
    blocks = {unicodedata.name(char, "").split(" ")[0] for char in text}
    if "HANGUL" in blocks:
        return HANGUL
    if blocks & {"HIRAGANA", "KATAKANA"}:
        return KANA
    return HAN if "CJK" in blocks else None


def _is_asian(char):
    return unicodedata.name(char, "").split(" ")[0] in ("HANGUL", "HIRAGANA", "KATAKANA", "CJK", "IDEOGRAPHIC")


@functools.lru_cache(maxsize=4096)  # the texts of a club are the same on all its cards
def pieces(text, weight="regular"):
    """How to draw ``text``: (font name, letters) pairs, in the order from left to right."""
    text = as_drawn(unicodedata.normalize("NFC", text))
    asian = _asian_font(text)
    whole = next((name for name, letters in _fonts(weight) if all(ord(char) in letters for char in text)), None)
    found = []
    for char in text:
        font = whole or next((name for name, letters in _fonts(weight) if ord(char) in letters), None)
        if asian and (font is None or _is_asian(char)):
            font = _asian(asian) if _is_asian(char) else font
        if font is None:
            continue  # see the head of this file
        if found and found[-1][0] == font:
            found[-1][1] += char
        else:
            found.append([font, char])
    return tuple((font, letters) for font, letters in found)


def is_drawable(text):
    """Whether every letter of ``text`` can be drawn: no font that ships has the others, see the head of this file."""
    text = " ".join(text.split())
    drawn = "".join(letters for _font, letters in pieces(text, "bold"))
    return len(drawn) == len(as_drawn(unicodedata.normalize("NFC", text)))


def width(text, size, weight="regular"):
    """How wide ``text`` is, in points."""
    return sum(pdfmetrics.stringWidth(letters, font, size) for font, letters in pieces(text, weight))


@functools.lru_cache(maxsize=4096)
def fit(text, space, lines=1, largest=12, smallest=6, weight="regular"):
    """Break ``text`` into lines that fit, in the largest size in which they do; cut off what fits in no size.

    :param space: width, in points
    :param lines: as many at most
    :return: (size in points, tuple of lines)
    """
    text = " ".join(text.split())
    size = largest
    while size > smallest:
        broken = _break(text, space, size, weight)
        if len(broken) <= lines and all(width(line, size, weight) <= space for line in broken):
            return size, tuple(broken)
        size -= 0.5
    broken = [part for line in _break(text, space, smallest, weight) for part in _chop(line, space, smallest, weight)]
    if len(broken) > lines:
        broken = [*broken[: lines - 1], _shorten(" ".join(broken[lines - 1 :]), space, smallest, weight)]
    return smallest, tuple(broken)


def _break(text, space, size, weight):
    """Lines of whole words. A word that is wider than the space is a line of its own."""
    found = []
    for word in text.split(" "):
        longer = f"{found[-1]} {word}" if found else word
        if found and width(longer, size, weight) <= space:
            found[-1] = longer
        else:
            found.append(word)
    return found


def _chop(line, space, size, weight):
    """A line that is too wide, in parts of as many letters as fit."""
    found = [""]
    for char in line:
        if found[-1] and width(found[-1] + char, size, weight) > space:
            found.append("")
        found[-1] += char
    return found


def _shorten(line, space, size, weight):
    if width(line, size, weight) <= space:
        return line
    while line and width(line + ELLIPSIS, size, weight) > space:
        line = line[:-1]
    return line.rstrip() + ELLIPSIS


def draw(canvas, text, x, y, size, weight="regular", align="left"):
    """Draw one line of text.

    :param align: of ``x``: its ``left``, ``center`` or ``right``
    """
    x -= {"left": 0, "center": 0.5, "right": 1}[align] * width(text, size, weight)
    for font, letters in pieces(text, weight):
        canvas.setFont(font, size)
        canvas.drawString(x, y, letters)
        x += pdfmetrics.stringWidth(letters, font, size)
