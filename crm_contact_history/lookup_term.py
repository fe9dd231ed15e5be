"""What was typed at the front desk, made ready for the look-up."""

import re
from typing import NamedTuple

MAX_LENGTH = 80
MAX_WORDS = 5
# Fewer letters would match half of all customers; three are what a trigram index needs for a part of a word.
MIN_LENGTH = 2
MIN_INSIDE = 3
MIN_DIGITS = 3
# So many digits at the end of a telephone number name it.
FULL_NUMBER = 8


class LookupTerm(NamedTuple):
    """:param text: what was typed, trimmed
    :param words: its words, without those that have no letter and no digit
    :param digits: a telephone number's digits without what is dialled before them ("0", "00", "+"); "" if it is none
    """

    text: str
    words: tuple
    digits: str

    @classmethod
    def parse(cls, typed):
        """:return: a term, or None when there is nothing to look for"""
        if not isinstance(typed, str):
            return None
        text = " ".join("".join(letter if letter.isprintable() else " " for letter in typed[: 10 * MAX_LENGTH]).split())
        if len(text) > MAX_LENGTH or sum(map(str.isalnum, text)) < MIN_LENGTH:
            return None
        words = tuple(word for word in text.split() if any(map(str.isalnum, word)))[:MAX_WORDS]
        return cls(text, words, _digits(text))


def _digits(text):
    if not re.fullmatch(r"[\d\s+()./\-\u2010-\u2015]+", text):
        return ""
    digits = re.sub(r"\D", "", text.replace("(0)", "")).lstrip("0")
    return digits if len(digits) >= MIN_DIGITS else ""
