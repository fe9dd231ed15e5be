from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.addons.crm_contact_history.signed_link import request_of_link, signed_link
from odoo.exceptions import UserError
from odoo.tools.constants import GC_UNLINK_LIMIT

SCOPE = "crm_service_desk.filing_request"
VALID_HOURS = 48
KEPT_UNCONFIRMED = timedelta(days=1)
KEPT_CONFIRMED = timedelta(days=30)


class ServiceFilingRequest(models.Model):
    """What somebody without a login has typed into the public form, until he proves his e-mail address.

    Nobody is looked up and no ticket is made before: so nobody files for another, and nobody learns who is a customer.
    The link in the mail is signed by the database's secret and good once. What was typed goes over to the ticket and is
    then no more here; what is never confirmed is deleted with its files.
    """

    _name = "service.filing.request"
    _description = "Ticket Waiting for Its E-mail Address"
    _order = "id desc"

    name = fields.Char(readonly=True)
    email = fields.Char(string="E-mail", readonly=True)
    email_normalized = fields.Char(
        string="E-mail Address", compute="_compute_email_normalized", store=True, index="btree_not_null"
    )
    phone = fields.Char(readonly=True)
    lang = fields.Char(string="Language", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    type = fields.Selection(
        selection=lambda self: self.env["service.ticket"]._fields["type"].selection, required=True, readonly=True
    )
    subject = fields.Char(readonly=True)
    description = fields.Text(readonly=True)
    category_id = fields.Many2one("service.category", readonly=True, index="btree_not_null", ondelete="set null")
    answers = fields.Json(readonly=True, help="Answers to the category's questions.")
    remedy_sought = fields.Selection(
        selection=lambda self: self.env["service.ticket"]._fields["remedy_sought"].selection, readonly=True
    )
    remedy_sought_text = fields.Text(string="Remedy in His Words", readonly=True)
    safety_concern = fields.Boolean(readonly=True)
    branch_id = fields.Many2one(
        "res.partner", string="Branch Concerned", readonly=True, index="btree_not_null", ondelete="set null"
    )
    asked_on = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    confirmed_on = fields.Datetime(string="E-mail Confirmed", readonly=True)
    ticket_id = fields.Many2one("service.ticket", readonly=True, index="btree_not_null", ondelete="cascade")

    # Serve the cleaning up, of those never confirmed and of those that are tickets.
    _waiting_idx = models.Index("(asked_on) WHERE ticket_id IS NULL")
    _done_idx = models.Index("(confirmed_on) WHERE ticket_id IS NOT NULL")

    @api.depends("email")
    def _compute_email_normalized(self):
        for one in self:
            one.email_normalized = tools.email_normalize(one.email)

    # ------------------------------------------------------------ the link in the mail

    def _ask(self, files=()):
        """Keep the files and send the mail with the link. It leaves in the background.

        :param files: (name, content) each
        """
        self.ensure_one()
        # Kept as they were sent, being evidence: as on tickets.
        self.env["ir.attachment"].with_context(image_no_postprocess=True).create(
            [{"name": name, "raw": content, "res_model": self._name, "res_id": self.id} for name, content in files]
        )
        self.env.ref("crm_service_desk.mail_template_filing_confirm").send_mail(self.id)
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _confirm_url(self):
        """The link by which the owner of the e-mail address confirms; good for 48 hours, and once."""
        self.ensure_one()
        return signed_link(self, SCOPE, "/service/confirm/", self.asked_on + timedelta(hours=VALID_HOURS))

    @api.model
    def _of_token(self, token):
        """The request that a link belongs to, confirmed or not; none when the link is forged or too old."""
        return request_of_link(self, SCOPE, token)

    # ------------------------------------------------------------ the ticket

    def _confirm(self):
        """The owner of the e-mail address confirms: the ticket is made.

        :return: the ticket, as superuser
        :raises UserError: when it was confirmed before
        """
        self.ensure_one()
        self.lock_for_update()
        if self.ticket_id:
            raise UserError(self.env._("This link was used already."))
        ticket = self.env["service.ticket"].with_company(self.company_id)._file_once(self._ticket_values())
        files = self._files()
        # sudo: the files were sent with the request, whose address is proved now.
        files.sudo().write({"res_model": ticket._name, "res_id": ticket.id})
        ticket.attachment_ids = files
        ticket._message_log(body=self._how_filed())
        self.write({"ticket_id": ticket.id, "confirmed_on": fields.Datetime.now(), **self._emptied()})
        return ticket

    def _ticket_values(self):
        tickets = self.env["service.ticket"]
        customer, unclear = tickets._customer_with_address(self.email_normalized, self.company_id)
        if not customer and not unclear:
            new = {"phone": self.phone, "lang": self.lang}
            customer = tickets._new_customer(self.email_normalized, self.name, self.env["res.company"], **new)
        return {
            "partner_id": customer.id,
            "sender_email": self.email_normalized,
            "company_id": self.company_id.id,
            "channel": "web",
            "type": self.type,
            "name": self.subject,
            "description": self.description,
            "category_id": self.category_id.id,
            "properties": self.answers or {},
            "remedy_sought": self.remedy_sought,
            "remedy_sought_text": self.remedy_sought_text,
            "safety_concern": self.safety_concern,
            "branch_id": self.branch_id.id,
            "date_received": self.asked_on,
        }

    def _how_filed(self):
        """A note for the agent: what he said of himself may differ from the contact that we have."""
        who = ", ".join(filter(None, [self.name, self.email_normalized, self.phone]))
        return self.env._("Filed in the public form by %s. The e-mail address is confirmed.", who)

    def _files(self):
        """The files that were sent along."""
        # sudo: files of a request have no owner yet; called for requests as superuser only.
        files = self.env["ir.attachment"].sudo()
        return files.search([("res_model", "=", self._name), ("res_id", "in", self.ids)])

    @api.model
    def _emptied(self):
        """Values that leave nothing of what was typed, except by which address it came."""
        texts = ("name", "phone", "subject", "description", "answers", "remedy_sought_text")
        return dict.fromkeys(texts, False)

    @api.autovacuum
    def _gc_old(self):
        """What was never confirmed is deleted with its files; what is a ticket is only kept as long as links are
        looked at again."""
        now = fields.Datetime.now()
        unconfirmed = now - timedelta(hours=VALID_HOURS) - KEPT_UNCONFIRMED
        old = self.search([("ticket_id", "=", False), ("asked_on", "<", unconfirmed)], limit=GC_UNLINK_LIMIT)
        old += self.search(
            [("ticket_id", "!=", False), ("confirmed_on", "<", now - KEPT_CONFIRMED)], limit=GC_UNLINK_LIMIT
        )
        old.unlink()
        return len(old), len(old) >= GC_UNLINK_LIMIT
