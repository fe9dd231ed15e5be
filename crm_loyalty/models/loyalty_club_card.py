import base64
import binascii
import io
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from PIL import Image, UnidentifiedImageError

MOST_TEXT, MOST_LINES = 700, 12  # of the back of a card, in letters that can still be read


class LoyaltyClub(models.Model):
    """How the club's cards look, and whether new members get theirs by mail."""

    _inherit = "loyalty.club"

    card_color = fields.Char(string="Color", required=True, default="#0f766e", help="Background of the card.")
    card_logo = fields.Image(string="Logo", max_width=800, max_height=400, help="PNG or JPEG, wider than high.")
    card_text = fields.Text(
        string="Text on the Back",
        translate=True,
        help="What holds for the card, and where it can be handed in when found. Empty: the card has no back.",
    )
    send_card = fields.Boolean(
        string="Mail the Card to New Members", tracking=True, help="Sent at once, with the card as PDF."
    )

    @api.constrains("card_color")
    def _check_card_color(self):
        for club in self:
            if not re.fullmatch(r"#[0-9a-fA-F]{6}", club.card_color):
                raise ValidationError(
                    self.env._("Enter the color of %s as # and six digits, for example #0f766e.", club.name)
                )

    @api.constrains("card_logo")
    def _check_card_logo(self):
        for club in self.filtered("card_logo"):
            try:
                Image.open(io.BytesIO(base64.b64decode(club.card_logo))).verify()
            except (UnidentifiedImageError, OSError, SyntaxError, binascii.Error) as error:
                raise ValidationError(
                    self.env._("The logo of %s cannot be printed: choose a PNG or JPEG image.", club.name)
                ) from error

    @api.constrains("card_text")
    def _check_card_text(self):
        for club in self:
            text = club.card_text or ""
            if len(text) > MOST_TEXT or len(text.splitlines()) > MOST_LINES:
                raise ValidationError(
                    self.env._(
                        "The text on the back of the card of %(club)s has %(length)s letters: a card holds %(most)s, in"
                        " %(lines)s lines.",
                        club=club.name,
                        length=len(text),
                        most=MOST_TEXT,
                        lines=MOST_LINES,
                    )
                )
