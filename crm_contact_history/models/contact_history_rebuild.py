import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# Records per transaction. Planning the statement of messages takes as long as reading some thousand of them.
BATCH = 50000
# Write dates are those of the transaction's beginning, which may lie before the rebuild's.
LONGEST_TRANSACTION = timedelta(minutes=30)
# Up to this many records a back-fill is done while the addon installs; more are left to the cron, which commits.
AT_ONCE = 100000
MANAGES = "crm_contact_history.group_front_desk_manager"


class ContactHistoryRebuild(models.Model):
    """How far the rebuild of one model's entries has come. The cron goes on where it stopped."""

    _name = "contact.history.rebuild"
    _description = "Contact History Rebuild"
    _rec_name = "model"

    model = fields.Char(required=True, readonly=True)
    next_id = fields.Integer(string="Next Record", readonly=True, help="The rebuild goes on from this record id.")
    last_id = fields.Integer(string="Last Record", readonly=True, help="Newer records enter the history by themselves.")
    started_at = fields.Datetime(readonly=True, help="Empty once the changes made meanwhile were looked at too.")
    is_done = fields.Boolean(string="Complete", compute="_compute_is_done")
    title = fields.Char(string="Made From", compute="_compute_title")
    progress = fields.Float(compute="_compute_is_done", help="Per cent of the records looked at, by their ids.")

    _model_unique = models.Constraint("UNIQUE (model)", "There is one rebuild per model.")

    @api.depends("next_id", "last_id")
    def _compute_is_done(self):
        for rebuild in self:
            rebuild.is_done = rebuild.next_id > rebuild.last_id
            rebuild.progress = 100 if rebuild.is_done else 100 * rebuild.next_id / (rebuild.last_id + 1)

    @api.depends("model")
    @api.depends_context("lang")
    def _compute_title(self):
        for rebuild in self:
            # A model of an addon that is no longer installed has no name but its own.
            rebuild.title = self.env["ir.model"]._get(rebuild.model).name or rebuild.model

    def action_rebuild(self):
        """Make the history anew from these kinds of records; from all kinds where none is chosen.

        The history goes on as it is meanwhile; nothing is missing at any moment. A rebuild under way goes on.

        :raises AccessError: for others than administrators of the front desk
        """
        if not self.env.user.has_group(MANAGES):
            raise AccessError(
                self.env._("The history was not rebuilt. An administrator of the front desk may start that.")
            )
        wanted = set(self.mapped("model") or self.env["contact.history.entry"]._sources())
        rebuilds = self.search([])  # pylint: disable=no-search-all  # one per kind of records
        running = set(rebuilds.filtered(lambda rebuild: not rebuild.is_done).mapped("model"))
        if wanted - running:
            self._backfill(sorted(wanted - running))
        left = self.search([("model", "in", list(wanted))]).filtered(lambda rebuild: not rebuild.is_done)
        message = self.env._("The history has been made anew.")
        if left:
            message = self.env._("The history is being made anew. This list tells how far it has come.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _backfill(self, model_names=None):
        """Have the history filled from records that exist already.

        Called by the ``post_init_hook`` of an addon that adds sources. A small database is done at once, a large one
        by the cron, in batches that commit.

        :param model_names: names of models that take part; all of them when not given
        """
        self.env.flush_all()
        model_names = model_names or self.env["contact.history.entry"]._sources()
        # sudo: called by installation hooks, and by action_rebuild, which asks for the right.
        rebuilds = self.sudo().search([("model", "in", model_names)])
        rebuilds |= rebuilds.create([{"model": name} for name in model_names if name not in rebuilds.mapped("model")])
        for rebuild in rebuilds:
            query = SQL("SELECT COALESCE(max(id), 0) FROM %s", SQL.identifier(self.env[rebuild.model]._table))
            last_id = self.env.execute_query(query)[0][0]
            rebuild.write({"next_id": 0, "last_id": last_id, "started_at": fields.Datetime.now()})
        if sum(rebuilds.mapped("last_id")) <= AT_ONCE:
            for rebuild in rebuilds:
                while not rebuild.is_done:
                    rebuild._step()
                rebuild.started_at = False
        else:
            self.env.ref("crm_contact_history.ir_cron_rebuild")._trigger()

    def _step(self):
        """Rebuild the entries of the next batch of records; entries of records that are gone go too."""
        self.ensure_one()
        last = self._last_of_batch()
        if self.model in self.env:
            of_ids = SQL("BETWEEN %s AND %s", self.next_id, last)
            self.env["contact.history.entry"]._write_entries(self.model, of_ids)
        self.next_id = last + 1

    def _last_of_batch(self):
        """The id where the next batch ends: so many records on, however wide the gaps between their ids."""
        if self.model not in self.env:
            return self.last_id
        query = SQL(
            "SELECT id FROM %s WHERE id BETWEEN %s AND %s ORDER BY id OFFSET %s LIMIT 1",
            SQL.identifier(self.env[self.model]._table),
            self.next_id,
            self.last_id,
            BATCH - 1,
        )
        rows = self.env.execute_query(query)
        return rows[0][0] if rows else self.last_id

    @api.model
    def _cron_rebuild(self):
        """Go on with every unfinished rebuild, a batch per transaction."""
        rebuilds = self.search([])  # pylint: disable=no-search-all  # one per kind of records
        rebuilds = rebuilds.filtered(lambda rebuild: not rebuild.is_done or rebuild.started_at)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=sum(rebuild._steps_left() for rebuild in rebuilds))
        for rebuild in rebuilds:
            while not rebuild.is_done:
                rebuild._step()
                if not cron._commit_progress(1):
                    return
            rebuild._look_again()
            if not cron._commit_progress():
                return
            _logger.info("History rebuilt for %s up to record %s.", rebuild.model, rebuild.last_id)
        cron._commit_progress(remaining=0)

    def _look_again(self):
        """Write the entries of what changed while the rebuild ran.

        A batch sees the records as they were when its transaction began; what somebody else commits meanwhile, it would
        overwrite with the state before.
        """
        if self.model in self.env and self.started_at:
            changed = SQL(
                "IN (SELECT id FROM %s WHERE write_date >= %s)",
                SQL.identifier(self.env[self.model]._table),
                self.started_at - LONGEST_TRANSACTION,
            )
            self.env["contact.history.entry"]._write_entries(self.model, changed)
        self.started_at = False

    def _steps_left(self):
        """Batches left at most: ids that are no more count too."""
        return -(-(self.last_id + 1 - self.next_id) // BATCH)
