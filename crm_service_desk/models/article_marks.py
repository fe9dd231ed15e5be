"""A piece of an article with the words found in it marked. Plain functions, without a database."""

from markupsafe import Markup, escape

from .article_words import WORD, plain

LENGTH = 220
BEFORE = 60


def is_found(word, lexemes):
    """Whether ``word`` is one of those searched; a lexeme that ends with ``:*`` stands for a beginning."""
    word = plain(word)
    return any(
        word.startswith(lexeme[:-2]) if lexeme.endswith(":*") else word == lexeme for lexeme in lexemes if lexeme
    )


def marked(text, lexemes):
    """The text as safe HTML, each word found in ``<mark>``. Everything else is escaped."""
    pieces, end = [], 0
    for match in WORD.finditer(text):
        if is_found(match.group(), lexemes):
            pieces += [escape(text[end : match.start()]), Markup("<mark>%s</mark>") % match.group()]
            end = match.end()
    return Markup().join([*pieces, escape(text[end:])])


def excerpt(text, lexemes=(), length=LENGTH):
    """The piece of the text around the first word found, or its beginning, on one line, as safe HTML."""
    text = " ".join((text or "").split())
    first = next((match for match in WORD.finditer(text) if is_found(match.group(), lexemes)), None)
    start = max(first.start() - BEFORE, 0) if first and first.end() > length else 0
    if start:
        start = text.find(" ", start) + 1
    piece = text[start : start + length]
    if start + length < len(text):
        piece = piece.rpartition(" ")[0] or piece
    return Markup("").join(
        ["… " if start else "", marked(piece, lexemes), " …" if start + len(piece) < len(text) else ""]
    )
