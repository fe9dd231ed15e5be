from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class LoyaltyClub(models.Model):
    """By which ways one comes in, what that costs, and what happens before and after the end."""

    _inherit = "loyalty.club"

    enrolment = fields.Selection(
        [
            ("invitation", "By our staff only"),
            ("open", "Anybody may join by himself"),
            ("paid", "By buying the membership"),
            ("automatic", "Automatically, after purchases"),
        ],
        string="How One Joins",
        required=True,
        default="invitation",
        tracking=True,
        help="Our staff may enrol in any club; in one that is bought, a club manager only.",
    )
    fee_product_id = fields.Many2one(
        "product.product",
        string="Membership Product",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('sale_ok', '=', True)]",
        tracking=True,
        help="Whoever buys it becomes a member, or has the membership renewed: one period for each piece.",
    )
    fee_start = fields.Selection(
        [("confirmed", "When the order is confirmed"), ("paid", "When the order is paid")],
        string="Membership Begins",
        required=True,
        default="confirmed",
        tracking=True,
    )
    grace_days = fields.Integer(
        string="Days of Grace", tracking=True, help="So many days after its end a membership still counts."
    )
    renewal_days = fields.Integer(
        string="Remind Before the End (Days)",
        help="So many days before the end the member gets a mail; in a club that is bought, with a link to pay. 0: none.",
    )
    renewal_days_again = fields.Integer(
        string="Remind Again (Days)", help="A second mail, so many days before the end. 0: none."
    )
    renewal_template_id = fields.Many2one(
        "mail.template",
        string="Reminder of the End",
        domain="[('model', '=', 'loyalty.membership')]",
        ondelete="set null",
        help="Empty: “Clubs: membership ends soon”.",
    )

    _grace_days_positive = models.Constraint("CHECK (grace_days >= 0)", "There are 0 days of grace or more.")
    _renewal_days_positive = models.Constraint(
        "CHECK (renewal_days >= 0 AND renewal_days_again >= 0)", "Remind 0 days before or more."
    )
    _paid_has_product = models.Constraint(
        "CHECK (enrolment != 'paid' OR fee_product_id IS NOT NULL)",
        "Choose the product by which one buys the membership.",
    )

    def _apply_grace_days(self):
        """Days of grace hold for open memberships too. The days that are over stay as they were: nobody who was out is
        in afterwards, and the other way round.
        """
        for club in self:
            today = club._today()
            query = SQL(
                """
                UPDATE loyalty_membership
                   SET counts_until = GREATEST(date_end + %(grace)s, LEAST(counts_until, %(yesterday)s))
                 WHERE club_id = %(club)s AND state != 'ended' AND has_left IS NOT TRUE AND counts_until >= %(today)s
             RETURNING id, state
                """,
                grace=club.grace_days,
                yesterday=today - timedelta(days=1),
                club=club.id,
                today=today,
            )
            # sudo: the right to change the club was checked by the write; what follows holds for all its members.
            memberships = self.env["loyalty.membership"].sudo()
            changed = self.env.execute_query(query)
            memberships.browse(row[0] for row in changed).invalidate_recordset(["counts_until"], flush=False)
            # Only those in grace have a new day on which their status changes.
            in_grace = memberships.browse(membership_id for membership_id, state in changed if state == "grace")
            self.env.add_to_compute(memberships._fields["next_change_on"], in_grace)

    @api.model
    def _make_fee_product(self, club_name, price, company):
        """The product by which one buys a membership.

        :param price: in the currency of ``company``
        :return: ``product.product``
        :raises AccessError: unless the user manages clubs
        :raises UserError: when it costs nothing
        """
        self._check_manager(self.env._("Only a club manager makes clubs."))
        if price <= 0:
            raise UserError(self.env._("Enter what a membership costs: more than 0."))
        # sudo: the right is checked by _check_manager; a club manager need not be able to make other products.
        return (
            self.env["product.product"]
            .sudo()
            .with_company(company)
            .create(
                {
                    "name": self.env._("Membership: %s", club_name),
                    "type": "service",
                    "list_price": price,
                    "company_id": company.id,
                    "invoice_policy": "order",
                }
            )
        )
