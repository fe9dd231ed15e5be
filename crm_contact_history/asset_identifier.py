"""Plates and serial numbers, however they are written."""

LONGEST = 64


def only_letters_and_digits(identifier):
    """ "D 1234-ab" and "d1234AB" are one plate: "D1234AB"."""
    return "".join(filter(str.isalnum, identifier or "")).upper()


def any_case(identifier):
    """ "No. 12/b" is "NO. 12/B", and not "NO 12B": spaces count once, signs count."""
    return " ".join((identifier or "").split()).upper()


NORMALISATIONS = {"letters_digits": only_letters_and_digits, "any_case": any_case}
