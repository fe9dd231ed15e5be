from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class LoyaltyJoinReview(models.TransientModel):
    """Several customers have the e-mail address of somebody who wants to join: staff says who it is."""

    _name = "loyalty.join.review"
    _description = "Review a Request to Join"

    request_id = fields.Many2one("loyalty.join.request", required=True, readonly=True, ondelete="cascade")
    name = fields.Char(related="request_id.name")
    email = fields.Char(related="request_id.email")
    phone = fields.Char(related="request_id.phone")
    choice = fields.Selection(
        [("known", "One of these customers"), ("new", "A new customer"), ("refuse", "Nobody: refuse")],
        required=True,
        default="known",
    )
    candidate_ids = fields.Many2many("res.partner", compute="_compute_candidate_ids")
    partner_id = fields.Many2one("res.partner", string="Customer", domain="[('id', 'in', candidate_ids)]")

    @api.depends("request_id")
    def _compute_candidate_ids(self):
        for wizard in self:
            # As the user again: only those whom he may see.
            found = wizard.request_id._customers().with_env(self.env) if wizard.request_id else self.env["res.partner"]
            wizard.candidate_ids = found._filtered_access("read")

    def action_apply(self):
        """Enrol, or refuse."""
        self.ensure_one()
        wish = self._check_may_review()
        if wish.state == "review":
            wish._lock_address()
        wish._check_to_review()
        wish.reviewer_id = self.env.user
        if self.choice == "refuse":
            wish.state = "refused"
            return {"type": "ir.actions.act_window_close"}
        if self.choice == "known" and self.partner_id not in self.candidate_ids:
            raise UserError(self.env._("Choose the customer who has asked to join."))
        # sudo: he is one of those found (checked above), and is enrolled as the request asks.
        wish._join(self.partner_id.sudo() if self.choice == "known" else wish._new_customer())
        wish._welcome()
        return {
            "type": "ir.actions.act_window",
            "res_model": "loyalty.membership",
            "res_id": wish.membership_id.id,
            "views": [[False, "form"]],
        }

    def _check_may_review(self):
        """The request, as superuser.

        :raises AccessError: unless the user is of the group "Clubs / User" and may read the request
        """
        self.request_id.check_access("read")
        if not self.env.user.has_group("crm_loyalty.group_club_user"):
            raise AccessError(self.env._("Ask a colleague of the group “Clubs / User” to enrol members."))
        # sudo: rights are checked above; requests themselves are nobody's to write.
        return self.request_id.sudo()
