from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from . import co_marketing_number

KINDS_FOR_THEIR_CUSTOMERS = ("ours_to_theirs", "joint")
MOST_CODES = 5000  # at once: more are made in several batches


class CoMarketingAgreement(models.Model):
    """How the partner's customers are recognised at ours: by the number of the partner's card, or by codes."""

    _inherit = "co.marketing.agreement"

    card_prefix = fields.Char(
        string="Their Cards Begin With",
        help="How the numbers on the partner's customer cards begin. Empty: their cards are not recognised.",
    )
    card_length = fields.Integer(
        string="Characters", default=12, help="Of the whole number, without blanks and hyphens."
    )
    card_check = fields.Selection(
        co_marketing_number.CHECKS,
        string="Check Digit",
        required=True,
        default="none",
        help="Whether the last digit follows from the others: mistyped and most made-up numbers are then refused.",
    )
    code_count = fields.Integer(string="Codes", compute="_compute_code_count")

    # Serves recognising a number on an order.
    _card_prefix_idx = models.Index("(company_id) WHERE card_prefix IS NOT NULL")

    @api.constrains("card_prefix", "card_length")
    def _check_card_numbers(self):
        for agreement in self.filtered("card_prefix"):
            prefix, length = agreement.card_prefix, agreement.card_length
            good = prefix.isascii() and prefix.isalnum() and prefix == prefix.upper() and len(prefix) >= 2
            if not good or not co_marketing_number.SHORTEST <= length <= co_marketing_number.LONGEST:
                raise ValidationError(
                    self.env._(
                        "Agreement %(agreement)s: their cards begin with 2 or more digits or capital letters, and have"
                        " %(shortest)s to %(longest)s characters.",
                        agreement=agreement.name,
                        shortest=co_marketing_number.SHORTEST,
                        longest=co_marketing_number.LONGEST,
                    )
                )
            if len(prefix) > length - 4:
                raise ValidationError(
                    self.env._(
                        "Agreement %(agreement)s: after “%(prefix)s” there must be 4 digits or more.",
                        agreement=agreement.name,
                        prefix=prefix,
                    )
                )

    @api.model
    def _of_card_number(self, number, company):
        """The agreements in force to whose cards a number belongs, as superuser; the longest prefix first.

        :param number: as typed or scanned
        :param company: ``res.company`` of the order
        """
        number = co_marketing_number.plain(number)
        # sudo: whether a number is one of a partner's cards is told to whoever works on an order of this company.
        agreements = self.sudo().search(
            self._in_force_domain(fields.Date.context_today(self))
            & Domain("company_id", "=", company.id)
            & Domain("card_prefix", "!=", False)
            & Domain("kind", "in", KINDS_FOR_THEIR_CUSTOMERS)
        )
        return agreements.filtered(
            lambda one: co_marketing_number.looks_right(number, one.card_prefix, one.card_length, one.card_check)
        ).sorted(lambda one: -len(one.card_prefix))

    # ------------------------------------------------------------ codes

    def _compute_code_count(self):
        """Codes that were made for the partner to hand out. Queries: the same for one and for many."""
        # sudo: how many codes there are belongs to the agreement, which is the reader's.
        counted = self.env["loyalty.card"].sudo()._read_group(self._codes_domain(), ["program_id"], ["__count"])
        found = {}
        for program, count in counted:
            agreement = program.co_marketing_benefit_id.agreement_id.id
            found[agreement] = found.get(agreement, 0) + count
        for agreement in self:
            agreement.code_count = found.get(agreement.id, 0)

    def _codes_domain(self):
        return [
            ("program_id.co_marketing_benefit_id.agreement_id", "in", self.ids),
            ("co_marketing_is_code", "=", True),
        ]

    def _make_codes(self, benefit, count):
        """Codes of core's coupons, each good for one order, to be handed out by the partner.

        :param benefit: ``co.marketing.benefit`` of this agreement for the partner's customers
        :param count: how many, 1 to 5000
        :return: ``loyalty.card`` records, as superuser
        :raises UserError: when there can be none
        """
        self.ensure_one()
        self._check_manager()
        self._check_state("accepted", "running")
        if benefit.direction != "theirs" or benefit.version_id != self.version_id:
            raise UserError(
                self.env._(
                    "%s is not given to the partner's customers under the terms in force. Choose another benefit.",
                    benefit.name,
                )
            )
        if not 0 < count <= MOST_CODES:
            raise UserError(self.env._("Make 1 to %s codes at once.", MOST_CODES))
        program = benefit._their_program()
        # sudo: the right is checked above; who makes agreements need not manage core's programs.
        coupons = self.env["loyalty.card"].sudo().with_context(loyalty_no_mail=True, tracking_disable=True)
        codes = coupons.create([{"program_id": program.id, "points": 1, "co_marketing_is_code": True}] * count)
        self._message_log(body=self.env._("%(count)s codes made for “%(benefit)s”", count=count, benefit=benefit.name))
        return codes

    def action_make_codes(self):
        """Ask for which benefit and how many."""
        self.ensure_one()
        self._check_manager()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Codes for the Partner's Customers"),
            "res_model": "co.marketing.codes",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_agreement_id": self.id},
        }
