from odoo.tests import tagged

from .common_remedy import RemedyCase

NAMES_ONLY = {"fields": {"display_name": {}}}


@tagged("post_install", "-at_install")
class TestCustomerSideSpeed(RemedyCase):
    """The same number of queries for 1 and for 80 records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.acknowledgement_template_id = False
        tickets = cls.env["service.ticket"].create(
            [{"name": f"Ticket {n}", "partner_id": cls.siti.id, "user_id": cls.agent.id} for n in range(80)]
        )
        cls.remedies = cls.env["service.remedy"].create(
            [
                {"ticket_id": ticket.id, "partner_id": cls.siti.id, "kind": "apology", "user_id": cls.agent.id}
                for ticket in tickets
            ]
        )
        cls.actions = (
            cls.env["service.action"]
            .with_context(mail_activity_quick_update=True, tracking_disable=True)
            .create([{"ticket_id": ticket.id, "text": "Check", "user_id": cls.agent.id} for ticket in tickets])
        )
        tickets.stage_id = cls.stage("resolved")
        cls.feedback = tickets._new_feedback()

    def queries(self, records, names):
        """The number of queries of an agent's list with these columns, on a cold cache."""
        fields = records._fields
        specification = {name: NAMES_ONLY if fields[name].type == "many2one" else {} for name in names}
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        records.with_user(self.agent).web_read(specification)
        return self.env.cr.sql_log_count - before

    def assertSameQueries(self, records, names):
        self.queries(records[:1], names)  # registry caches
        self.assertEqual(self.queries(records[:1], names), self.queries(records, names))

    def test_the_list_of_remedies(self):
        names = ("ticket_id", "kind", "offered", "state", "cost_unknown", "cost", "currency_id", "user_id")
        self.assertSameQueries(self.remedies, names)

    def test_the_list_of_actions(self):
        names = ("ticket_id", "text", "kind", "root_cause_id", "user_id", "date_due", "is_overdue", "date_done")
        self.assertSameQueries(self.actions, names)

    def test_the_list_of_feedback(self):
        names = (
            "ticket_id",
            "partner_id",
            "answered_on",
            "csat",
            "csat_handling",
            "ces",
            "comment",
            "user_id",
            "is_low",
        )
        self.assertSameQueries(self.feedback, names)
