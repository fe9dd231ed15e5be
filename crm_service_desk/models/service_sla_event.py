from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

KINDS = [
    ("start", "Started"),
    ("replan", "Planned anew"),
    ("pause", "Paused"),
    ("resume", "Resumed"),
    ("reach", "Reached"),
    ("breach", "Breached"),
    ("cancel", "Cancelled"),
]
REASONS = [
    ("waiting_customer", "Waiting for the customer"),
    ("waiting_third_party", "Waiting for a third party"),
    ("done", "Ticket done without it"),
    ("policy", "No longer promised"),
]

# An event goes only together with its clock, and a clock only together with its ticket.
APPEND_ONLY = SQL(
    """
    CREATE OR REPLACE FUNCTION service_sla_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'service_sla_event' THEN
            IF NOT EXISTS (SELECT 1 FROM service_sla_clock WHERE id = OLD.clock_id) THEN
                RETURN OLD;
            END IF;
        ELSIF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'service_sla_clock' THEN
            IF NOT EXISTS (SELECT 1 FROM service_ticket WHERE id = OLD.ticket_id) THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION 'What happened to the clock of a ticket is never changed; it is deleted together with the ticket only'
            USING ERRCODE = 'restrict_violation';
    END $$
    """
)


class ServiceSlaEvent(models.Model):
    """What happened to a clock: the only source of what it shows. Never changed: the database itself refuses it.

    The rows are :class:`~.sla_clock.Event` objects; ``sla_book`` reads and writes them.
    """

    _name = "service.sla.event"
    _description = "SLA Clock Event"
    _order = "id"
    _log_access = False

    clock_id = fields.Many2one("service.sla.clock", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="clock_id.company_id")
    date = fields.Datetime(required=True, readonly=True)
    kind = fields.Selection(KINDS, string="Event", required=True, readonly=True)
    reason = fields.Selection(REASONS, readonly=True)
    hours = fields.Float(string="Promised Hours", readonly=True)
    since = fields.Datetime(string="Counted from", readonly=True)
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: around the clock.",
    )
    pause_customer = fields.Boolean(string="Pauses for Customer", readonly=True)
    pause_third_party = fields.Boolean(string="Pauses for Third Party", readonly=True)

    def init(self):
        """The database refuses to change events, and to delete them or clocks while there is the ticket."""
        self.env.cr.execute(APPEND_ONLY)
        for table, operations in (("service_sla_event", "UPDATE OR DELETE"), ("service_sla_clock", "DELETE")):
            self.env.cr.execute(
                SQL(
                    """
                    DROP TRIGGER IF EXISTS %(rows)s ON %(table)s;
                    DROP TRIGGER IF EXISTS %(whole)s ON %(table)s;
                    CREATE TRIGGER %(rows)s BEFORE %(operations)s ON %(table)s
                        FOR EACH ROW EXECUTE FUNCTION service_sla_append_only();
                    CREATE TRIGGER %(whole)s BEFORE TRUNCATE ON %(table)s
                        FOR EACH STATEMENT EXECUTE FUNCTION service_sla_append_only()
                    """,
                    rows=SQL.identifier(f"{table}_append_only"),
                    whole=SQL.identifier(f"{table}_no_truncate"),
                    operations=SQL(operations),
                    table=SQL.identifier(table),
                )
            )

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("What happened to a clock is never changed. Reclassify the ticket to plan it anew."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What happened to a clock is deleted together with its ticket only."))
