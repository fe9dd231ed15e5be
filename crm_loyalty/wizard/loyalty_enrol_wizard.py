from odoo import api, fields, models


class LoyaltyEnrolWizard(models.TransientModel):
    """Who joins which club."""

    _name = "loyalty.enrol.wizard"
    _description = "Enrol in a Club"

    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    club_id = fields.Many2one("loyalty.club", required=True)
    member_ids = fields.Many2many("res.partner", string="Members", compute="_compute_member_ids")
    shows_members = fields.Boolean(compute="_compute_member_ids")
    tier_id = fields.Many2one(
        "res.partner.grade",
        compute="_compute_tier_id",
        store=True,
        readonly=False,
        domain="[('club_id', '=', club_id)]",
    )
    may_choose_tier = fields.Boolean(compute="_compute_may_choose_tier")
    date_start = fields.Date(string="First Day", required=True, default=fields.Date.context_today)
    date_end = fields.Date(string="Valid Until", compute="_compute_date_end")
    reason = fields.Char(string="Note", help="Stands in the membership's log.")
    card_number = fields.Char(
        string="Printed Card",
        help="Scan or type the number of the card that the customer is handed. Empty: a new number is drawn.",
    )

    @api.depends("partner_ids", "club_id")
    def _compute_member_ids(self):
        """Whose card it will be: shown when it is not just the customers chosen."""
        for wizard in self:
            partners = wizard.partner_ids._origin
            wizard.member_ids = wizard.club_id._members(partners) if wizard.club_id else partners
            wizard.shows_members = wizard.member_ids._origin != partners

    @api.depends("club_id")
    def _compute_tier_id(self):
        for wizard in self:
            wizard.tier_id = wizard.club_id._entry_tier() if wizard.club_id else False

    @api.depends_context("uid")
    def _compute_may_choose_tier(self):
        self.may_choose_tier = self.env.user.has_group("crm_loyalty.group_club_manager")

    @api.depends("club_id", "date_start")
    def _compute_date_end(self):
        for wizard in self:
            wizard.date_end = wizard.club_id and wizard.date_start and wizard.club_id._validity_end(wizard.date_start)

    @api.model
    def _open(self, partners=None, club=None):
        """The action that asks for what is not given."""
        if not club:
            clubs = self.env["loyalty.club"].search([], limit=2)
            club = clubs if len(clubs) == 1 else None
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enrol in a club"),
            "res_model": self._name,
            "views": [[False, "form"]],
            "target": "new",
            "context": {
                "default_partner_ids": partners.ids if partners else [],
                "default_club_id": club.id if club else False,
            },
        }

    def action_enrol(self):
        """Enrol them and open the membership."""
        self.ensure_one()
        memberships = self.club_id._enrol(
            self.partner_ids,
            tier=self.tier_id,
            date=self.date_start,
            reason=self.reason,
            **self.club_id._printed_card_arguments(self.partner_ids, self.card_number),
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_loyalty.loyalty_membership_action")
        if len(memberships) == 1:
            return {**action, "views": [[False, "form"]], "res_id": memberships.id}
        return {**action, "domain": [("id", "in", memberships.ids)]}
