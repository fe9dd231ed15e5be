from odoo import http
from odoo.addons.crm_contact_history.tests.people import new_test_users
from odoo.tests import HttpCase, TransactionCase

PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\r"
    b"IDATx\x9cc\xf8\xff\xff?\x03\x00\x08\xfc\x02\xfe\xa7\x9a\xa0\xa0\x00\x00\x00\x00IEND\xaeB`\x82"
)


class ServiceDeskCase(TransactionCase):
    """Siti and Budi are customers with a login, Agus answers tickets, Lina leads, Maya manages, Eko is a plain
    employee."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.team = cls.env.ref("crm_service_desk.team_customer_service")
        siti = {"name": "Siti Rahmawati", "email": "siti@rahmawati.example"}
        cls.agent, cls.leader, cls.manager, cls.employee, cls.siti_user, cls.budi_user = new_test_users(
            cls.env,
            ("agus", "crm_service_desk.group_service_user", {"name": "Agus Pratama", "email": "agus@braga.example"}),
            ("lina", "crm_service_desk.group_service_leader", {"name": "Lina", "email": "lina@braga.example"}),
            ("maya", "crm_service_desk.group_service_manager", {"name": "Maya"}),
            ("eko", "base.group_user", {"name": "Eko"}),
            ("siti.portal", "base.group_portal", siti),
            ("budi.portal", "base.group_portal", {"name": "Budi Santoso", "email": "budi@surel.example"}),
        )
        cls.siti, cls.budi = cls.siti_user.partner_id, cls.budi_user.partner_id

    @classmethod
    def new_ticket(cls, partner=None, **values):
        """A complaint, by default Siti's about cold coffee."""
        values = {"name": "Cold coffee", "partner_id": (partner or cls.siti).id, **values}
        return cls.env["service.ticket"].create(values)

    @classmethod
    def stage(cls, category):
        return cls.env["service.stage"].search([("category", "=", category)], limit=1)

    @classmethod
    def say(cls, ticket, user, body="Hello"):
        """A public message of ``user`` on the ticket."""
        return ticket.with_user(user).message_post(
            body=body, message_type="comment", subtype_xmlid="mail.mt_comment", author_id=user.partner_id.id
        )

    def acknowledge(self):
        """Run the job that tells customers their numbers."""
        with self.enter_registry_test_mode():
            self.env.ref("crm_service_desk.ir_cron_acknowledge").method_direct_trigger()


class ServiceDeskHttpCase(HttpCase, ServiceDeskCase):
    def enter(self, user):
        """Log in as ``user``; None logs out."""
        self.authenticate(user and user.login, user and user.login.ljust(8, "x"))

    def token(self):
        return http.Request.csrf_token(self)

    def post_form(self, files=(), **typed):
        """Send the form of a new ticket, by default filled in rightly, as the user logged in.

        :param files: (name, content) each
        """
        form = {
            "type": "complaint",
            "subject": "Cold coffee",
            "description": "It was cold.",
            "csrf_token": self.token(),
        }
        return self.url_open(
            "/my/tickets/new",
            data={**form, **typed},
            files=[("files", (name, content)) for name, content in files] or None,
            timeout=60,
        )

    def newest_ticket(self):
        return self.env["service.ticket"].search([], order="id desc", limit=1)
