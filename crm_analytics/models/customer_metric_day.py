from odoo import api, fields, models
from odoo.tools import SQL

ALL = 2**31 - 1  # no contact has a higher number


class CustomerMetricDay(models.Model):
    """The day at whose end the figures of a company's customers hold: one row per company, written with each batch.

    Kept here once, not a million times: so a night writes only the customers whom something happened to.
    """

    _name = "customer.metric.day"
    _description = "Day of the Figures of Customers"
    _order = "company_id"
    _rec_name = "as_of"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", readonly=True)
    as_of = fields.Date("As of", required=True, readonly=True)
    next_partner = fields.Integer(
        "Next Contact", required=True, readonly=True, help="Figures of contacts with lower numbers are of this day."
    )
    before = fields.Date("Others as of", readonly=True, help="Empty: there are none.")

    basis = fields.Char(
        "Counted by",
        readonly=True,
        help="Rules and fit. The next night goes on from figures counted by the same; empty: it reads all facts.",
    )

    # Serves the day of a row of figures; and nobody has two.
    _company_uidx = models.UniqueIndex("(company_id)")

    @api.model
    def _note(self, company, as_of, next_partner=ALL, basis=None):
        """The figures of contacts with numbers below ``next_partner`` now are those of a day.

        When the work of another day was never finished, the others are told to hold at the day before that: they do, and
        those of them that it has changed say so themselves (column ``as_of``).

        :param basis: see ``customer.metric._counting_basis``; of what was not done in one piece, none
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_metric_day AS day (company_id, as_of, next_partner, basis)
                VALUES (%s, %s, %s, %s)
                    ON CONFLICT (company_id) DO UPDATE
                   SET as_of = EXCLUDED.as_of, basis = EXCLUDED.basis,
                       next_partner = CASE WHEN day.as_of = EXCLUDED.as_of
                                           THEN GREATEST(day.next_partner, EXCLUDED.next_partner)
                                           ELSE EXCLUDED.next_partner END,
                       before = CASE WHEN day.as_of = EXCLUDED.as_of OR day.next_partner < %s
                                     THEN day.before ELSE day.as_of END
                """,
                company.id,
                as_of,
                next_partner,
                basis,
                ALL,
            )
        )
        self.invalidate_model()
        self.env["customer.metric"].invalidate_model()

    def _is_whole(self):
        """Whether the figures of all customers are of this day."""
        self.ensure_one()
        return self.next_partner == ALL
