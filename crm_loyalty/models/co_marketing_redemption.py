from odoo import api, fields, models
from odoo.addons.crm_contact_history.specs import HistorySpec
from odoo.exceptions import UserError
from odoo.tools import SQL

from .co_marketing_benefit import PAYERS, SETTLEMENTS

# What may change after a redemption was booked, and nothing else: that it is voided, once; the contact, because merging
# contacts goes on working; words that are emptied when a contact is anonymised. Whoever settles adds his column here.
CHANGES = (
    *("partner_id", "state", "voided_on", "voided_by_id", "voided_by_key_id", "void_reason", "is_settled"),
    *("write_uid", "write_date"),
)

APPEND_ONLY = SQL(
    """
    CREATE OR REPLACE FUNCTION co_marketing_redemption_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - %(changes)s::text[] = to_jsonb(NEW) - %(changes)s::text[]
           AND (NEW.state = OLD.state OR OLD.state = 'done' AND NEW.state = 'voided')
           AND (NEW.is_settled OR OLD.is_settled IS NOT TRUE) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'A redemption is never changed or deleted: void it'
            USING ERRCODE = 'restrict_violation';
    END $$
    """,
    changes=list(CHANGES),
)


class CoMarketingRedemption(models.Model):
    """That a member used a benefit at an outlet: what, when, for how much, and under which terms.

    Or, the other way round, that a customer of the partner used one on an order of ours: ``direction`` says which, and
    ``co_marketing_redemption_theirs`` what such a redemption has instead of a membership and an outlet.

    A fact: booked by ``co.marketing.outlet._redeem``, voided by :meth:`_void`, never changed or deleted; the database
    itself refuses it. Amounts and what is paid between the two are stored as they were under the terms of then.
    """

    _name = "co.marketing.redemption"
    _description = "Redemption of a Partner Benefit"
    _inherit = ["contact.history.mixin"]
    _order = "happened_at desc, id desc"

    name = fields.Char(string="Receipt", required=True, readonly=True)
    state = fields.Selection(
        [("done", "Done"), ("voided", "Voided")], string="Status", required=True, readonly=True, default="done"
    )
    agreement_id = fields.Many2one("co.marketing.agreement", required=True, readonly=True, ondelete="restrict")
    version_id = fields.Many2one(
        "co.marketing.version", string="Terms", required=True, readonly=True, ondelete="restrict"
    )
    benefit_id = fields.Many2one("co.marketing.benefit", required=True, readonly=True, ondelete="restrict")
    counted_benefit_id = fields.Many2one(
        "co.marketing.benefit", string="Counted With", required=True, readonly=True, ondelete="restrict"
    )
    outlet_id = fields.Many2one("co.marketing.outlet", readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    membership_id = fields.Many2one("loyalty.membership", readonly=True, index=True, ondelete="restrict")
    card_id = fields.Many2one("loyalty.card", readonly=True, index=True, ondelete="restrict")
    tier_id = fields.Many2one("res.partner.grade", readonly=True, ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner", string="Member", required=True, readonly=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", string="Cashier", readonly=True, ondelete="restrict")
    happened_at = fields.Datetime(string="When", required=True, readonly=True)
    happened_on = fields.Date(string="Day at the Outlet", required=True, readonly=True)
    amount = fields.Monetary(string="Bill", readonly=True)
    discount = fields.Monetary(readonly=True)
    points = fields.Integer(string="Bonus Points", readonly=True)
    settlement_kind = fields.Selection(SETTLEMENTS, string="Settlement", readonly=True)
    settlement_payer = fields.Selection(PAYERS, string="Who Pays", readonly=True)
    settlement_figure = fields.Float(digits=(16, 6), readonly=True)
    settlement_amount = fields.Monetary(string="To Settle", readonly=True)
    idempotency_key = fields.Char(required=True, readonly=True, copy=False)
    voided_on = fields.Datetime(readonly=True)
    voided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    void_reason = fields.Char(string="Reason", readonly=True)

    # One request of an outlet is booked once, however often it is sent.
    _key_unique = models.UniqueIndex(
        "(outlet_id, idempotency_key)", "This was booked a moment ago. Reload the page to see the receipt."
    )
    # Serves the redemptions of an agreement, newest first, and the statements to come; its foreign key.
    _agreement_idx = models.Index("(agreement_id, happened_at DESC)")
    # Serves making the tally anew, and the foreign key.
    _counted_idx = models.Index("(counted_benefit_id, happened_on)")
    # Serves what a partner's outlet and a cashier have booked.
    _outlet_idx = models.Index("(outlet_id, happened_at DESC)")
    _figures = models.Constraint(
        "CHECK (amount >= 0 AND discount >= 0 AND points >= 0)", "Bill, discount and points are 0 or more."
    )

    def init(self):
        """The database refuses to change or delete a redemption, whoever asks."""
        self.env.cr.execute(APPEND_ONLY)
        self.env.cr.execute(
            SQL(
                """
                DROP TRIGGER IF EXISTS co_marketing_redemption_append_only ON co_marketing_redemption;
                CREATE TRIGGER co_marketing_redemption_append_only BEFORE UPDATE OR DELETE ON co_marketing_redemption
                    FOR EACH ROW EXECUTE FUNCTION co_marketing_redemption_append_only()
                """
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["name"] = vals.get("name") or self.env["ir.sequence"].next_by_code("co.marketing.redemption")
        return super().create(vals_list)

    def write(self, vals):
        if set(vals) - set(CHANGES):
            raise UserError(self.env._("A redemption is never changed. Void it, and book the right one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A redemption is never deleted. Void it, with a reason."))

    def _give_points(self):
        """Credit bonus points to the card, once for this redemption."""
        for redemption in self.filtered("points"):
            redemption.card_id._book(
                redemption.points,
                "gift",
                f"co_marketing/{redemption.id}",
                source=(redemption._name, redemption.id),
                reason=self.env._("Receipt %s", redemption.name),
            )

    # ------------------------------------------------------------ voiding

    def _void(self, reason, till=None):
        """Take a redemption back: its uses, points and amounts count no more. Voiding it twice does it once.

        For server code: who may is the caller's to check (:meth:`_may_void`).

        :param reason: why, in words; required
        :param till: ``co.marketing.outlet.key`` of the program that does it, where no person does
        :raises UserError: without a reason
        """
        self.ensure_one()
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Write why receipt %s is voided.", self.name))
        # sudo: the caller has checked who may; nobody has the right to write redemptions.
        redemption = self.sudo()
        redemption._lock_row()
        if redemption.state == "voided":
            return
        redemption.write(
            {
                "state": "voided",
                "voided_on": fields.Datetime.now(),
                "voided_by_id": False if till else self.env.uid,
                "voided_by_key_id": till.id if till else False,
                "void_reason": reason.strip()[:200],
            }
        )
        redemption.flush_recordset()
        self.env["co.marketing.tally"]._take_back(
            redemption.benefit_id, redemption._member_key(), redemption.happened_on, redemption.discount
        )
        if redemption.points:
            redemption.card_id._where_points_are()._book(
                -redemption.points,
                "adjust",
                f"co_marketing/void/{redemption.id}",
                source=(redemption._name, redemption.id),
                reason=self.env._("Receipt %s voided", redemption.name),
            )

    def _member_key(self):
        """Whose use it is in the tally."""
        self.ensure_one()
        return self.partner_id.id

    def _lock_row(self):
        """Wait until nobody else voids it. Where somebody has, Odoo repeats the request, which then sees it."""
        self.flush_recordset()
        self.env.execute_query(SQL("SELECT id FROM co_marketing_redemption WHERE id = %s FOR NO KEY UPDATE", self.id))
        self.invalidate_recordset(["state"])

    def _may_void(self, user, people):
        """Whether a person of the partner may void it: a cashier what he booked himself, for some minutes; the manager.

        :param user: ``res.users`` of the person
        :param people: his ``co.marketing.person`` roles
        """
        self.ensure_one()
        if self.state != "done":
            return False
        if people._manages(self.company_id, self.outlet_id.partner_id):
            return True
        minutes = self.agreement_id.void_minutes  # 0: never
        age = (fields.Datetime.now() - self.create_date).total_seconds()
        return bool(minutes) and self.user_id == user and age <= minutes * 60

    def action_void(self):
        """Ask for the reason, then void."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Void Receipt %s", self.name),
            "res_model": "co.marketing.void",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_redemption_id": self.id},
        }

    # ------------------------------------------------------------ the member's history

    @api.model
    def _contact_history_specs(self):
        used = HistorySpec(kind="redemption", date="happened_at", user="")
        return [*super()._contact_history_specs(), used]

    def _contact_history_render(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            # sudo: the redemption is the reader's; these are the names on it.
            row.id: {
                "title": " · ".join(filter(None, [row.sudo().benefit_id.name, row.sudo().outlet_id.name])),
                "text": row.void_reason or "",
                "amount": row.currency_id.format(row.amount) if row.amount else False,
                "status": states[row.state] if row.state == "voided" else "",
            }
            for row in self
        }


class ContactHistoryEntry(models.Model):
    _inherit = "contact.history.entry"

    kind = fields.Selection(selection_add=[("redemption", "Partner Offer")], ondelete={"redemption": "cascade"})

    @api.model
    def _kind_icons(self):
        return {**super()._kind_icons(), "redemption": "fa-handshake-o"}
