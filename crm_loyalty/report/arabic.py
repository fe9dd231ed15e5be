"""Arabic letters as they are drawn: each in the form that its neighbours ask for, from right to left.

reportlab draws one letter after the other, from left to right, as they stand in the text. What a text engine would do is
done here, for names and short lines: the forms are Unicode's own (its table of presentation forms), and numbers and
Latin words inside a line keep their direction. Vowel marks are left out.
"""

import functools
import unicodedata

RIGHT_TO_LEFT = ("R", "AL")


@functools.cache
def _forms():
    """:return: ``{(letters, form): glyph}``; form is isolated, initial, medial or final"""
    found = {}
    for code in range(0xFB50, 0xFEFD):
        tag, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        # Of the ligatures only lam and alef: the others are a matter of taste, and fonts lack them.
        if tag in ("<isolated>", "<initial>", "<medial>", "<final>") and (len(letters) == 1 or code >= 0xFEF5):
            found.setdefault(("".join(chr(int(letter, 16)) for letter in letters), tag[1:-1]), chr(code))
    return found


def has_right_to_left(text):
    return any(unicodedata.bidirectional(char) in RIGHT_TO_LEFT for char in text)


def as_drawn(text):
    """``text`` in the order and the forms in which it is drawn from left to right; unchanged when it is not Arabic."""
    if not has_right_to_left(text):
        return text
    runs = _runs(_shaped(unicodedata.normalize("NFC", text)))
    first = next(is_right for is_right, _run in runs if is_right is not None)
    if first:
        runs.reverse()
    return "".join(run[::-1] if is_right else run for is_right, run in runs)


def _runs(text):
    """Stretches of one direction: list of [whether right to left, text]. Blanks belong to the stretch before them when
    the next goes on in its direction, else they stand alone (None)."""
    runs = []
    for char in text:
        kind = unicodedata.bidirectional(char)
        is_right = True if kind in RIGHT_TO_LEFT else False if kind in ("L", "EN", "AN") else None
        if runs and runs[-1][0] == is_right:
            runs[-1][1] += char
        elif len(runs) > 1 and runs[-1][0] is None and runs[-2][0] == is_right:
            _none, blanks = runs.pop()
            runs[-1][1] += blanks + char
        else:
            runs.append([is_right, char])
    return runs


def _shaped(text):
    text = "".join(
        char for char in text if not (unicodedata.combining(char) and unicodedata.bidirectional(char) == "NSM")
    )
    forms, shaped, position, joins_on = _forms(), [], 0, False
    while position < len(text):
        # Lam and alef are one letter; any other stands alone.
        letter = (
            text[position : position + 2] if (text[position : position + 2], "isolated") in forms else text[position]
        )
        following = text[position + len(letter) :][:1]
        to_next = (letter, "initial") in forms and ((following, "final") in forms)
        form = {(0, 0): "isolated", (0, 1): "initial", (1, 1): "medial", (1, 0): "final"}[joins_on, to_next]
        alone = form == "isolated" and len(letter) == 1  # the letter itself: fonts need not have it twice
        shaped.append(letter if alone else forms.get((letter, form), letter))
        position, joins_on = position + len(letter), to_next
    return "".join(shaped)
