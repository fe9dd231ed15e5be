from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.addons.crm_contact_history.signed_link import request_of_link, signed_link
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.constants import GC_UNLINK_LIMIT

SCOPE = "crm_loyalty.join_request"
VALID_HOURS = 48
KEPT_UNCONFIRMED = timedelta(days=7)


class LoyaltyJoinRequest(models.Model):
    """That somebody asked to join by himself: what he agreed to, when, and by which e-mail address he proved it.

    On the public page nobody is looked up, made or enrolled before the address is confirmed, so nobody learns there who
    is a customer. The link in the mail is signed by the database's secret and is good once: for a request that waits.
    """

    _name = "loyalty.join.request"
    _description = "Request to Join a Club"
    _order = "id desc"
    _check_company_auto = True

    club_id = fields.Many2one("loyalty.club", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="club_id.company_id", store=True, index=True)
    name = fields.Char(readonly=True)
    email = fields.Char(string="E-mail", readonly=True)
    email_normalized = fields.Char(
        string="E-mail Address", compute="_compute_email_normalized", store=True, index="btree_not_null"
    )
    phone = fields.Char(readonly=True)
    lang = fields.Char(string="Language", readonly=True)
    card_number = fields.Char(string="Printed Card", readonly=True, help="The number of the card that he has in hand.")
    way_in = fields.Selection(
        [("portal", "Portal"), ("public", "Public page")], required=True, readonly=True, default="public"
    )
    consent_id = fields.Many2one(
        "loyalty.club.consent", string="Agreed To", required=True, readonly=True, index=True, ondelete="restrict"
    )
    agreed_on = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    confirmed_on = fields.Datetime(string="E-mail Confirmed", readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waits for the e-mail to be confirmed"),
            ("review", "To review"),
            ("joined", "Joined"),
            ("member", "Was a member already"),
            ("refused", "Refused"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="waiting",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index="btree_not_null", ondelete="set null"
    )
    membership_id = fields.Many2one("loyalty.membership", readonly=True, index="btree_not_null", ondelete="set null")
    reviewer_id = fields.Many2one("res.users", string="Reviewed By", readonly=True, ondelete="set null")

    # Serves the list of those to review, and the cleaning up of those never confirmed.
    _to_review_idx = models.Index("(company_id, id) WHERE state = 'review'")
    _waiting_idx = models.Index("(agreed_on) WHERE state = 'waiting'")

    @api.depends("email")
    def _compute_email_normalized(self):
        for one in self:
            one.email_normalized = tools.email_normalize(one.email)

    @api.depends("name", "club_id")
    def _compute_display_name(self):
        for one in self:
            one.display_name = " · ".join(filter(None, [one.name, one.club_id.name]))

    # ------------------------------------------------------------ the link in the mail

    def _ask(self):
        """Send the mail with the link. It leaves in the background: the answer takes as long for everybody."""
        template = self.env.ref("crm_loyalty.mail_template_join_confirm")
        for one in self:
            template.send_mail(one.id)
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _confirm_url(self):
        """The link by which the owner of the e-mail address confirms; good for 48 hours, and once."""
        self.ensure_one()
        return signed_link(self, SCOPE, "/club/confirm/", self.agreed_on + timedelta(hours=VALID_HOURS))

    @api.model
    def _of_token(self, token):
        """The request that a link belongs to, in whichever state it is; none when the link is forged or too old."""
        return request_of_link(self, SCOPE, token)

    # ------------------------------------------------------------ joining

    def _confirm(self):
        """The owner of the e-mail address confirms: he joins, or the request goes to review.

        :raises UserError: when it was confirmed before, or the club cannot take him
        """
        self.ensure_one()
        self._lock_address()
        if self.state != "waiting":
            raise UserError(self.env._("This link was used already."))
        if not self.club_id._is_open():
            raise UserError(self.env._("%s does not take new members on this page any more.", self.club_id.name))
        self.confirmed_on = fields.Datetime.now()
        customers = self._customers()
        if len(self.club_id._members(customers)) > 1:
            self.state = "review"
        else:
            self._join(customers[:1] or self._new_customer())

    def _lock_address(self):
        """Two links for one address pressed at once: the second waits, and then sees what the first has done.

        PostgreSQL refuses the second as a row that it waited for has changed, and Odoo repeats the whole request.
        """
        self.flush_model()
        self.env.execute_query(
            SQL(
                "SELECT id FROM loyalty_join_request WHERE email_normalized = %s ORDER BY id FOR UPDATE",
                self.email_normalized,
            )
        )
        self.invalidate_recordset(["state"])

    def _customers(self):
        """The contacts with exactly this e-mail address, of the club's company or of none."""
        self.ensure_one()
        # sudo: asked after the address is confirmed, or by a member of staff who reviews the request.
        return (
            self.env["res.partner"]
            .sudo()
            .search(
                [
                    ("email_normalized", "=", self.email_normalized),
                    ("company_id", "in", [False, *self.company_id.ids]),
                ],
                order="id",
            )
        )

    def _new_customer(self):
        self.ensure_one()
        # sudo: as in _customers
        return (
            self.env["res.partner"]
            .sudo()
            .create({"name": self.name, "email": self.email, "phone": self.phone, "lang": self.lang})
        )

    def _join(self, customer):
        """Enrol ``customer`` (a ``res.partner``), unless he is in the club already."""
        self.ensure_one()
        club = self.club_id
        self.partner_id = customer
        membership = club._open_membership(customer)
        if membership:
            self.write({"membership_id": membership.id, "state": "member"})
            return
        arguments = {"way_in": self.way_in, **club._printed_card_arguments(customer, self.card_number)}
        membership = club._enrol(customer, reason=self._reason(), **arguments)
        self.write({"membership_id": membership.id, "state": "joined"})

    def _reason(self):
        ways = dict(self._fields["way_in"]._description_selection(self.env))
        return self.env._(
            "%(way)s; consent version %(version)s", way=ways[self.way_in], version=self.consent_id.version
        )

    def _welcome(self):
        """Mail the card number to those who have joined, so that it is not lost with the page."""
        template = self.env.ref("crm_loyalty.mail_template_join_welcome")
        for one in self.filtered(lambda one: one.membership_id and one.email):
            template.send_mail(one.id)

    def _way_into_the_portal(self):
        """How the new member gets to his card.

        A contact of a company gets no account by himself: the portal would show him the papers of his company.

        :return: dict with ``login``, or ``signup_url``, or neither
        """
        self.ensure_one()
        partner = self.partner_id
        if partner.user_ids:
            return {"login": partner.user_ids[:1].login}
        if not partner or partner.parent_id or partner.is_company:
            return {}
        signing_up = partner.with_context(signup_valid=True)
        return {"signup_url": signing_up._get_signup_url_for_action(url="/my/clubs")[partner.id]}

    # ------------------------------------------------------------ review by staff

    def action_review(self):
        """Ask which customer it is."""
        self.ensure_one()
        self._check_to_review()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who is it?"),
            "res_model": "loyalty.join.review",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_request_id": self.id},
        }

    def _check_to_review(self):
        """:raises UserError: when it was decided already"""
        if self.state != "review":
            raise UserError(self.env._("The request of %s is not waiting for a review.", self.name or self.id))

    @api.autovacuum
    def _gc_unconfirmed(self):
        """What was never confirmed is deleted: nobody has agreed to anything."""
        before = fields.Datetime.now() - timedelta(hours=VALID_HOURS) - KEPT_UNCONFIRMED
        old = self.search([("state", "=", "waiting"), ("agreed_on", "<", before)], limit=GC_UNLINK_LIMIT)
        old.unlink()
        return len(old), len(old) == GC_UNLINK_LIMIT
