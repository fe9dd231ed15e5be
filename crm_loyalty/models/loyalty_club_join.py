import re
import secrets
from urllib.parse import quote_plus, urljoin

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
RESERVED_SLUGS = ("confirm",)  # the address of the link in the mail


class LoyaltyClub(models.Model):
    """Joining by oneself: the club's public page, its address, and what one agrees to."""

    _inherit = "loyalty.club"

    join_slug = fields.Char(
        string="Address of the Public Page",
        compute="_compute_join_slug",
        store=True,
        readonly=False,
        copy=False,
        help="Small letters, digits and hyphens. A printed QR code leads to the address that it was printed with.",
    )
    join_url = fields.Char(string="Public Page", compute="_compute_join_url")
    consent_text = fields.Text(
        string="Consent",
        required=True,
        default=lambda self: self._default_consent_text(),
        help="Whoever joins by himself ticks this text. Each wording is kept, with who has agreed to it.",
    )
    consent_ids = fields.One2many("loyalty.club.consent", "club_id", string="Wordings")

    # Serves the public page.
    _join_slug_unique = models.UniqueIndex(
        "(join_slug) WHERE join_slug IS NOT NULL", "Another club has this address already. Choose another."
    )

    def _default_consent_text(self):
        return self.env._(
            "I want to be a member. You may keep my name, e-mail address and telephone number, what I buy and my points"
            " for as long as I am a member, and write to me about my membership. I can leave the club and download my"
            " data at any time."
        )

    @api.depends("create_date")
    def _compute_join_slug(self):
        """An address that cannot be guessed, until somebody types a speaking one."""
        for club in self:
            club.join_slug = club.join_slug or secrets.token_hex(6)

    @api.depends("join_slug")
    def _compute_join_url(self):
        for club in self:
            club.join_url = club.join_slug and urljoin(club.get_base_url(), f"/club/{club.join_slug}")

    @api.constrains("join_slug")
    def _check_join_slug(self):
        for club in self:
            slug = club.join_slug or ""
            if slug in RESERVED_SLUGS or not (3 <= len(slug) <= 64 and SLUG.fullmatch(slug)):
                raise ValidationError(
                    self.env._(
                        "The public page of %(club)s cannot have the address “%(slug)s”: use 3 to 64 small letters,"
                        " digits and single hyphens.",
                        club=club.name,
                        slug=slug[:80],
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        clubs = super().create(vals_list)
        clubs._keep_consent_text()
        return clubs

    def write(self, vals):
        result = super().write(vals)
        if "consent_text" in vals:
            self._keep_consent_text()
        return result

    def _keep_consent_text(self):
        """Make the present text a version of its own, where it differs from the newest one."""
        versions = [
            {"club_id": club.id, "version": (club._consent().version or 0) + 1, "text": club.consent_text}
            for club in self
            if club._consent().text != club.consent_text
        ]
        # sudo: who may write the text of the club makes the version of it; versions themselves are nobody's to write.
        self.env["loyalty.club.consent"].sudo().create(versions)
        self.invalidate_recordset(["consent_ids"])

    def _consent(self):
        """The newest wording, to which new members agree."""
        self.ensure_one()
        return self.consent_ids.sorted("version")[-1:]

    # ------------------------------------------------------------ who may join by himself

    @api.model
    def _self_service_domain(self):
        """Clubs that anybody may join by himself."""
        return Domain("active", "=", True) & Domain("enrolment", "=", "open")

    @api.model
    def _company_domain(self, companies):
        """The clubs of these companies, of those above them, and of none: as the record rule says for staff."""
        return Domain("company_id", "in", [False, *companies.ids]) | Domain("company_id", "parent_of", companies.ids)

    def _is_open(self):
        """Whether anybody may join this club by himself."""
        self.ensure_one()
        return bool(self.filtered_domain(self._self_service_domain()))

    @api.model
    def _of_slug(self, slug):
        """The club of a public page, whether it takes members now or not; none for an unknown address.

        :return: ``loyalty.club`` as superuser: for the page's controller only, which shows name, company and consent
        """
        # sudo: the address is public by intent; visitors have no rights on clubs.
        slug = slug.lower()
        return self.sudo().search([("join_slug", "=", slug)], limit=1) if SLUG.fullmatch(slug) else self.sudo().browse()

    def _open_membership(self, partners):
        """The open membership in this club that one of these customers has, himself or by his company."""
        self.ensure_one()
        # sudo: asked by those who have proved to be this customer, or by whom _enrol has checked.
        return (
            self.env["loyalty.membership"]
            .sudo()
            .search(
                [
                    ("club_id", "=", self.id),
                    ("partner_id", "in", self._members(partners).ids),
                    ("state", "!=", "ended"),
                ],
                limit=1,
            )
        )

    # ------------------------------------------------------------ buttons

    def action_open_join_page(self):
        """Show the public page."""
        self._check_joinable()
        return {"type": "ir.actions.act_url", "url": self.join_url, "target": "new"}

    def action_print_poster(self):
        """A page with the QR code, to hang up at the counter."""
        self._check_joinable()
        return self.env.ref("crm_loyalty.report_club_poster").report_action(self)

    def action_download_qr_code(self):
        """The QR code as a picture, for a design of one's own."""
        self._check_joinable()
        return {
            "type": "ir.actions.act_url",
            "url": f"/report/barcode/?barcode_type=QR&width=1000&height=1000&barLevel=M&value={quote_plus(self.join_url)}",
            "target": "new",
        }

    def _check_joinable(self):
        """:raises UserError: when nobody may join by himself"""
        self.ensure_one()
        if not self._is_open():
            raise UserError(
                self.env._("Nobody joins %s by himself. Set “How One Joins” so that anybody may, first.", self.name)
            )
