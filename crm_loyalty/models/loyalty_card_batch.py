from odoo import api, fields, models
from odoo.exceptions import UserError

MOST_CARDS = 20_000  # of one batch; a larger order for the printer is made of several
AT_ONCE = 1000  # cards made by one statement


class LoyaltyCardBatch(models.Model):
    """Cards that are printed before anybody has them: numbers are drawn, and each waits for its member.

    Such a card has no owner and is archived, so no order, till or look-up takes it. It begins to live when a member
    joins with it (:meth:`loyalty.club._take_printed_card`).
    """

    _name = "loyalty.card.batch"
    _description = "Batch of Printed Cards"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True, default=lambda self: self.env._("Printed cards"))
    club_id = fields.Many2one("loyalty.club", required=True, index=True, ondelete="restrict", check_company=True)
    company_id = fields.Many2one(related="club_id.company_id", store=True, index=True)
    count = fields.Integer(string="Cards", required=True, default=100)
    state = fields.Selection(
        [("draft", "Draft"), ("drawn", "Numbers drawn"), ("withdrawn", "Withdrawn")],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    card_ids = fields.One2many(
        "loyalty.card", "batch_id", string="Printed Cards", readonly=True, context={"active_test": False}
    )
    activated_count = fields.Integer(string="Given Out", compute="_compute_activated_count")

    _count_positive = models.Constraint(
        f"CHECK (count BETWEEN 1 AND {MOST_CARDS})",
        "A batch has 1 to 20,000 cards. Make several batches for more.",
    )

    def _compute_activated_count(self):
        # sudo: only how many, of batches that are the user's to read.
        given_out = dict(
            self.env["loyalty.card"]
            .sudo()
            .with_context(active_test=False)
            ._read_group(
                [("batch_id", "in", self.ids), ("partner_id", "!=", False)],
                ["batch_id"],
                ["__count"],
            )
        )
        for batch in self:
            batch.activated_count = given_out.get(batch._origin.sudo(), 0)

    def write(self, vals):
        if {"club_id", "count"} & vals.keys() and any(batch.state != "draft" for batch in self):
            raise UserError(self.env._("The numbers are drawn: make another batch for other cards."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        for batch in self:
            if batch.state != "draft":
                raise UserError(
                    self.env._("The numbers of “%s” are drawn, and may be printed. Withdraw it instead.", batch.name)
                )

    # ------------------------------------------------------------ buttons

    def action_draw(self):
        """Draw the numbers and make the cards, which wait for their members."""
        self.ensure_one()
        self._check_manager()
        if self.state != "draft":
            raise UserError(self.env._("The numbers of “%s” are drawn already.", self.name))
        club = self.club_id
        # sudo: the right is checked by _check_manager; a club manager need not have one on cards.
        Card = self.env["loyalty.card"].sudo().with_context(loyalty_no_mail=True, tracking_disable=True)
        common = {"program_id": club.program_id.id, "batch_id": self.id, "active": False}
        numbers = club._card_numbers(self.count)
        for first in range(0, len(numbers), AT_ONCE):
            Card.create([{"code": number, **common} for number in numbers[first : first + AT_ONCE]])
        self.state = "drawn"
        return True

    def action_withdraw(self):
        """Cards not given out yet are good for nobody any more: they are lost or spoilt."""
        self._check_manager()
        self.state = "withdrawn"
        return True

    def action_export(self):
        """The numbers for the printer."""
        self.ensure_one()
        self._check_manager()
        if self.state != "drawn":
            raise UserError(self.env._("“%s” has no numbers to print: draw them first.", self.name))
        return {"type": "ir.actions.act_url", "url": f"/crm_loyalty/card_batch/{self.id}.csv", "target": "download"}

    def _check_manager(self):
        self.check_access("read")
        self.env["loyalty.club"]._check_manager(self.env._("Only a club manager orders printed cards."))

    def _csv_rows(self):
        """What the printer needs: the header, and a row for each card not given out; read in parts."""
        self.ensure_one()
        yield [self.env._("Card Number"), self.env._("Club")]
        # sudo: called by the controller after _check_manager.
        cards = self.env["loyalty.card"].sudo().with_context(active_test=False)
        last = 0
        domain = [("batch_id", "=", self.id), ("partner_id", "=", False)]
        while part := cards.search_fetch([*domain, ("id", ">", last)], ["code"], limit=AT_ONCE, order="id"):
            for card in part:
                yield [card.code, self.club_id.name]
            last = part[-1].id
            cards.invalidate_model()


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    batch_id = fields.Many2one(
        "loyalty.card.batch",
        string="Printed in Batch",
        readonly=True,
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
    )
