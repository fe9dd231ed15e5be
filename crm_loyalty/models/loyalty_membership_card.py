import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..report import card_codes


class LoyaltyMembership(models.Model):
    """The card of a member: printed, mailed, shown on the phone."""

    _inherit = "loyalty.membership"

    is_name_on_card = fields.Boolean(
        compute="_compute_is_name_on_card",
        help="The printed card can show the whole name: there are fonts for its letters.",
    )

    @api.depends("partner_id.name")
    def _compute_is_name_on_card(self):
        from ..report.card_fonts import is_drawable  # loads what of reportlab most workers never need

        for membership in self:
            membership.is_name_on_card = is_drawable(membership.partner_id.name or "")

    # ------------------------------------------------------------ on paper

    def _card_faces(self):
        """What stands on the cards of these memberships, each in its member's language. Queries: the same for one and
        for many of a language.

        :return: list of :class:`~..report.card_pdf.Face`
        :raises AccessError: unless the user may read the memberships
        :raises UserError: when one has ended, or there is none
        """
        self.check_access("read")
        self._check_printable()
        # sudo: the right to read the memberships is checked; name, card number and club are on them.
        memberships = self.sudo()
        faces = {}
        for lang, of_lang in memberships.grouped(lambda m: m.partner_id.lang).items():
            for membership in of_lang.with_context(lang=lang or self.env.lang):
                faces[membership.id] = membership._card_face()
        return [faces[membership.id] for membership in self]

    def _check_printable(self):
        """:raises UserError: when a card would be of no use"""
        if not self:
            raise UserError(self.env._("Choose the memberships whose cards are printed."))
        ended = self.filtered(lambda m: m.state == "ended")
        if ended:
            raise UserError(
                self.env._(
                    "Cards of ended memberships are not printed: %s. Leave them out, or enrol the customers anew.",
                    ", ".join(ended[:10].mapped("display_name")),
                )
            )

    def _card_face(self):
        club = self.club_id
        logo = club.with_context(bin_size=False).card_logo
        company = club.company_id
        from ..report.card_pdf import Face  # loads reportlab

        return Face(
            club=club.name,
            tier=self.tier_id.name or "",
            name=self.partner_id.name or "",
            number=self.card_id.code,
            valid=self._validity_text(),
            color=club.card_color,
            logo=base64.b64decode(logo) if logo else None,
            back=club.card_text or "",
            issuer=" · ".join(filter(None, [company.name, company.website])),
        )

    def _validity_text(self):
        """Until when the card is valid, for the member."""
        self.ensure_one()
        if self.state == "future":
            return self.env._("Valid from %s", format_date(self.env, self.date_start))
        return self.env._("Valid until %s", format_date(self.env, self.date_end)) if self.date_end else ""

    # ------------------------------------------------------------ on the screen

    def _card_codes(self):
        """Barcode and QR code of the card, as SVG to stand inside a page.

        The caller must have checked that the card is the reader's.
        """
        self.ensure_one()
        number = self.card_id.code
        return {
            "bars": card_codes.bars_svg(number, self.env._("Barcode of card %s", number)),
            "qr": card_codes.qr_svg(number, self.env._("QR code of card %s", number)),
        }

    # ------------------------------------------------------------ by mail

    def _mail_cards(self):
        """Mail the cards to those of these members who have an address, each in his language.

        :return: the memberships whose members are written to
        """
        # sudo: only called by _enrol and action_send_card, which have checked what the user may do; a clerk writes no
        # mails of himself.
        addressed = self.sudo().filtered(lambda m: m.partner_id.email and m.state != "ended")
        template = self.sudo().env.ref("crm_loyalty.mail_template_card", raise_if_not_found=False)
        if template and addressed:
            template.send_mail_batch(addressed.ids)
        return addressed.with_env(self.env)

    def action_send_card(self):
        """Mail the card to each of these members.

        :raises AccessError: unless the user is of the group "Clubs / User", who alone reads memberships of others
        :raises UserError: when nobody of them has an e-mail address
        """
        self.check_access("read")
        self.env["loyalty.club"]._check_clerk(self.env._("Ask a colleague of the group “Clubs / User” to send cards."))
        self._check_printable()
        sent = self._mail_cards()
        without = self - sent
        if not sent:
            raise UserError(
                self.env._("No e-mail address: %s. Enter it on the contact.", ", ".join(self.partner_id.mapped("name")))
            )
        message = self.env._("%s cards are on their way.", len(sent))
        if len(sent) == 1:
            message = self.env._("The card is on its way to %s.", sent.partner_id.email)
        if without:
            names = ", ".join(without[:10].partner_id.mapped("name"))
            message += " " + self.env._("Without e-mail address: %s.", names)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "warning" if without else "success", "message": message, "sticky": bool(without)},
        }


class LoyaltyClub(models.Model):
    """Cards by mail."""

    _inherit = "loyalty.club"

    def _check_clerk(self, message):
        """:raises AccessError: unless the user works with members"""
        if not (self.env.su or self.env.user.has_group("crm_loyalty.group_club_user")):
            raise AccessError(message)

    def _enrol(self, *args, **kwargs):
        memberships = super()._enrol(*args, **kwargs)
        imported = kwargs.get("way_in") == "import"  # they have been members for long, with a card of their own
        if self.send_card and not imported and not self.env.context.get("loyalty_no_mail"):
            memberships._mail_cards()
        return memberships
