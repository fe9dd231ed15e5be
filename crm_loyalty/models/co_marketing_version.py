from odoo import api, fields, models
from odoo.exceptions import UserError

from .co_marketing_agreement import KINDS_FOR_OUR_MEMBERS

TERMS = {"agreement_id", "number", "terms", "benefit_ids", "date_end"}
SIGNATURE = {"signed_by", "signed_on", "signed_partner_id", "signature"}


class CoMarketingVersion(models.Model):
    """The terms of an agreement as they were proposed and accepted, with their benefits.

    draft → proposed → accepted → replaced by the next one. Never changed once proposed; one is in force at a time.
    """

    _name = "co.marketing.version"
    _description = "Terms of a Co-Marketing Agreement"
    _order = "agreement_id, number desc"

    agreement_id = fields.Many2one("co.marketing.agreement", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="agreement_id.company_id", store=True)
    currency_id = fields.Many2one(related="agreement_id.currency_id")
    number = fields.Integer(string="Version", required=True, readonly=True, default=1)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("proposed", "Proposed"),
            ("accepted", "In Force"),
            ("replaced", "Replaced"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    terms = fields.Html(help="What both sides agree to, beside the benefits.")
    date_end = fields.Date(
        string="New Last Day",
        help="When these terms are accepted, the agreement lasts until this day. Empty: no change.",
    )
    benefit_ids = fields.One2many("co.marketing.benefit", "version_id", string="Benefits")
    proposed_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    proposed_on = fields.Datetime(readonly=True, copy=False)
    signed_by = fields.Char(string="Accepted by", readonly=True, copy=False)
    signed_on = fields.Datetime(string="Accepted on", readonly=True, copy=False)
    signed_partner_id = fields.Many2one(
        "res.partner", string="Signer", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    signature = fields.Image(readonly=True, copy=False, attachment=True, max_width=1024, max_height=1024)
    decline_reason = fields.Char(readonly=True, copy=False)

    _one_in_force = models.UniqueIndex(
        "(agreement_id) WHERE state = 'accepted'", "These terms have just been accepted. Reload the page."
    )
    _one_proposed = models.UniqueIndex(
        "(agreement_id) WHERE state = 'proposed'", "A version of the terms was proposed already. Open that one."
    )

    @api.depends("agreement_id", "number", "state")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(agreement)s, version %(number)s", agreement=version.agreement_id.name or "", number=version.number
            )

    # ------------------------------------------------------------ never changed

    def _check_changeable(self):
        """:raises UserError: when one of these versions was proposed already"""
        for version in self:
            if version.state != "draft":
                raise UserError(
                    self.env._(
                        "%s was proposed or accepted: it is never changed. Press “Change the Terms” on the agreement.",
                        version.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                if vals.get("state", "draft") != "draft" or SIGNATURE & set(vals):
                    raise UserError(self.env._("Terms begin as a draft. The partner accepts them in the portal."))
            # Whatever default a caller has sent along.
            vals_list = [{**vals, "state": "draft", **dict.fromkeys(SIGNATURE, False)} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if TERMS & set(vals):
            self._check_changeable()
        if not self.env.su and ("state" in vals or SIGNATURE & set(vals)):
            raise UserError(self.env._("The partner accepts the terms in the portal; nobody writes that by hand."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        self._check_changeable()

    def _copy_to(self, agreement, counted):
        """A draft with the same terms and benefits.

        :param counted: whether uses under these terms count for the limits of the new ones: so for a new version of the
            same agreement
        """
        self.flush_model(["state"])  # the unique indexes must see which versions are open by now
        version = self.create(
            {
                "agreement_id": agreement.id,
                "number": max(agreement.version_ids.mapped("number"), default=0) + 1,
                "terms": self.terms,
            }
        )
        for benefit in self.benefit_ids:
            first = benefit._counted() if counted else benefit.browse()
            benefit.copy({"version_id": version.id, "counted_benefit_id": first.id, "name": benefit.name})
        return version

    # ------------------------------------------------------------ from draft to force

    def _check_complete(self):
        """:raises UserError: when these terms promise nothing, or nowhere"""
        for version in self:
            agreement = version.agreement_id
            if not version.benefit_ids:
                raise UserError(
                    self.env._("%s has no benefits yet: add what is given before you propose it.", version.display_name)
                )
            if agreement.kind in KINDS_FOR_OUR_MEMBERS and not agreement.outlet_ids:
                raise UserError(
                    self.env._("Agreement %s has no outlets: add where our members are served.", agreement.name)
                )

    def _propose(self):
        self._check_changeable()
        # sudo: the state is written by these steps only; action_propose has checked who may.
        self.sudo().write({"state": "proposed", "proposed_by_id": self.env.uid, "proposed_on": fields.Datetime.now()})

    def _withdraw(self):
        """Take what was proposed back into draft."""
        # sudo: as above.
        self.sudo().filtered(lambda version: version.state == "proposed").write({"state": "draft"})

    def _check_proposed(self):
        self.ensure_one()
        if self.state != "proposed":
            raise UserError(
                self.env._(
                    "%s is not open for acceptance any more. Reload the page to see how it stands.", self.display_name
                )
            )

    def _accept(self, name, signature, contact):
        """The partner accepts: from now on these terms hold, and those before are replaced.

        For server code; that ``contact`` may sign for the partner is the caller's to check.

        :param name: of the person who signs
        :param signature: picture, base64
        :param contact: ``res.partner`` who was logged in
        :raises UserError: when these terms are not proposed, or name or signature is missing
        """
        self._check_proposed()
        if not name or not name.strip() or not signature:
            raise UserError(self.env._("Write your name and draw your signature to accept %s.", self.display_name))
        # sudo: the caller has checked that he may sign; nobody else writes this.
        version = self.sudo()
        agreement = version.agreement_id
        agreement.version_id.write({"state": "replaced"})
        version.flush_model(["state"])
        version.write(
            {
                "state": "accepted",
                "signed_by": name.strip()[:128],
                "signed_on": fields.Datetime.now(),
                "signed_partner_id": contact.id,
                "signature": signature,
            }
        )
        if not version.signature:  # what was sent is no picture
            raise UserError(self.env._("The signature cannot be read. Draw it again."))
        if version.date_end:
            agreement.write({"date_end": version.date_end, "notice_given_on": False})
        self.env["co.marketing.tally"]._recount(version.benefit_ids._counted())
        agreement._accepted()
        agreement.message_post(
            body=self.env._("%(version)s accepted by %(name)s", version=self.display_name, name=version.signed_by),
            author_id=contact.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _decline(self, reason, contact):
        """The partner does not accept: the terms go back to us. As :meth:`_accept`, for server code."""
        self._check_proposed()
        # sudo: as in _accept.
        version = self.sudo()
        version.write({"state": "draft", "decline_reason": (reason or "").strip()[:200]})
        if version.agreement_id.state == "proposed":
            version.agreement_id._enter("draft")
        version.agreement_id.message_post(
            body=self.env._(
                "%(version)s declined: %(reason)s", version=self.display_name, reason=version.decline_reason or "–"
            ),
            author_id=contact.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def action_propose(self):
        """As the button of the agreement."""
        return self.agreement_id.action_propose()
