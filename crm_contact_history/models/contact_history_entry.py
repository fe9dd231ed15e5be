from odoo import api, fields, models, tools
from odoo.tools import SQL

from ..unchecked_many2one import UncheckedMany2one

PENDING = "crm_contact_history.pending"
# Stands for the ids in a statement that is kept.
IDS = object()


class ContactHistoryEntry(models.Model):
    """One contact with one customer: a narrow index row. Nothing is copied from the record it points to.

    Rows are written by SQL only, from the specs of the models that take part. Changed records are collected in the
    transaction and written once, before it commits (:meth:`_sync`); the rebuild (``contact.history.rebuild``) runs the
    same statement over ranges of ids, so both always agree.

    Nobody but the administrator reads the table itself: a row tells that a document exists, even to somebody who may
    not read it. People read through ``history_page``, which shows an entry only when its source may be read.
    """

    _name = "contact.history.entry"
    _description = "Contact History Entry"
    _order = "happened_at desc, id desc"
    _rec_name = "res_model"
    _log_access = False

    # Restrict, not cascade: the privacy look-up passes over cascading fields. See res.partner.unlink.
    partner_id = fields.Many2one("res.partner", string="Contact", required=True, readonly=True, ondelete="restrict")
    # Always that of the contact, who has the foreign key: res.partner.unlink and _write_commercial_partners.
    commercial_partner_id = UncheckedMany2one(
        "res.partner", string="Customer", required=True, readonly=True, ondelete="restrict"
    )
    # Deleted companies and users: contact_history_references.py.
    company_id = UncheckedMany2one("res.company", readonly=True, ondelete="cascade")
    happened_at = fields.Datetime(string="When", required=True, readonly=True)
    kind = fields.Selection(
        [
            ("quotation", "Quotation"),
            ("order", "Order"),
            ("email", "E-mail"),
            ("note", "Internal Note"),
            ("activity", "Activity"),
            ("meeting", "Meeting"),
            ("lead", "Lead"),
            ("opportunity", "Opportunity"),
            ("invoice", "Invoice"),
            ("credit_note", "Credit Note"),
            ("payment", "Payment"),
        ],
        required=True,
        readonly=True,
    )
    channel = fields.Char(readonly=True)
    direction = fields.Selection(
        [("in", "From the customer"), ("out", "To the customer"), ("internal", "Internal")], readonly=True
    )
    user_id = UncheckedMany2one("res.users", string="Our Person", readonly=True, ondelete="set null")
    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(string="Document", model_field="res_model", required=True, readonly=True)

    # Finds the entries of a record: the upsert and delete of _write_entries.
    _source_unique = models.Constraint(
        "UNIQUE (res_model, res_id, kind, partner_id)", "This contact is in the history already."
    )
    # A page of a customer with all his contacts: history_page.
    _commercial_partner_idx = models.Index("(commercial_partner_id, happened_at DESC, id DESC)")
    # One contact only: history_page(only_this_contact=True), and the foreign key of merged and deleted contacts. Without
    # the time, equal keys share their room: a fifth of the size, so that what is written stays in memory at 10 million
    # rows. Where a contact has many entries, the database walks his customer's index in its order.
    _partner_idx = models.Index("(partner_id)")

    # The reports over a period (contact.history.report, contact.answer.report). Rows come in about the order of time, so
    # 100 kB tell which pages hold a month of 12 million; a B-tree would be another 250 MB to write with each entry.
    _happened_at_idx = models.Index("USING brin (happened_at) WITH (pages_per_range = 64)")

    _SOURCE_COLUMNS = SQL(
        "res_id, kind, partner_id, commercial_partner_id, happened_at, channel, direction, user_id, company_id"
    )

    # -- what changed in this transaction ------------------------------------------------------------------------

    @api.model
    def _touch(self, key, ids, new=False, groups=True):
        """Note that records changed; they are looked at once, before the transaction commits.

        :param key: name of a model that takes part, or of one of the sets of :meth:`_sync_pending`
        :param ids: record ids; without ids nothing happens
        :param new: the records were created in this transaction, so they have no entries to take away
        :param groups: groups of specs that can concern them, as ``_contact_history_takes`` says; True for all
        """
        if not ids:
            return
        pending = self._pending().setdefault(key, {"new": set(), "changed": set(), "groups": set()})
        pending["new" if new else "changed"].update(ids)
        pending["groups"].update((True,) if groups is True else groups)

    @api.model
    def _touch_documents(self, model, ids):
        """Note that documents went to another contact or company: what is written on them goes along."""
        if ids:
            self._pending().setdefault("documents of", {}).setdefault(model, set()).update(ids)

    def _pending(self):
        hooks = self.env.cr.precommit
        if PENDING not in hooks.data:
            hooks.data[PENDING] = {}
            # sudo: the index follows what was written under the writer's own rights; nobody reads through it.
            hooks.add(self.sudo()._sync_pending)
        return hooks.data[PENDING]

    def _search(self, domain, *args, **kwargs):
        """A search sees the changes of its own transaction, as with any model."""
        if PENDING in self.env.cr.precommit.data:
            self._sync()
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _sync(self):
        """Bring the history up to date with the changes of this transaction so far."""
        self.env.flush_all()
        self._sync_pending()

    def _sync_pending(self):
        pending = self.env.cr.precommit.data.pop(PENDING, None)
        if not pending:
            return
        self._add_what_is_on_documents(pending)
        nothing = {"new": set(), "changed": set()}
        shared = pending.pop("partner_share", nothing)
        moved = pending.pop("commercial_partner_id", nothing)
        for model, records in pending.items():
            # What is new has no entries yet, though it was changed since.
            may_exist = not records["changed"] <= records["new"]
            if statement := self._kept_statement(model, may_exist, frozenset(records["groups"])):
                ids = list(records["new"] | records["changed"])
                params = (ids if param is IDS else param for param in statement.params)
                self.env.cr.execute(SQL(statement.code, *params))
        # A contact created since the last look has no entry that could be out of date.
        if shared := shared["changed"] - shared["new"]:
            self._write_entries_of_contacts(list(shared))
        if moved := moved["changed"] - moved["new"]:
            self._write_commercial_partners(list(moved))
        self.invalidate_model(flush=False)

    def _add_what_is_on_documents(self, pending):
        """Messages and activities on documents that went to another contact are looked at again.

        Those of a new document are new themselves.
        """
        for model, ids in pending.pop("documents of", {}).items():
            ids = ids - pending.get(model, {}).get("new", set())
            for source, model_field in self._sources_on_documents() if ids else ():
                query = SQL(
                    "SELECT id FROM %s WHERE %s = %s AND res_id = ANY(%s)",
                    SQL.identifier(self.env[source]._table),
                    SQL.identifier(model_field),
                    model,
                    list(ids),
                )
                found = [record_id for (record_id,) in self.env.execute_query(query)]
                if found:
                    records = pending.setdefault(source, {"new": set(), "changed": set(), "groups": {True}})
                    records["changed"].update(found)

    @api.model
    @tools.ormcache()
    def _sources_on_documents(self):
        """Sources whose records hang on documents: pairs of model and the field that names the document's model."""
        return [
            (name, self.env[name]._fields["res_id"].model_field)
            for name in self._sources()
            if any(spec.document for spec in self.env[name]._contact_history_specs())
        ]

    @api.model
    @tools.ormcache()
    def _documents(self):
        """Models on whose documents a note or an activity is the history of a contact.

        :return: ``{model: path to the contact}``
        """
        paths = {name: self.env[name]._contact_history_document for name in self._sources()}
        return {"res.partner": "id", **{name: path for name, path in paths.items() if path}}

    @api.model
    @tools.ormcache()
    def _sources(self):
        """Names of the models that take part."""
        names = self.pool.descendants(["contact.history.mixin"], "_inherit")
        return [name for name in sorted(names) if not self.env[name]._abstract]

    # -- the statements ------------------------------------------------------------------------------------------

    @api.model
    def _write_entries(self, model, of_ids, may_exist=True, groups=(True,)):
        """Write the entries of some records of a model; take away those that are no longer.

        :param of_ids: SQL condition on the record id, without its left side
        :param may_exist: False for new records, which saves the deletion
        :param groups: only specs of these groups; all when True is among them
        """
        if statement := self._entries_statement(model, of_ids, may_exist, groups):
            self.env.cr.execute(statement)

    @api.model
    @tools.ormcache("model", "may_exist", "groups")
    def _kept_statement(self, model, may_exist, groups):
        """The same statement for any ids, with ``IDS`` in their place: to put it together takes a good part of the time
        that it runs. The rules of retention, too, clear the cache when they change.
        """
        return self._entries_statement(model, SQL("= ANY(%s)", IDS), may_exist, groups)

    def _entries_statement(self, model, of_ids, may_exist, groups):
        """:return: SQL; None where no spec is concerned"""
        selects = self.env[model]._contact_history_record_selects()
        if True not in groups:
            selects = [row for row in selects if row[0].group in groups]
        if not selects:
            return None
        branches = [SQL("%s AND %s %s", select, record_id, of_ids) for __, select, record_id, __ in selects]
        stale = SQL("e.res_model = %s AND e.res_id %s", model, of_ids) if may_exist else None
        if stale and True not in groups:
            stale = SQL("%s AND e.kind = ANY(%s)", stale, sorted({spec.kind for spec, *__ in selects}))
        return self._upsert_statement(model, self._one_per_key(selects, branches), stale)

    @api.model
    def _write_entries_of_contacts(self, partner_ids):
        """The same for some contacts, in the specs that leave out our own people."""
        for model in self._sources():
            selects = [row for row in self.env[model]._contact_history_selects() if row[0].outside_only]
            if not selects:
                continue
            branches = [SQL("%s AND %s = ANY(%s)", select, contact, partner_ids) for __, select, __, contact in selects]
            stale = SQL(
                "e.res_model = %s AND e.partner_id = ANY(%s) AND e.kind = ANY(%s)",
                model,
                partner_ids,
                sorted({spec.kind for spec, *__ in selects}),
            )
            self.env.cr.execute(self._upsert_statement(model, self._one_per_key(selects, branches), stale))

    @api.model
    def _write_commercial_partners(self, partner_ids):
        """Entries follow their contact to another customer, such as a person who joins a company."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE contact_history_entry e
                   SET commercial_partner_id = p.commercial_partner_id
                  FROM res_partner p
                 WHERE p.id = e.partner_id
                   AND e.partner_id = ANY(%s)
                   AND p.commercial_partner_id IS NOT NULL
                   AND e.commercial_partner_id <> p.commercial_partner_id
                """,
                partner_ids,
            )
        )

    def _one_per_key(self, selects, branches):
        """One row per record, kind and contact; of several specs the first wins."""
        kinds = [spec.kind for spec, *__ in selects]
        if len(set(kinds)) == len(kinds):
            return SQL(" UNION ALL ").join(branches)
        numbered = [
            SQL("SELECT %s AS spec, b.* FROM (%s) b(%s)", i, b, self._SOURCE_COLUMNS) for i, b in enumerate(branches)
        ]
        return SQL(
            "SELECT DISTINCT ON (res_id, kind, partner_id) %s FROM (%s) s ORDER BY res_id, kind, partner_id, spec",
            self._SOURCE_COLUMNS,
            SQL(" UNION ALL ").join(numbered),
        )

    def _upsert_statement(self, model, source, stale=None):
        """SQL: insert what is new in the source, update what differs, delete what is stale and no longer in it."""
        retention = self.env["contact.history.retention"]
        if retention._is_in_force():
            # Columns by name, whatever the select called them.
            source = SQL(
                "SELECT * FROM (%s) kept(%s) WHERE NOT %s",
                source,
                self._SOURCE_COLUMNS,
                retention._leaves_out("kept"),
            )
        gone = SQL()
        if stale:
            gone = SQL(
                """, gone AS (
                    DELETE FROM contact_history_entry e
                     WHERE %s
                       AND NOT EXISTS (
                            SELECT 1 FROM source s
                             WHERE s.res_id = e.res_id AND s.kind = e.kind AND s.partner_id = e.partner_id)
                )""",
                stale,
            )
        return SQL(
            """
            WITH source(%(columns)s) AS (%(source)s)%(gone)s
            INSERT INTO contact_history_entry AS e (res_model, %(columns)s)
            SELECT %(model)s, %(columns)s FROM source
                ON CONFLICT (res_model, res_id, kind, partner_id) DO UPDATE
               SET commercial_partner_id = EXCLUDED.commercial_partner_id,
                   happened_at = EXCLUDED.happened_at,
                   channel = EXCLUDED.channel,
                   direction = EXCLUDED.direction,
                   user_id = EXCLUDED.user_id,
                   company_id = EXCLUDED.company_id
             WHERE (e.commercial_partner_id, e.happened_at, e.channel, e.direction, e.user_id, e.company_id)
                   IS DISTINCT FROM (EXCLUDED.commercial_partner_id, EXCLUDED.happened_at, EXCLUDED.channel,
                                     EXCLUDED.direction, EXCLUDED.user_id, EXCLUDED.company_id)
            """,
            columns=self._SOURCE_COLUMNS,
            source=source,
            gone=gone,
            model=model,
        )
