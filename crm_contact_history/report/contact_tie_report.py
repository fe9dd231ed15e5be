from odoo import fields, models
from odoo.tools import SQL

# A tie hangs on one person when he had this share of at least so many contacts.
ONE_PERSON_SHARE = 0.8
ENOUGH_CONTACTS = 5


class ContactTieReport(models.Model):
    """Who of us knows which customer: contacts of the last twelve months by person, as far as the reader may know of
    them (``_entries_for_reader``)."""

    _name = "contact.tie.report"
    _description = "Who Knows Which Customer"
    _auto = False
    _order = "contacts desc, id desc"
    _rec_name = "user_id"
    _depends = {"contact.history.entry": ["happened_at", "direction", "user_id", "company_id", "commercial_partner_id"]}

    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Our Person", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    contacts = fields.Integer(readonly=True, help="Contacts he had with the customer in the last twelve months.")
    all_contacts = fields.Integer(
        string="Contacts of All", readonly=True, aggregator=False, help="Contacts that any of us had with the customer."
    )
    share = fields.Float(readonly=True, aggregator=False, help="His part of all contacts with the customer.")
    last_contact = fields.Datetime(readonly=True)
    hangs_on_one = fields.Boolean(
        string="Tie Hangs on One Person",
        readonly=True,
        help="He had at least 80 % of the contacts, and there were five or more: when he leaves, nobody knows the customer.",
    )

    @property
    def _table_query(self):
        # A filter on the customer reaches the entries: he is in the grouping and in the window.
        return SQL(
            """
            SELECT t.*, t.contacts::float8 / t.all_contacts AS share,
                   t.all_contacts >= %(enough)s AND t.contacts >= %(share)s * t.all_contacts AS hangs_on_one
              FROM (SELECT min(e.id) AS id, e.commercial_partner_id, e.company_id, e.user_id,
                           count(*)::int4 AS contacts, max(e.happened_at) AS last_contact,
                           (sum(count(*)) OVER (PARTITION BY e.commercial_partner_id, e.company_id))::int4 AS all_contacts
                      FROM %(entries)s e
                      JOIN res_users u ON u.id = e.user_id AND NOT u.share AND u.id <> %(robot)s
                     WHERE e.happened_at >= (now() AT TIME ZONE 'UTC') - interval '12 months'
                       AND e.direction IS DISTINCT FROM 'internal'
                     GROUP BY e.commercial_partner_id, e.company_id, e.user_id) t
            """,
            enough=ENOUGH_CONTACTS,
            share=ONE_PERSON_SHARE,
            robot=self.env.ref("base.user_root").id,
            entries=self.env["contact.history.entry"]._entries_for_reader(),
        )
