from dateutil.relativedelta import relativedelta
from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import SQL

# Entries looked through, and records of ours deleted, per transaction.
BATCH = 20000
YEARS = (1, 100)


class ContactHistoryRetention(models.Model):
    """How many years a kind of contact stays in the history.

    The cutoff date is stored, and every statement that writes entries leaves out what is older: a rebuilt history
    equals the kept one. The cron moves the cutoff on, month by month, and deletes what has fallen behind it. It walks
    the table by its primary key, in batches that commit, so it needs no index of its own and goes on where it stopped.

    The source record stays, unless its owner deletes it by ``_contact_history_retire``.
    """

    _name = "contact.history.retention"
    _description = "How Long the History Is Kept"
    _order = "kind, company_id, id"
    _rec_name = "kind"

    kind = fields.Selection(
        selection=lambda self: self.env["contact.history.entry"]._fields["kind"]._description_selection(self.env),
        required=True,
    )
    years = fields.Integer(required=True, default=10, help="Older contacts of this kind are left out of the history.")
    company_id = fields.Many2one("res.company", ondelete="cascade", help="Empty: the contacts of all companies.")
    delete_records = fields.Boolean(
        string="Delete the Contact Itself",
        help="Where the contact is a record of its own that nothing else needs, such as a logged call, it is deleted "
        "too. Orders, invoices and messages always stay.",
    )
    cutoff = fields.Datetime(readonly=True, help="Contacts before this moment (UTC) are no longer in the history.")
    next_id = fields.Integer(readonly=True, help="The deletion goes on from this entry.")
    last_id = fields.Integer(readonly=True, help="Newer entries were written when the cutoff was known.")
    is_done = fields.Boolean(string="Deleted", compute="_compute_is_done")

    _kind_uniq = models.UniqueIndex(
        "(kind, COALESCE(company_id, 0))", "There is a rule for this kind and company already. Change that one."
    )

    @api.depends("cutoff", "next_id", "last_id")
    def _compute_is_done(self):
        for rule in self:
            rule.is_done = bool(rule.cutoff) and rule.next_id > rule.last_id

    @api.constrains("years")
    def _check_years(self):
        least, most = YEARS
        for rule in self:
            if not least <= rule.years <= most:
                raise ValidationError(
                    self.env._(
                        "A history is kept %(least)s to %(most)s years, not %(years)s.",
                        least=least,
                        most=most,
                        years=rule.years,
                    )
                )

    # -- the rules in force --------------------------------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _is_in_force(self):
        """Whether any rule has a cutoff: without one, the statements that write entries stay as they are."""
        # sudo: asked by whoever writes a document; tells only that there is a rule.
        return bool(self.sudo().search_count([("cutoff", "!=", False)], limit=1))

    @api.model
    def _leaves_out(self, alias):
        """SQL condition: an entry (its kind, company and time, in a table with this alias) is older than its rule keeps."""
        return SQL(
            """EXISTS (SELECT 1 FROM contact_history_retention r
                        WHERE r.kind = %(e)s.kind
                          AND (r.company_id IS NULL OR r.company_id = %(e)s.company_id)
                          AND %(e)s.happened_at < r.cutoff)""",
            e=SQL.identifier(alias),
        )

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        self._start_deletion()
        return rules

    def write(self, vals):
        """A changed rule begins anew: what the old one left out comes back, unless the new one leaves it out too."""
        result = super().write(vals)
        if not {"kind", "years", "company_id"}.isdisjoint(vals):
            self._begin_anew()
        return result

    def unlink(self):
        """What the rule left out comes back."""
        kinds = self.mapped("kind")
        result = super().unlink()
        self.env.registry.clear_cache()
        self._bring_back(kinds)
        return result

    def _begin_anew(self):
        self.write({"cutoff": False, "next_id": 0, "last_id": 0})
        self.env.registry.clear_cache()
        # Of a rule whose kind was changed, nobody knows any more which kind it was.
        self._bring_back()
        self._start_deletion()

    @api.model
    def _bring_back(self, kinds=None):
        """Have entries written again that a rule left out until now."""
        entries = self.env["contact.history.entry"]
        models_of_kinds = [
            model
            for model in entries._sources()
            if kinds is None or {spec.kind for spec in self.env[model]._contact_history_specs()} & set(kinds)
        ]
        self.env["contact.history.rebuild"]._backfill(models_of_kinds)

    @api.model
    def _start_deletion(self):
        self.env.ref("crm_contact_history.ir_cron_retention")._trigger()

    # -- deletion ------------------------------------------------------------------------------------------------

    def _due_cutoff(self):
        """The first of this month, so many years ago: a cutoff moves once a month, and with it the walk begins."""
        self.ensure_one()
        now = fields.Datetime.now()
        return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0) - relativedelta(years=self.years)

    def _move_cutoff(self):
        """Move the cutoff on where it is due; it is stored before anything is deleted."""
        for rule in self:
            due = rule._due_cutoff()
            if not rule.cutoff or rule.cutoff < due:
                last = self.env.execute_query(SQL("SELECT COALESCE(max(id), 0) FROM contact_history_entry"))[0][0]
                rule.write({"cutoff": due, "next_id": 0, "last_id": last})
                self.env.registry.clear_cache()

    @api.model
    def _cron_retention(self):
        """Delete what is older than its rule keeps, a batch per transaction."""
        cron = self.env["ir.cron"]
        rules = self.search([("years", ">", 0)])
        rules._move_cutoff()
        todo = rules.filtered(lambda rule: not rule.is_done)
        if not cron._commit_progress(remaining=sum(rule._steps_left() for rule in todo)):
            return
        for rule in todo:
            while not rule.is_done:
                rule._step()
                if not cron._commit_progress(1):
                    return
        cron._commit_progress(remaining=0)

    def _steps_left(self):
        return -(-(self.last_id + 1 - self.next_id) // BATCH)

    def _step(self):
        """The next batch: first records of the owners, as long as there are any, then entries."""
        self.ensure_one()
        self.env.flush_all()
        if self.delete_records and self._retire_records():
            return
        last = min(self.next_id + BATCH - 1, self.last_id)
        query = SQL(
            """DELETE FROM contact_history_entry e
                WHERE e.id BETWEEN %s AND %s AND e.kind = %s AND e.happened_at < %s
                  AND (%s::int4 IS NULL OR e.company_id = %s)""",
            self.next_id,
            last,
            self.kind,
            self.cutoff,
            self.company_id.id or None,
            self.company_id.id or None,
        )
        self.env.cr.execute(query)
        self.env["contact.history.entry"].invalidate_model(flush=False)
        self.next_id = last + 1

    def _retire_records(self):
        """Have the owners of the kind delete records of their own.

        :return: how many were deleted
        """
        entries = self.env["contact.history.entry"]
        return sum(
            self.env[model]._contact_history_retire(self.kind, self.cutoff, self.company_id, BATCH)
            for model in entries._sources()
            if self.kind in {spec.kind for spec in self.env[model]._contact_history_specs()}
        )
