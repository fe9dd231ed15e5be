from odoo import fields, models
from odoo.tools import SQL


class ContactAnswerReport(models.Model):
    """How long customers waited for the first answer.

    A row is a question: a contact from the customer, by a channel that is answered later (such as e-mail), which is not
    itself a further one while he already waits. Its answer is the next contact to him, or the next in which we spoke
    with him, by whatever channel and whoever of us.
    """

    _name = "contact.answer.report"
    _description = "Time to First Answer"
    _auto = False
    _order = "asked_at desc, id desc"
    _rec_name = "asked_at"
    _depends = {
        "contact.history.entry": ["happened_at", "channel", "direction", "user_id", "company_id"],
        "crm.touchpoint.channel": ["code", "is_answered_later"],
    }

    asked_at = fields.Datetime(string="Asked", readonly=True)
    answered_at = fields.Datetime(string="Answered", readonly=True)
    hours = fields.Float(string="Hours to First Answer", aggregator="avg", readonly=True)
    is_answered = fields.Boolean(string="Has an Answer", readonly=True)
    channel_id = fields.Many2one("crm.touchpoint.channel", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Answered By", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    @property
    def _table_query(self):
        # Neighbours are found one by one in the index on (customer, time), so that a filter on the period or on the
        # channel reaches the entries before their neighbours are looked for.
        return SQL(
            """
            SELECT q.id, q.happened_at AS asked_at, q.partner_id, q.commercial_partner_id, q.company_id,
                   c.id AS channel_id, a.user_id, a.happened_at AS answered_at, a.id IS NOT NULL AS is_answered,
                   EXTRACT(EPOCH FROM a.happened_at - q.happened_at)::float8 / 3600 AS hours
              FROM %s q
              JOIN crm_touchpoint_channel c ON c.code = q.channel AND c.is_answered_later
              LEFT JOIN LATERAL (
                    SELECT e.direction = 'in' AND COALESCE(ec.is_answered_later, FALSE) AS is_question
                      FROM contact_history_entry e
                      LEFT JOIN crm_touchpoint_channel ec ON ec.code = e.channel
                     WHERE e.commercial_partner_id = q.commercial_partner_id
                       AND e.direction IN ('in', 'out')
                       AND e.company_id IS NOT DISTINCT FROM q.company_id
                       AND (e.happened_at, e.id) < (q.happened_at, q.id)
                     ORDER BY e.happened_at DESC, e.id DESC
                     LIMIT 1) b ON TRUE
              LEFT JOIN LATERAL (
                    SELECT e.id, e.happened_at, e.user_id
                      FROM contact_history_entry e
                      LEFT JOIN crm_touchpoint_channel ec ON ec.code = e.channel
                     WHERE e.commercial_partner_id = q.commercial_partner_id
                       AND (e.direction = 'out' OR e.direction = 'in' AND ec.id IS NOT NULL AND ec.is_answered_later IS NOT TRUE)
                       AND e.company_id IS NOT DISTINCT FROM q.company_id
                       AND (e.happened_at, e.id) > (q.happened_at, q.id)
                     ORDER BY e.happened_at, e.id
                     LIMIT 1) a ON TRUE
             WHERE q.direction = 'in' AND b.is_question IS NOT TRUE
            """,
            self.env["contact.history.entry"]._entries_for_reader(),
        )
