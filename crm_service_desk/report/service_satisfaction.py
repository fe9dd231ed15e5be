from collections import defaultdict

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from .intervals import is_few, mean_of_counts, wilson

# By what the answers can be put side by side: the field to group by.
GROUPS = {"month": "answered_on:month", "team": "team_id", "category": "category_id", "agent": "user_id"}
# Marks from here on mean "satisfied" (CSAT, 1 to 5).
SATISFIED = 4
CES_SCALE = (1, 7)
QUESTIONS = ("csat", "csat_handling", "ces")


class ServiceFeedback(models.Model):
    """Satisfaction (CSAT) and ease (CES) side by side: each figure with its number of answers and its interval.

    CSAT is the share of marks 4 and 5, with Wilson's interval; CES the mean of the marks, with Student's (``intervals``). Reads
    the answers under the reader's rights.
    """

    _inherit = "service.feedback"  # pylint: disable=consider-merging-classes-inherited

    category_id = fields.Many2one(related="ticket_id.category_id")
    type = fields.Selection(related="ticket_id.type")

    @api.model
    @api.readonly
    def satisfaction(self, by="month", date_from=False, date_to=False, team_id=False, ticket_type=False):
        """The answers given in a period, by month, team, category or agent, and all together.

        :param str by: one of ``GROUPS``
        :param date_from, date_to: first and last day, in the reader's time zone; by default the last twelve months
        :param int team_id: of this team only
        :param str ticket_type: of this type of ticket only
        :return: dict of ``rows`` and ``total`` (dicts of label, number, domain, ``csat`` and ``csat_handling``: dicts of number,
            share, low, high from 0 to 1, is_few; ``ces``: dict of number, mean, low, high, is_few; what is not known is None),
            ``asked`` (surveys sent in the period), ``date_from``, ``date_to``, ``teams``, ``types``
        :raise UserError: for a group, type or period that makes no sense
        :raise AccessError: to who may not read feedback
        """
        self.browse().check_access("read")
        types = dict(self._fields["type"]._description_selection(self.env))
        if by not in GROUPS or (ticket_type and ticket_type not in types):
            raise UserError(self.env._("There are no answers by “%(by)s” of “%(type)s”.", by=by, type=ticket_type))
        period = self.env["service.period"]
        if not (date_from and date_to):
            date_from, date_to = period._last_months(12)
        scope = Domain("company_id", "=", self.env.company.id)
        if team_id:
            scope &= Domain("team_id", "=", int(team_id))
        if ticket_type:
            scope &= Domain("ticket_id.type", "=", ticket_type)
        domain = scope & period._within("answered_on", date_from, date_to)
        marks = self._marks_by_group(domain, GROUPS[by])
        together = {name: defaultdict(int) for name in QUESTIONS}
        for of_group in marks.values():
            for name in QUESTIONS:
                for mark, count in of_group[name].items():
                    together[name][mark] += count
        numbers = dict(self._read_group(domain, [GROUPS[by]], ["__count"]))
        keys = sorted(numbers, key=lambda key: (not key, key if by == "month" else -numbers[key]))
        return {
            "rows": [
                {
                    "label": self._group_label(by, key),
                    "domain": list(domain & self._group_domain(by, key)),
                    **self._satisfaction_figures(numbers[key], marks[key]),
                }
                for key in keys
            ],
            "total": {
                "label": self.env._("All together"),
                "domain": list(domain),
                **self._satisfaction_figures(sum(numbers.values()), together),
            },
            "asked": self.search_count(scope & period._within("sent_on", date_from, date_to)),
            "date_from": str(date_from),
            "date_to": str(date_to),
            "teams": self.env["service.team"].search_read(Domain.TRUE, ["name"]),
            "types": list(types.items()),
        }

    @api.model
    def _marks_by_group(self, domain, group):
        """{group: {question: {mark: how often it was given}}}; 0 is no mark. A query per question."""
        found = defaultdict(lambda: {name: {} for name in QUESTIONS})
        for name in QUESTIONS:
            for key, mark, count in self._read_group(domain & Domain(name, ">", 0), [group, name], ["__count"]):
                found[key][name][mark] = count
        return found

    @api.model
    def _satisfaction_figures(self, number, marks):
        figures = {"number": number}
        for name in ("csat", "csat_handling"):
            given = sum(marks[name].values())
            satisfied = sum(count for mark, count in marks[name].items() if mark >= SATISFIED)
            low, high = wilson(satisfied, given) if given else (None, None)
            share = satisfied / given if given else None
            figures[name] = {"number": given, "share": share, "low": low, "high": high, "is_few": is_few(given)}
        given = sum(marks["ces"].values())
        mean, low, high = mean_of_counts(marks["ces"], lowest=CES_SCALE[0], highest=CES_SCALE[1])
        figures["ces"] = {"number": given, "mean": mean, "low": low, "high": high, "is_few": is_few(given)}
        return figures

    @api.model
    def _group_label(self, by, key):
        if not key:
            return self.env._("None")
        return format_date(self.env, key, date_format="MMMM yyyy") if by == "month" else key.display_name

    @api.model
    def _group_domain(self, by, key):
        """The answers of a group, as far as the whole domain does not say it already."""
        if by != "month":
            return Domain(GROUPS[by], "=", key.id)
        first = fields.Date.to_date(key)
        return self.env["service.period"]._within("answered_on", first, first + relativedelta(months=1, days=-1))
