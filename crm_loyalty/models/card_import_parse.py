"""What the cells of one imported row mean."""

import datetime
import re

from odoo import tools

from .card_import_file import COLUMNS, LONGEST_CELL

CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]")
CARD_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{2,39}")
MOST_POINTS = 1e9
DATE_FORMATS = {"ymd": "%Y-%m-%d", "dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y"}
NUMBERS = {"point": re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?"), "comma": re.compile(r"[0-9]{1,12}(,[0-9]{1,6})?")}


class ParsedRow:
    """A row as texts and as values.

    :ivar texts: ``{column: text}`` as in the file, shortened to what can be kept
    :ivar problems: sentences; the row can be taken when there are none
    """

    email = phone = tier_id = start = end = None
    points = 0.0

    def __init__(self, texts):
        self.texts, self.problems = texts, []


class RowParser:
    """Parses the rows of one import.

    :param club: ``loyalty.club``
    :param date_format: key of :data:`DATE_FORMATS`; years first are always understood
    :param decimal: ``point`` or ``comma``
    """

    def __init__(self, club, date_format, decimal):
        self.club, self.env = club, club.env
        self.today = club._today()
        self.country = club.company_id.country_id or self.env.company.country_id
        self.date_formats = dict.fromkeys(["%Y-%m-%d", DATE_FORMATS[date_format]])
        self.decimal = decimal
        self.entry_tier = club._entry_tier()
        self.tiers = self._tier_names()
        self.ends = {}

    def _tier_names(self):
        """``{name in small letters: id}``, in every language in use."""
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        return {
            tier.with_context(lang=language).name.strip().lower(): tier.id
            for language in languages
            for tier in self.club.tier_ids
        }

    def parse(self, texts, readable):
        """
        :param texts: ``{column: text}``
        :param readable: whether the line could be split into its cells
        :return: :class:`ParsedRow`
        """
        row = ParsedRow({name: self._kept(texts.get(name, "")) for name in COLUMNS})
        if not readable:
            row.problems.append(self.env._("The line has more cells than the header, or quotes without an end."))
            return row
        broken = [name for name, text in texts.items() if len(text) > LONGEST_CELL or CONTROL_CHARACTERS.search(text)]
        if broken:
            row.problems.append(
                self.env._("Too long, or with characters that are no text: %s.", ", ".join(sorted(broken)))
            )
            return row
        for parse in (self._number, self._identity, self._tier, self._points, self._dates):
            parse(row, row.texts)
        return row

    @staticmethod
    def _kept(text):
        # The report of refused rows protects what a spreadsheet would take for a formula by an apostrophe.
        text = text[1:] if text[:2] in ("'=", "'+", "'-", "'@") else text
        return CONTROL_CHARACTERS.sub(" ", text[:LONGEST_CELL])

    def _number(self, row, texts):
        if not texts["card_number"]:
            row.problems.append(self.env._("The card number is missing."))
        elif not CARD_NUMBER.fullmatch(texts["card_number"]):
            row.problems.append(
                self.env._("“%s” is no card number: 3 to 40 digits, letters and hyphens.", texts["card_number"][:40])
            )

    def _identity(self, row, texts):
        if texts["email"]:
            row.email = tools.email_normalize(texts["email"]) or None
            if not row.email:
                row.problems.append(self.env._("“%s” is no e-mail address.", texts["email"][:60]))
        if texts["phone"]:
            row.phone = self.env.user._phone_format(number=texts["phone"], country=self.country) or None
            if not row.phone:
                row.problems.append(self.env._("“%s” is no telephone number.", texts["phone"][:60]))
        if not any(texts[name] for name in ("name", "email", "phone", "reference")):
            row.problems.append(self.env._("Name, e-mail, phone and reference are all empty: whose card is it?"))

    def _tier(self, row, texts):
        row.tier_id = self.tiers.get(texts["tier"].lower()) if texts["tier"] else self.entry_tier.id or None
        if texts["tier"] and not row.tier_id:
            row.problems.append(
                self.env._("%(club)s has no tier “%(tier)s”.", club=self.club.name, tier=texts["tier"][:60])
            )

    def _points(self, row, texts):
        text = texts["points"]
        if not text:
            return
        if not NUMBERS[self.decimal].fullmatch(text) or float(text.replace(",", ".")) > MOST_POINTS:
            row.problems.append(
                self.env._("“%s” is no number of points: digits, 0 or more, without separators.", text[:40])
            )
        else:
            row.points = float(text.replace(",", "."))

    def _dates(self, row, texts):
        row.start = self._date(row, texts["start"]) or self.today
        row.end = self._date(row, texts["end"]) or self._club_end(row.start)
        if row.end and row.end < row.start:
            row.problems.append(self.env._("It would end before it begins, on %s.", row.end.isoformat()))
        elif row.end and row.end < self.today:
            row.problems.append(self.env._("It is over since %s.", row.end.isoformat()))

    def _date(self, row, text):
        if not text:
            return None
        for date_format in self.date_formats:
            try:
                day = datetime.datetime.strptime(text, date_format).date()
            except ValueError:
                continue
            if 1900 <= day.year <= 2999:
                return day
        row.problems.append(self.env._("“%s” is no date of the chosen form.", text[:40]))
        return None

    def _club_end(self, start):
        """As the club says; most rows share few days."""
        if start not in self.ends:
            self.ends[start] = self.club._validity_end(start) or None
        return self.ends[start]
