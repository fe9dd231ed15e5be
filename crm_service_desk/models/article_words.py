"""Words as the search of articles compares them. Plain functions, without a database.

A search is a few words. Each is compared with the words that our articles use: the same word, a longer one that begins
with it, a shorter one that it begins with (*cancelled* finds *cancel*), or one with a typing mistake in it. This needs
no grammar, so it works alike in every language that puts spaces between words.
"""

import re

from odoo.tools import html2plaintext, remove_accents

# Core writes /words/ and *words* for these: form, not text.
EMPHASIS = re.compile(r"</?(?:em|i|strong|b|u)(?:\s[^>]*)?>", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+")
LONGEST_WORD = 40
# Shorter words are compared exactly: with a letter changed they are another word.
SHORTEST_MISTYPED = 4
MOST_WORDS = 12

# What tells who somebody is and may be typed into a search: addresses, and numbers of telephones, cards and orders.
EMAIL = re.compile(r"[^\s@<>,;:()]+@[^\s@<>,;:()]+")
NUMBER = re.compile(r"[+(]?\w*\d(?:[\s().\-/]*\d){4,}\w*")
MASK = "…"

# Indonesian words that say nothing of the matter; PostgreSQL has such lists for many languages, not for this one.
INDONESIAN_STOP_WORDS = frozenset(
    """
    ada adalah akan aku anda apa apakah atau bagaimana bagi bahwa bisa boleh dalam dan dapat dari dengan
    di dia harus ini itu jadi jika juga kalau kami kamu karena ke kenapa kepada kita lagi lalu mana
    masih mau mengapa mereka nya oleh pada para pernah saat saja sampai sangat saya sebuah sedang
    sekarang seperti setelah siapa suatu sudah supaya tapi telah tentang terlalu tetapi tidak tolong
    untuk yaitu yang
    """.split()  # noqa: SIM905  read as a text
)


def text_of(html):
    """The words of an HTML text, without its form."""
    return html2plaintext(EMPHASIS.sub("", html or ""), include_references=False).strip()


def plain(text):
    """The text as it is compared: small letters without accents, one space between words."""
    return " ".join(word[:LONGEST_WORD] for word in WORD.findall(remove_accents(text or "").lower()))


def words_of(text):
    """The first different words of a search, as they are compared."""
    return list(dict.fromkeys(plain(text).split()))[:MOST_WORDS]


def mistakes_allowed(word):
    """How many letters may be wrong in a word of this length."""
    if len(word) < SHORTEST_MISTYPED or word.isdigit():
        return 0
    return 1 if len(word) < 6 else 2


def mistakes(typed, meant, most):
    """How many letters were changed, left out, added, or swapped with their neighbour; ``most + 1`` for more.

    (Damerau 1964: these four make four fifths of all typing mistakes.)
    """
    if abs(len(typed) - len(meant)) > most:
        return most + 1
    before, last = [], list(range(len(meant) + 1))
    for row, letter in enumerate(typed, 1):
        line = [row]
        for column, other in enumerate(meant, 1):
            cost = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == meant[column - 2] and typed[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, last = last, line
    return min(last[-1], most + 1)


def is_mistyped(typed, meant):
    """Whether ``typed`` is ``meant`` with a typing mistake or two."""
    most = mistakes_allowed(typed)
    return bool(most) and mistakes(typed, meant, most) <= most


def masked(text):
    """The text without e-mail addresses and without numbers of five digits or more."""
    return NUMBER.sub(MASK, EMAIL.sub(MASK, text or ""))
