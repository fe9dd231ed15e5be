import math
import re

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError


class CrmTouchpoint(models.Model):
    """Logged contacts of other programs, by Odoo's importer.

    Two columns are friendlier than the fields behind them: whom it was with by anything that names him, and how long
    it took as 24:10.
    """

    _inherit = "crm.touchpoint"

    contact_term = fields.Char(
        string="Name or e-mail or phone",
        compute="_compute_contact_term",
        inverse="_inverse_contact_term",
        help="For import: finds the one contact with this reference, e-mail address, telephone number or name.",
    )
    duration_text = fields.Char(
        string="Duration (h:mm)",
        compute="_compute_duration_text",
        inverse="_inverse_duration_text",
        help="For import: 0:05 is five minutes, 24:10 is 24 hours and ten minutes.",
    )

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import Template for Logged Contacts"),
                "template": "/crm_contact_history/static/import_templates/crm_touchpoint.csv",
            }
        ]

    # -- how long ------------------------------------------------------------------------------------------------

    @api.depends("duration")
    def _compute_duration_text(self):
        for touchpoint in self:
            finite = math.isfinite(touchpoint.duration)
            touchpoint.duration_text = tools.format_duration(touchpoint.duration) if finite else False

    def _inverse_duration_text(self):
        for touchpoint in self:
            touchpoint.duration = self._hours_of(touchpoint.duration_text)

    @api.model
    def _hours_of(self, text):
        """:return: hours written as "24:10", "24:10:30" or "24.5"
        :raises ValidationError: when it is none of these
        """
        text = (text or "").strip()
        if match := re.fullmatch(r"(\d{1,4}):([0-5]?\d)(?::([0-5]?\d))?", text):
            hours, minutes, seconds = (int(part or 0) for part in match.groups())
            return hours + minutes / 60 + seconds / 3600
        if not text or re.fullmatch(r"\d{1,4}([.,]\d{1,6})?", text):
            return float(text.replace(",", ".") or 0)
        raise ValidationError(self.env._("“%s” is no duration: write hours and minutes, such as 0:05.", text[:40]))

    # -- with whom -----------------------------------------------------------------------------------------------

    @api.depends("partner_id")
    def _compute_contact_term(self):
        for touchpoint in self:
            touchpoint.contact_term = touchpoint.partner_id.display_name

    def _inverse_contact_term(self):
        named = {touchpoint: (touchpoint.contact_term or "").strip() for touchpoint in self}
        found = self._partners_of({term for term in named.values() if term})
        for touchpoint, term in named.items():
            touchpoint.partner_id = found[term] if term else False

    @api.model
    def _partners_of(self, terms):
        """The one contact that each term names, among those whom this person may read; constant queries.

        :return: ``{term: res.partner}``
        :raises ValidationError: for a term that names nobody, or more than one: nobody is guessed
        """
        country = self.env.company.country_id
        phones = {term: self.env.user._phone_format(number=term, country=country) for term in terms}
        emails = {term: tools.email_normalize(term) for term in terms}
        ways = (("ref", {term: term for term in terms}), ("email_normalized", emails), ("phone_sanitized", phones))
        ways += (("name", {term: term for term in terms}),)
        found = {}
        for field, values in ways:
            left = {term: value for term, value in values.items() if value and term not in found}
            by_value = {}
            for partner in self.env["res.partner"].search([(field, "in", list(left.values()))]) if left else ():
                by_value.setdefault(partner[field], []).append(partner)
            found |= {term: by_value[value] for term, value in left.items() if value in by_value}
        for term in sorted(terms):
            if len(found.get(term, ())) != 1:
                raise ValidationError(self._nobody_or_many(term, found.get(term)))
        return {term: partners[0] for term, partners in found.items()}

    def _nobody_or_many(self, term, partners):
        if not partners:
            return self.env._("No contact has the name, e-mail, telephone number or reference “%s”.", term[:80])
        return self.env._(
            "%(number)s contacts answer to “%(term)s”: name the one by e-mail or reference.",
            number=len(partners),
            term=term[:80],
        )
