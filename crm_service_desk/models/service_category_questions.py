import re
from datetime import datetime

import pytz
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

LONGEST = {"char": 500, "text": 5000, "html": 5000}
BIGGEST = 10**15
# Kinds of property that can be asked of people who may read nothing of ours: those that point to records cannot.
ASKED = ("separator", "char", "text", "html", "boolean", "integer", "float", "monetary", "date", "datetime")
CHOSEN = ("selection", "tags")


class ServiceCategory(models.Model):
    """The category's own questions, as forms ask them: in the portal, in public and over the external API.

    They are core's properties, so an agent answers them in the web client and may look for them in lists. A form shows
    all kinds except those that point to records.
    """

    _inherit = "service.category"  # pylint: disable=consider-merging-classes-inherited

    is_offered = fields.Boolean(
        string="Offered in Forms", default=True, help="Customers may choose it in the portal and in the public form."
    )

    @api.model
    def _offered(self, company):
        """The categories that customers of a company may choose."""
        # sudo: customers may not read categories; what is handed out is meant for them, by is_offered.
        return self.sudo().search(
            Domain("is_offered", "=", True)
            & (Domain("company_id", "=", False) | Domain("company_id", "parent_of", company.ids))
        )

    def _questions(self):
        """What a form asks: list of dict with ``name``, ``label``, ``kind`` and ``options`` (value, label)."""
        self.ensure_one()
        return [
            {
                "name": question["name"],
                "label": question.get("string") or "",
                "kind": question["type"],
                "options": [(option[0], option[1]) for option in question.get(question["type"]) or []]
                if question["type"] in CHOSEN
                else [],
            }
            for question in self.ticket_properties_definition
            if question["type"] in ASKED + CHOSEN
        ]

    def _checked_answers(self, typed):
        """Answers for a ticket's ``properties`` from what was typed.

        :param dict typed: text by name of the question; a list of texts where several may be chosen. Other keys are
            not looked at
        :return: {name: value}, without questions that were not answered
        :raises ValidationError: with a sentence that names the question and says what to change
        """
        answers = {}
        for question in self._questions():
            value = typed.get(question["name"])
            if isinstance(value, str):
                value = value.replace("\x00", "").replace("\r\n", "\n").strip()
            if value not in (None, "", False, []) and question["kind"] != "separator":
                answers[question["name"]] = self._checked_answer(question, value)
        return answers

    def _checked_answer(self, question, value):
        kind = question["kind"]
        if kind == "boolean":
            return value in (True, "1", "on", "true")
        if kind == "tags":
            chosen = value if isinstance(value, list) else [value]
            if not set(chosen) <= {option for option, _label in question["options"]}:
                raise self._refused_choice(question)
            return chosen
        if isinstance(value, list):
            value = value[0]
        value = str(value)
        if kind == "selection":
            if value not in dict(question["options"]):
                raise self._refused_choice(question)
            return value
        return getattr(self, f"_checked_{kind}_answer", self._checked_text_answer)(question, value)

    def _refused_choice(self, question):
        return ValidationError(self.env._("“%s”: please choose one of the answers offered.", question["label"]))

    def _checked_text_answer(self, question, value):
        longest = LONGEST[question["kind"]]
        if len(value) > longest:
            raise ValidationError(
                self.env._(
                    "“%(question)s” has an answer of %(length)s characters; at most %(longest)s are possible.",
                    question=question["label"],
                    length=len(value),
                    longest=longest,
                )
            )
        return value

    def _checked_integer_answer(self, question, value):
        if not re.fullmatch(r"[+-]?[0-9]{1,9}", value):
            raise ValidationError(self.env._("“%s”: please enter a whole number.", question["label"]))
        return int(value)

    def _checked_float_answer(self, question, value):
        value = value.replace(",", ".")
        if not re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]{0,9})?", value) or abs(float(value)) > BIGGEST:
            raise ValidationError(self.env._("“%s”: please enter a number, such as 2.5.", question["label"]))
        return float(value)

    def _checked_monetary_answer(self, question, value):
        return self._checked_float_answer(question, value)

    def _checked_date_answer(self, question, value):
        try:
            return fields.Date.to_string(datetime.strptime(value, "%Y-%m-%d").date())
        except ValueError as error:
            raise ValidationError(
                self.env._("“%s”: please enter a date, such as 2026-12-31.", question["label"])
            ) from error

    def _checked_datetime_answer(self, question, value):
        """The time is one of the person's own zone, or of the company's."""
        try:
            local = datetime.strptime(value[:16].replace(" ", "T"), "%Y-%m-%dT%H:%M")
        except ValueError as error:
            raise ValidationError(
                self.env._("“%s”: please enter a date with a time, such as 2026-12-31 09:30.", question["label"])
            ) from error
        zone = pytz.timezone(self.env.user.tz or self.env.company.partner_id.tz or "UTC")
        return fields.Datetime.to_string(zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None))
