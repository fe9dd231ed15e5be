from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.addons.crm_contact_history.patience import patiently
from odoo.tools import SQL, format_date

REMINDER_BATCH = 100  # memberships, one mail each, between two commits


class LoyaltyMembershipReminder(models.Model):
    """That a member was told of the end of a period: once for each mail that the club wants."""

    _name = "loyalty.membership.reminder"
    _description = "Reminder of the End of a Membership"
    _order = "id desc"

    membership_id = fields.Many2one("loyalty.membership", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="membership_id.company_id", store=True)
    date_end = fields.Date(string="End", required=True, readonly=True)
    step = fields.Selection(
        [("first", "First"), ("again", "Again")], string="Reminder", required=True, readonly=True, default="first"
    )
    order_id = fields.Many2one(
        "sale.order",
        string="Quotation",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="By which the member can pay for the next period.",
    )

    _once = models.UniqueIndex("(membership_id, date_end, step)", "The member has been told of this end already.")

    @api.model
    def _cron_remind(self):
        """Tell members whose membership ends soon, where the club wants it.

        Mail, quotation and note are committed together, so nobody is told twice and nobody is forgotten, wherever a
        run is killed. One who was forgotten for the first mail gets the second only.
        """
        for club in self.env["loyalty.club"].search(["|", ("renewal_days", ">", 0), ("renewal_days_again", ">", 0)]):
            for step, days in (("again", club.renewal_days_again), ("first", club.renewal_days)):
                while days:
                    told = patiently(self.env, lambda club=club, step=step, days=days: self._tell(club, step, days))
                    remaining = REMINDER_BATCH if told == REMINDER_BATCH else 0
                    if told and not self.env["ir.cron"]._commit_progress(told, remaining=remaining):
                        return
                    if told < REMINDER_BATCH:
                        break

    @api.model
    def _tell(self, club, step, days):
        memberships = self._to_tell(club, step, days)
        if memberships:
            memberships._remind_of_the_end(club, step)
        return len(memberships)

    @api.model
    def _to_tell(self, club, step, days):
        """The next memberships of a club that end within ``days`` and whose members were not told.

        :rtype: loyalty.membership
        """
        self.env.flush_all()
        today = club._today()
        query = SQL(
            """
            SELECT membership.id
              FROM loyalty_membership membership
              JOIN res_partner partner ON partner.id = membership.partner_id
                                      AND partner.active AND partner.email_normalized IS NOT NULL
             WHERE membership.club_id = %s AND membership.state = 'running' AND membership.has_left IS NOT TRUE
               AND membership.date_end BETWEEN %s AND %s
               AND NOT EXISTS (SELECT 1 FROM loyalty_membership_reminder told
                                WHERE told.membership_id = membership.id AND told.date_end = membership.date_end
                                  AND told.step IN (%s, 'again'))
          ORDER BY membership.date_end, membership.id LIMIT %s
            """,
            club.id,
            today,
            today + timedelta(days=days),
            step,
            REMINDER_BATCH,
        )
        return self.env["loyalty.membership"].browse(row[0] for row in self.env.execute_query(query))


class LoyaltyMembership(models.Model):
    """What a member is told before the end, and by what he can pay for more."""

    _inherit = "loyalty.membership"

    reminder_ids = fields.One2many("loyalty.membership.reminder", "membership_id", string="Reminders")
    renewal_order_id = fields.Many2one(
        "sale.order",
        string="Quotation for Renewal",
        compute="_compute_renewal_order_id",
        help="By which the member can pay for the next period.",
    )

    @api.depends("reminder_ids.order_id.state")
    def _compute_renewal_order_id(self):
        for membership in self:
            # sudo: which quotation it is; what it says is read by those who may read it.
            orders = membership.sudo().reminder_ids.order_id.filtered(lambda order: order.state in ("draft", "sent"))
            membership.renewal_order_id = orders.sorted("id")[-1:]

    def _remind_of_the_end(self, club, step):
        """Send the mail, with a quotation to pay where the membership is bought.

        :param club: ``loyalty.club`` of all these memberships
        :param step: of ``loyalty.membership.reminder``
        """
        orders = self._renewal_orders(club) if club.enrolment == "paid" else {}
        self.env["loyalty.membership.reminder"].create(
            [
                {
                    "membership_id": membership.id,
                    "date_end": membership.date_end,
                    "step": step,
                    "order_id": orders[membership].id if orders.get(membership) else False,
                }
                for membership in self
            ]
        )
        self._log("reminded")
        template = club.renewal_template_id or self.env.ref(
            "crm_loyalty.mail_template_membership_ends", raise_if_not_found=False
        )
        if template:
            template.send_mail_batch(self.ids)

    def _renewal_orders(self, club):
        """The quotation by which each can pay for the next period: one per period, made where there is none yet.

        :return: ``{loyalty.membership: sale.order}``; no order where it was declined
        """
        orders = {membership: membership.renewal_order_id for membership in self}
        told = self.reminder_ids.filtered(lambda reminder: reminder.date_end == reminder.membership_id.date_end)
        without = self.filtered(lambda membership: not orders[membership]) - told.membership_id
        made = self.env["sale.order"].create([membership._renewal_order_values(club) for membership in without])
        made.action_quotation_sent()
        orders.update(zip(without, made, strict=True))
        return orders

    def _renewal_order_values(self, club):
        """A quotation that the customer pays in the portal; the fee is the fee, whatever else members get."""
        self.ensure_one()
        company = club.company_id or self.partner_id.company_id or self.env.company
        return {
            "partner_id": self.partner_id.id,
            "company_id": company.id,
            "origin": self.card_code,
            "validity_date": self.counts_until,
            "require_payment": True,
            "require_signature": False,
            "prepayment_percent": 1.0,
            "skip_member_benefits": True,
            "order_line": [Command.create({"product_id": club.fee_product_id.id, "product_uom_qty": 1})],
        }

    def _renewal_url(self):
        """The page on which the member pays for the next period; empty when there is no quotation."""
        self.ensure_one()
        # sudo: for the mail to the member himself, whose quotation it is.
        order = self.sudo().renewal_order_id
        return order.get_base_url() + order.get_portal_url() if order else ""

    def _renewal_price(self):
        """What the next period costs, as text; empty when there is no quotation."""
        # sudo: as above.
        order = self.sudo().renewal_order_id
        return order.currency_id.format(order.amount_total) if order else ""

    def _day_text(self, day):
        """A day as the member reads it, in the language of the mail."""
        return day and format_date(self.env, day)

    def action_open_renewal_order(self):
        """The quotation by which the member can pay."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.renewal_order_id.id,
            "views": [[False, "form"]],
        }
