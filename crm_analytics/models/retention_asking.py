from odoo import api, models
from odoo.tools import SQL


class RetentionDashboard(models.AbstractModel):
    """Many questions in one statement: so the dashboard opens in a handful of statements, whatever is filtered.

    Who counts something is a generator. It yields its question, SQL whose columns all have names, and is sent the rows as
    dicts of what JSON knows (a date is a text); it may ask again, and returns what it made of the answers.
    """

    _inherit = "retention.dashboard"

    @api.model
    def _ask_together(self, counters):
        """:param counters: {name: generator, as above}
        :returns: {name: what the generator returned}
        """
        found, answers = {}, dict.fromkeys(counters)
        while answers:
            questions = {}
            for name, rows in answers.items():
                try:
                    questions[name] = counters[name].send(rows)
                except StopIteration as end:
                    found[name] = end.value
            answers = self._ask(questions)
        return found

    @api.model
    def _ask(self, questions):
        """:param questions: {name: SQL}
        :returns: {name: rows, as above}
        """
        if not questions:
            return {}
        asked = SQL(" UNION ALL ").join(
            SQL("SELECT %s AS question, JSON_AGG(answer) AS answers FROM (%s) answer", name, question)
            for name, question in questions.items()
        )
        return {name: rows or [] for name, rows in self.env.execute_query(asked)}
