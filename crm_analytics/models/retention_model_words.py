from markupsafe import Markup
from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import formatLang


class RetentionModel(models.Model):
    """A fit in words and tables that its owner understands."""

    _inherit = "retention.model"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    summary = fields.Text("In Words", compute="_compute_words")
    holdout_words = fields.Text("Did It Hold?", compute="_compute_words")
    holdout_table = fields.Html("Hold-out Test by Tenths", compute="_compute_words", sanitize=False)
    parameter_table = fields.Html("Parameters and Their Meaning", compute="_compute_words", sanitize=False)

    @api.depends("state", "message", "parameters", "holdout")
    @api.depends_context("lang")
    def _compute_words(self):
        for fit in self:
            fitted = fit.state == "fitted"
            fit.summary = fit._summary() if fitted else fit.message
            fit.holdout_words = fit._holdout_words() if fitted else False
            fit.holdout_table = fit._holdout_table() if fit.holdout else False
            fit.parameter_table = fit._parameter_table() if fitted else False

    def _summary(self):
        text = self.env._(
            "Fitted to all purchases until %(day)s of %(customers)s customers, %(repeat)s of whom bought on more than one "
            "day. Estimates look %(months)s months ahead, and money of next year counts %(discount)s %% less than today's.",
            day=format_date(self.env, self.as_of),
            customers=self._number(self.customers),
            repeat=self._number(self.repeat_customers),
            months=self.horizon_months,
            discount=f"{100 * self.discount_rate:g}",
        )
        return f"{text} {self.message}" if self.message else text

    def _holdout_words(self):
        """What the hold-out test found; why there is none."""
        found = self.holdout
        if not found:
            return self.env._("There was no test: the first part of the time has too few purchases to fit to.")
        actual = max(found["actual"], 1)
        return self.env._(
            "Fitted only to what was bought before %(day)s, it predicted %(predicted)s purchases by %(last)s; %(actual)s "
            "came, so it was %(off)s %% off. “Everybody goes on as before” would have said %(naive)s, %(naive_off)s %% off. "
            "Per customer it was off by %(mae)s purchases on average, “as before” by %(naive_mae)s.",
            day=format_date(self.env, found["date_from"]),
            last=format_date(self.env, found["date_to"]),
            predicted=self._number(found["predicted"]),
            actual=self._number(found["actual"]),
            off=self._number(100 * abs(found["predicted"] - actual) / actual),
            naive=self._number(found["naive"]),
            naive_off=self._number(100 * abs(found["naive"] - actual) / actual),
            mae=self._number(found["mae"], 2),
            naive_mae=self._number(found["naive_mae"], 2),
        )

    def _holdout_table(self):
        titles = [
            self.env._("Tenth"),
            self.env._("Customers"),
            self.env._("Came"),
            self.env._("Predicted"),
            self.env._("As before"),
        ]
        rows = [
            [part["decile"], self._number(part["customers"])]
            + [self._number(part[name], 2) for name in ("actual", "predicted", "naive")]
            for part in self.holdout["deciles"]
        ]
        return _table(self.env._("Purchases per customer; the first tenth is of whom most was predicted"), titles, rows)

    def _parameter_table(self):
        meanings = {
            "r": self.env._("How alike customers are in how often they buy (larger: more alike)"),
            "alpha": self.env._("Weeks; r divided by it is the mean number of purchases per week"),
            "a": self.env._("With b: the chance to leave after a purchase is a / (a + b) on average"),
            "b": self.env._("See a"),
            "p": self.env._("How alike the purchases of one customer are (larger: more alike)"),
            "q": self.env._("How alike customers are in what they spend (larger: more alike)"),
            "v": self.env._("Money; p times it, divided by q − 1, is the mean of a purchase"),
            "correlation": self.env._("Of number and amount of purchases; near 0, or the lifetime value misleads"),
        }
        rows = [
            [
                name,
                self._number(one["value"], 3),
                "± " + self._number(one["error"], 3) if one["error"] is not None else "",
                meanings[name],
            ]
            for name in meanings
            if (one := self.parameters.get(name))
        ]
        return _table(
            "",
            [self.env._("Name"), self.env._("Value"), self.env._("Error"), self.env._("Meaning")],
            rows,
            words=(0, 3),
        )

    def _number(self, value, digits=0):
        return formatLang(self.env, value, digits=digits)


def _table(caption, titles, rows, words=()):
    """A table that scrolls sideways on a phone.

    :param words: indexes of the columns that hold words; the others hold numbers and are set to the right
    """

    def line(tag, texts):
        sides = ("text-start" if index in words else "text-end" for index in range(len(texts)))
        cells = zip(sides, texts, strict=True)
        return Markup().join(Markup("<{0} class='{1}'>{2}</{0}>").format(tag, side, text) for side, text in cells)

    label = Markup("<caption class='caption-top'>%s</caption>") % caption if caption else Markup()
    body = Markup().join(Markup("<tr>%s</tr>") % line("td", row) for row in rows)
    return Markup(
        "<div class='table-responsive'><table class='table table-sm w-auto mb-0'>%s<thead><tr>%s</tr></thead>"
        "<tbody>%s</tbody></table></div>"
    ) % (label, line("th", titles), body)
