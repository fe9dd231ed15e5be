from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# A person or a team that no longer exists becomes empty by its foreign key; nothing else ever changes.
NEVER_CHANGED = SQL(
    """
    CREATE OR REPLACE FUNCTION service_ticket_deletion_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        before jsonb;
        after jsonb;
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            before := to_jsonb(OLD);
            after := to_jsonb(NEW);
            IF NEW.user_id IS NULL AND NOT EXISTS (SELECT 1 FROM res_users WHERE id = OLD.user_id) THEN
                before := before - 'user_id';
                after := after - 'user_id';
            END IF;
            IF NEW.team_id IS NULL AND NOT EXISTS (SELECT 1 FROM service_team WHERE id = OLD.team_id) THEN
                before := before - 'team_id';
                after := after - 'team_id';
            END IF;
            IF before = after THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION 'The trace of a deleted ticket is never changed or deleted'
            USING ERRCODE = 'restrict_violation';
    END $$
    """
)


class ServiceTicketDeletion(models.Model):
    """That a ticket was deleted: its number, by whom, when and why. Nothing of the customer or of what he wrote.

    Written by ``service.ticket.unlink`` alone; the database refuses to change or delete it, whoever asks.
    """

    _name = "service.ticket.deletion"
    _description = "Deleted Ticket"
    _order = "id desc"
    _rec_name = "number"
    _log_access = False  # user_id and date say it; nobody writes later

    number = fields.Char(readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    team_id = fields.Many2one("service.team", readonly=True, index="btree_not_null", ondelete="set null")
    date = fields.Datetime(string="Deleted on", required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", string="Deleted by", readonly=True, index="btree_not_null", ondelete="set null"
    )
    reason = fields.Char(required=True, readonly=True)

    def init(self):
        """The database refuses to change or delete a trace."""
        self.env.cr.execute(NEVER_CHANGED)
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE TRIGGER service_ticket_deletion_kept BEFORE UPDATE OR DELETE ON service_ticket_deletion
                    FOR EACH ROW EXECUTE FUNCTION service_ticket_deletion_kept();
                CREATE OR REPLACE TRIGGER service_ticket_deletion_no_truncate BEFORE TRUNCATE ON service_ticket_deletion
                    FOR EACH STATEMENT EXECUTE FUNCTION service_ticket_deletion_kept()
                """
            )
        )

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("The trace of a deleted ticket is never changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The trace of a deleted ticket is never deleted."))


class ServiceTicket(models.Model):
    """Deleting a ticket: for managers, with a reason, and it leaves a trace."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    def unlink(self):
        """Delete the tickets and leave their trace.

        Context key ``ticket_deletion_reason``: why, in a sentence without anything personal of the customer.

        :raise AccessError: for anybody but managers
        :raise UserError: without a reason, or with one that names the customer
        """
        self.check_access("unlink")
        # Odoo's own key: the addon is being uninstalled, which Odoo does as superuser; anybody may send the key.
        is_uninstalled = self.env.su and self.env.context.get("_force_unlink")
        if self and not is_uninstalled:
            self._leave_trace(self.env.context.get("ticket_deletion_reason"))
        return super().unlink()

    def _leave_trace(self, reason):
        reason = self._checked_reason(reason)
        # sudo: the right to delete was checked by unlink; nobody may write traces himself
        self.env["service.ticket.deletion"].sudo().create(
            [
                {
                    "number": ticket.number,
                    "company_id": ticket.company_id.id,
                    "team_id": ticket.team_id.id,
                    "user_id": self.env.uid,
                    "reason": reason,
                }
                for ticket in self
            ]
        )

    def _checked_reason(self, reason):
        reason = reason.strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(
                self.env._(
                    "Say why %s is deleted: choose Delete in the menu Actions of the ticket. "
                    "Programs give the reason in the context, as ticket_deletion_reason.",
                    ", ".join(ticket.number or str(ticket.id) for ticket in self[:5]),
                )
            )
        told = reason.casefold()
        for partner in self.partner_id | self.commercial_partner_id:
            for personal in filter(None, (partner.name, partner.email, partner.phone)):
                if personal.casefold() in told:
                    raise UserError(
                        self.env._(
                            "The reason stays for ever and names the customer: “%s”. Please say it without.", personal
                        )
                    )
        return reason
