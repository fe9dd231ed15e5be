import psycopg2
from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError
from odoo.tools import plaintext2html

from .service_stage import DONE_CATEGORIES


class ServiceTicket(models.Model):
    """How a customer files a ticket himself, and where he reads it."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    submission_token = fields.Char(
        copy=False, readonly=True, groups="base.group_system", help="Which form was sent: sent twice, it counts once."
    )

    # One ticket per form sent. By its sender, so that nobody can occupy another's token; not by customer, since
    # two customers may be merged into one.
    _submission_uidx = models.UniqueIndex(
        "(create_uid, submission_token) WHERE submission_token IS NOT NULL", "This form has already been sent."
    )

    def _compute_access_url(self):
        for ticket in self:
            ticket.access_url = f"/my/tickets/{ticket.id}"

    @api.model
    def _own_domain(self, partner):
        """The tickets a customer may see: those of his account."""
        return [("commercial_partner_id", "=", partner.commercial_partner_id.id)]

    @api.model
    def _waits_for_customer_domain(self):
        return [("stage_category", "=", "waiting_customer")]

    @api.model
    def _open_domain(self):
        return [("stage_category", "not in", DONE_CATEGORIES)]

    @api.model
    def _file(self, values, files=(), token=None):
        """File a ticket for the person at the screen; the same form sent again gives the same ticket.

        :param dict values: name, type, description (plain text), and what else was asked for; already checked
        :param files: (name, content) of the files that go with it
        :param str token: which form was sent
        :return: the ticket, as superuser
        :raise ConcurrencyError: the same form is being filed at this moment; a second try of the request finds it
        """
        if not self.has_access("read"):
            raise AccessError(self.env._("Only customers and the service desk can file a ticket."))
        user = self.env.user
        own = {"partner_id": user.partner_id.id, "company_id": user.company_id.id, "channel": "portal"}
        # sudo: the right to file was checked above, and the customer is always the person himself
        return self.sudo()._file_once({**values, **own}, files, token)

    @api.model
    def _file_once(self, values, files=(), token=None):
        """File a ticket; what is sent again by the same user under the same token gives the same ticket.

        Called as superuser, after the right to file was checked.

        :param dict values: of the ticket; its description is plain text
        :param files: (name, content) of the files that go with it
        :param str token: which form, or which request of a program, this is
        :raise ConcurrencyError: the same is being filed at this moment; a second try of the request finds it
        """
        sent = [("create_uid", "=", self.env.uid), ("submission_token", "=", token)]
        if token and (ticket := self.search(sent, limit=1)):
            return ticket
        description = plaintext2html(values["description"]) if values.get("description") else False
        try:
            with self.env.cr.savepoint():
                ticket = self.create({**values, "description": description, "submission_token": token})
        except psycopg2.errors.UniqueViolation as error:
            raise ConcurrencyError(self.env._("This form is being filed already.")) from error
        ticket._attach(files)
        return ticket

    def _attach(self, files):
        """Add files, (name, content) each, to the ticket.

        They are kept as they were sent, being evidence. Core would shrink pictures, and crash on a damaged one.
        """
        self.ensure_one()
        self.attachment_ids = (
            self.env["ir.attachment"]
            .with_context(image_no_postprocess=True)
            .create(
                [{"name": name, "raw": content, "res_model": self._name, "res_id": self.id} for name, content in files]
            )
        )

    def _claim_files(self):
        """Files uploaded in the form before the ticket was saved belong to nothing yet: make them the ticket's."""
        for ticket in self:
            loose = ticket.attachment_ids.filtered(lambda file: file.res_model == self._name and not file.res_id)
            if loose:
                loose.res_id = ticket.id
