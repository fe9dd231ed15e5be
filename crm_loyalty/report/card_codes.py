"""A card number as barcode and as QR code: the pattern only, in modules, for whoever draws it (PDF, SVG).

The barcode is Code 128, which core's point of sale and every counter scanner read; the QR code holds the same number.
"""

from markupsafe import Markup

# The barcodes are imported where they are drawn: with what they bring along they take 2 MB, in each worker.

QUIET_BARS = 10  # modules of white at each side, which a scanner needs
QUIET_QR = 4


def bars(number):
    """The bars of a Code 128.

    :return: (list of (x, width) in modules, the quiet zone included; width of the whole in modules)

    >>> found, width = bars("0440000000016")
    >>> found[0], width > 100
    ((10, 2), True)
    """
    from reportlab.graphics.barcode.code128 import Code128

    code = Code128(number)
    code.validate()
    code.encode()
    code.decompose()
    found, x = [], QUIET_BARS
    for letter in code.decomposed:  # a capital is a bar, a small letter a gap; A is one module wide, B two, …
        width = ord(letter.upper()) - ord("A") + 1
        if letter.isupper():
            found.append((x, width))
        x += width
    return found, x + QUIET_BARS


def qr(number):
    """The dark squares of a QR code.

    :return: (list of (x, y) in modules from the top left, the quiet zone included; width of the whole in modules)
    """
    from reportlab.graphics.barcode.qr import QrCodeWidget

    code = QrCodeWidget(number, barLevel="M").qr
    if not code.modules:
        code.make()
    found = [
        (x + QUIET_QR, y + QUIET_QR) for y, row in enumerate(code.modules) for x, is_dark in enumerate(row) if is_dark
    ]
    return found, len(code.modules) + 2 * QUIET_QR


def bars_svg(number, label):
    """The barcode as SVG, to stand inside a page: no request, so it is there without network. Sharp in any size.

    :param label: what a screen reader says
    """
    found, width = bars(number)
    path = "".join(f"M{x} 0h{bar}v1h-{bar}z" for x, bar in found)
    return _svg("o_club_bars", width, 1, path, label, stretch=True)


def qr_svg(number, label):
    """The QR code as SVG, to stand inside a page."""
    found, width = qr(number)
    return _svg("o_club_qr", width, width, "".join(f"M{x} {y}h1v1h-1z" for x, y in found), label)


def _svg(css, width, height, path, label, stretch=False):
    # Black on white whatever the theme: a scanner must read it.
    return Markup(
        '<svg class="%s" role="img" aria-label="%s" viewBox="0 0 %s %s" shape-rendering="crispEdges"%s>'
        '<rect width="100%%" height="100%%" fill="#fff"/><path fill="#000" d="%s"/></svg>'
    ) % (css, label, width, height, Markup(' preserveAspectRatio="none"') if stretch else "", path)
