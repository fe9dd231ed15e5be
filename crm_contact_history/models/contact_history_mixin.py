from odoo import api, models, tools
from odoo.fields import Domain
from odoo.tools import SQL, plaintext2html
from odoo.tools.sql import escape_psql

from ..sql_access import may_read, readable_ids, told_by_entry
from ..sql_path import join_contact, join_value


class ContactHistoryMixin(models.AbstractModel):
    """A model whose records are contacts with a customer.

    From its specs come the select that describes its entries (:meth:`_contact_history_selects`) and the hooks that
    tell the history which records changed. The history is then brought up to date once per transaction, see
    ``contact.history.entry``.
    """

    _name = "contact.history.mixin"
    _description = "Source of the Contact History"

    # Path from a document of this model to the contact to whom internal notes and done activities on it belong: a stored
    # many2one to res.partner, a dotted path of them or a many2many. Empty: notes on it are nobody's history.
    _contact_history_document = ""

    @api.model
    def _contact_history_specs(self):
        """How the records of this model enter the history.

        :rtype: list[HistorySpec]
        """
        return []

    def _contact_history_render(self):
        """What the history shows of each record. Called on records the user may read.

        :return: ``{record_id: {"title": str, "text": str, "amount": str | False}}``. Optional keys: ``status``
            (str, a short word shown as a badge), ``who`` (str, our person, where it is not the entry's user),
            ``document`` (``(model, id)`` to open instead of the record), ``can_read`` (bool, there is more text than
            shown, see :meth:`_contact_history_read`) and ``has_time`` (False where only the day is known)
        """
        return {record.id: {"title": record.display_name, "text": "", "amount": False} for record in self}

    def _contact_history_read(self):
        """The whole text of one record, read in place. Called on a record the user may read.

        :return: dict with any of ``title``, ``author`` (name), ``recipients`` (list of names), ``body`` (HTML, sanitised
            once more by ``history_read``) and ``attachments`` (recordset of ``ir.attachment``)
        """
        self.ensure_one()
        card = self._contact_history_render()[self.id]
        return {"title": card["title"], "body": plaintext2html(card["text"])}

    def _contact_history_readable(self):
        """Those of these records that the user may read: the others' entries are not shown to him.

        One query, by the record rules. A model with rules in Python (``_check_access``) says so itself.
        """
        return self.with_context(active_test=False).search([("id", "in", self.ids)], order="id").with_env(self.env)

    @api.model
    def _contact_history_counts(self, record_id):
        """SQL condition: this person may read the record of this model that has an id; None where he may read none.

        For figures of a customer (``_counts_for_reader``). To be extended, with the next one, where more than access
        rights and record rules decides who may read (``_check_access``).

        :param record_id: SQL of the id
        """
        return may_read(self, record_id)

    @api.model
    def _contact_history_told(self, alias):
        """The same as a condition on rows of the index alone, where that is possible: nothing of the record is read.

        To be extended, with the next one, where more than access rights and record rules decides who may read.

        :param alias: of the index's table in the statement
        :return: SQL; None where the record itself has to be asked, by ``_contact_history_readable_join``
        """
        return told_by_entry(self, alias)

    @api.model
    @tools.ormcache()
    def _contact_history_held(self):
        """Fields of the record that every entry of it holds: ``{field: field of the entry}``."""
        specs = self._contact_history_specs()
        held = {}
        for name in ("company", "user"):
            fields_ = {"" if spec.document else getattr(spec, name) for spec in specs}
            if len(fields_) == 1 and "" not in fields_:
                held[fields_.pop()] = f"{name}_id"
        return held

    @api.model
    def _contact_history_readable_join(self, record_id):
        """The same for figures of a period (``_entries_for_reader``), which ask of many records at once.

        :param record_id: SQL of the id, in a table that stands in the FROM already
        :return: SQL of a join that leaves those that he may read, and ends in a condition, so that " AND …" can follow;
            None where he may read none. What it joins comes after the table of the id: PostgreSQL plans joins in the order
            in which they are written when there are more than eight
        """
        ids = readable_ids(self)
        return ids and SQL("JOIN (%s) readable ON readable.id = %s", ids, record_id)

    @api.model
    def _contact_history_text_domain(self, text):
        """Which records hold a text in the fields that the history shows of them.

        :param text: what was typed, made safe for ``ilike``
        :rtype: Domain
        """
        return Domain(self._rec_name, "ilike", text) if self._rec_name else Domain.FALSE

    def _contact_history_find(self, text):
        """Those of these records, which the user may read, that hold a text."""
        return self.with_context(active_test=False).search(
            Domain("id", "in", self.ids) & self._contact_history_text_domain(escape_psql(text))
        )

    @api.model
    def _contact_history_takes(self, vals):
        """Whether a record created with these values can take part: a cheap first look, without a query.

        :param vals: the values given to ``create``
        :return: False only where it is certain that no entry can come of it; a tuple of groups of specs where it is
            certain that only these can hold, which makes it cheaper; else True
        """
        return True

    def _contact_history_touch(self):
        """Have the history look at these records again at the end of the transaction.

        Called by the hooks below for every change of a field named in a spec. An addon calls it where an entry
        depends on another record, such as the middle of a dotted path.
        """
        self.env["contact.history.entry"]._touch(self._name, self.ids)

    @api.model
    def _contact_history_retire(self, kind, cutoff, company, limit):
        """Delete records of a kind that are older than the history keeps them, where a rule asks for that.

        Only for records that are nothing but the contact, such as a logged call; called until nothing is deleted, each
        time in a transaction of its own. By default nothing is deleted.

        :param kind: kind of the entries
        :param cutoff: moment before which records go (UTC)
        :param company: only records of this company; all when empty
        :param limit: records to delete at most
        :return: how many were deleted
        """
        return 0

    # -- what the customer sees of himself -----------------------------------------------------------------------

    @api.model
    def _contact_history_portal_kinds(self):
        """The kinds of this model that a customer may see in his own history at the portal. By default none.

        :return: ``{kind: scope}``. Scope ``own``: only what he himself took part in; ``family``: also what his firm's
            other people did, as with orders and invoices
        """
        return {}

    def _contact_history_portal_filter(self):
        """Those of these records that the customer who is logged in may see; called on records of his own or his firm's.

        By default those that his own access rights allow.
        """
        return self._contact_history_readable()

    def _contact_history_portal_render(self):
        """What he sees of each record, all of which went through the filter: as ``_contact_history_render``, and ``url``.

        The default shows him what our own people see, and a link to the record's page at the portal.
        """
        # sudo: the records went through _contact_history_portal_filter.
        cards = self.sudo()._contact_history_render()
        pages = "access_url" in self._fields
        return {
            # sudo: as above.
            record.id: {**cards[record.id], "url": pages and record.access_url != "#" and record.access_url}
            for record in self.sudo()
        }

    # -- hooks ---------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        takes = [self._contact_history_takes(vals) for vals in vals_list]
        records = super().create(vals_list)
        by_groups = {}
        for record, groups in zip(records, takes, strict=True):
            if groups:
                by_groups.setdefault(groups, []).append(record.id)
        for groups, ids in by_groups.items():
            self.env["contact.history.entry"]._touch(self._name, ids, new=True, groups=groups)
        return records

    def write(self, vals):
        # Many-to-many values never reach _write_multi.
        triggers = self._contact_history_triggers()
        entries = self.env["contact.history.entry"]
        if not triggers["many"].isdisjoint(vals):
            self._contact_history_touch()
        if not triggers["document_many"].isdisjoint(vals):
            entries._touch_documents(self._name, self.ids)
        return super().write(vals)

    def _write_multi(self, vals_list):
        # The one place through which every stored value passes, computed ones included.
        triggers = self._contact_history_triggers()
        entries = self.env["contact.history.entry"]
        for names, touch in ((triggers["own"], entries._touch), (triggers["document"], entries._touch_documents)):
            changed = [record.id for record, vals in zip(self, vals_list, strict=True) if not names.isdisjoint(vals)]
            touch(self._name, changed)
        return super()._write_multi(vals_list)

    def unlink(self):
        self._contact_history_touch()
        return super().unlink()

    # -- from the specs ------------------------------------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _contact_history_triggers(self):
        """The fields whose change may change an entry.

        :return: frozensets of names: ``own`` columns and ``many`` to many fields of the record's own entries;
            ``document`` and ``document_many`` of the notes and activities on it
        """
        names = set()
        for spec in self._contact_history_specs():
            names |= {spec.date, spec.user, spec.channel_field.split(".")[0], spec.direction_field.split(".")[0]}
            names |= {"res_id"} if spec.document else {spec.partner.split(".")[0], spec.company}
            names |= {leaf.field_expr.split(".")[0] for leaf in Domain(spec.domain).iter_conditions()}
        own, many = self._contact_history_columns(names)
        path = self._contact_history_document
        on_document = {path.split(".")[0], "company_id"} if path else set()
        document, document_many = self._contact_history_columns(on_document)
        return {"own": own, "many": many, "document": document, "document_many": document_many}

    def _contact_history_columns(self, names):
        names = names & set(self._fields)
        many = {name for name in names if self._fields[name].type in ("many2many", "one2many")}
        return frozenset(names - many - {"create_date", "create_uid", "id"}), frozenset(many)

    @api.model
    @tools.ormcache()
    def _contact_history_selects(self):
        """The entries of this model as SQL, one select per spec.

        They are cached, since compiling a domain takes longer than the statement itself.

        :return: list of ``(spec, select, column of the record's id, column of the contact's id)``. Every select ends
            in a WHERE, so that " AND …" can follow; its columns are those of ``ContactHistoryEntry._SOURCE_COLUMNS``
        """
        return [self._contact_history_select(spec) for spec in self._contact_history_specs()]

    @api.model
    @tools.ormcache()
    def _contact_history_record_selects(self):
        """The same, to be held to some records: specs that differ only in the way to the contact, or only in the kind and
        its condition, share one select.

        Planning a select takes longer than running it for one record; shared ones halve the cost of a mail, and a rebuild
        reads an order once, not once as a quotation and once as an order. They cannot start from a contact.
        """
        specs = self._contact_history_specs()
        without_kind = {self._contact_history_without_kind(spec) for spec in specs}
        if len(specs) == len({spec.kind for spec in specs}) > 1 == len(without_kind) and None not in without_kind:
            return [self._contact_history_select(*specs)]
        runs = []
        for spec in specs:
            alike = self._contact_history_without_way(spec)
            if alike and runs and runs[-1][0] == alike:
                runs[-1][1].append(spec)
            else:
                runs.append((alike, [spec]))
        return [
            self._contact_history_shared_select(alike) if len(alike) > 1 else self._contact_history_select(alike[0])
            for __, alike in runs
        ]

    def _contact_history_without_kind(self, spec):
        """A spec but for its kind and which records have it; None where that hangs on other records, or on a group."""
        conditions = Domain(spec.domain).iter_conditions()
        if spec.group or spec.document or any("." in leaf.field_expr for leaf in conditions):
            return None
        return spec._replace(kind="", domain=())

    def _contact_history_without_way(self, spec):
        """A spec but for its way to the contact; None where the way is longer than a field of the record."""
        if spec.document or spec.direction_field or "." in spec.partner:
            return None
        return spec._replace(partner="", direction="", user="")

    def _contact_history_shared_select(self, specs):
        spec = specs[0]
        # sudo: only builds the statement by which the index is filled; readers are checked in history_page.
        query = self.sudo()._search(Domain(spec.domain), active_test=False, bypass_access=True)
        happened_at = self._contact_history_moment(query, spec)
        conditions = [query.where_clause or SQL("TRUE"), SQL("%s IS NOT NULL", happened_at)]
        if spec.outside_only:
            conditions.append(SQL("contact.partner_share"))
        record_id, contact_id = SQL.identifier(query.table, "id"), SQL.identifier("contact", "id")
        ways = [self._contact_history_way(query, number, one) for number, one in enumerate(specs)]
        select = SQL(
            """
            SELECT %(record_id)s, %(kind)s::varchar, contact.id, COALESCE(contact.commercial_partner_id, contact.id),
                   date_trunc('second', %(happened_at)s), %(channel)s, way.direction, way.user_id, %(company)s
              FROM %(records)s
        CROSS JOIN LATERAL (SELECT DISTINCT ON (contact_id) * FROM (%(ways)s) w ORDER BY contact_id, number) way
              JOIN res_partner contact ON contact.id = way.contact_id
             WHERE %(conditions)s
            """,
            record_id=record_id,
            kind=spec.kind,
            happened_at=happened_at,
            channel=self._contact_history_code(query, spec.channel, spec.channel_field, spec.channel_codes),
            company=SQL.identifier(query.table, spec.company) if spec.company else SQL("NULL::int4"),
            records=query.from_clause,
            ways=SQL(" UNION ALL ").join(ways),
            conditions=SQL(" AND ").join(conditions),
        )
        return spec, select, record_id, contact_id

    def _contact_history_way(self, query, number, spec):
        """The contacts of one record by one spec: its number, the contact, direction and user."""
        field = self._fields[spec.partner]
        is_many = field.type == "many2many"
        return SQL(
            "SELECT %s AS number, %s AS contact_id, %s::varchar AS direction, %s AS user_id%s",
            number,
            SQL.identifier("many", field.column2) if is_many else SQL.identifier(query.table, spec.partner),
            spec.direction or None,
            SQL.identifier(query.table, spec.user) if spec.user else SQL("NULL::int4"),
            SQL(
                " FROM %s many WHERE %s = %s",
                SQL.identifier(field.relation),
                SQL.identifier("many", field.column1),
                SQL.identifier(query.table, "id"),
            )
            if is_many
            else SQL(),
        )

    def _contact_history_select(self, spec, *others):
        """The select of one spec, and of others that differ from it in kind and domain only."""
        alike = (spec, *others)
        # sudo: only builds the statement by which the index is filled; readers are checked in history_page.
        source = self.sudo()
        domains = [Domain(one.domain).optimize_full(source) for one in alike]
        query = source._search(Domain.OR(domains), active_test=False, bypass_access=True)
        kind = SQL("%s::varchar", spec.kind)
        if others:
            kinds = [
                SQL("(%s::varchar, %s)", one.kind, domain._to_sql(source, query.table, query))
                for one, domain in zip(alike, domains, strict=True)
            ]
            query.add_join("JOIN", "is_a", SQL("LATERAL (VALUES %s)", SQL(", ").join(kinds)), SQL("is_a.column2"))
            kind = SQL("is_a.column1")
        record_id = SQL.identifier(query.table, "id")
        document, origin = self, query.table
        if spec.document:
            document = self.env[spec.document]
            origin = query.join(query.table, "res_id", document._table, "id", "document")
        alias, column = join_contact(document, query, spec.partner, origin)
        contact = query.join(alias, column, "res_partner", "id", "contact")
        contact_id = SQL.identifier(contact, "id")
        happened_at = self._contact_history_moment(query, spec)
        query.add_where(SQL("%s IS NOT NULL", happened_at))
        if spec.outside_only:
            query.add_where(SQL("%s", SQL.identifier(contact, "partner_share")))
        columns = [
            record_id,
            kind,
            contact_id,
            SQL("COALESCE(%s, %s)", SQL.identifier(contact, "commercial_partner_id"), contact_id),
            # Seconds, as the ORM reads it: a page must go on exactly where the one before ended.
            SQL("date_trunc('second', %s)", happened_at),
            self._contact_history_code(query, spec.channel, spec.channel_field, spec.channel_codes),
            self._contact_history_code(query, spec.direction, spec.direction_field, spec.direction_codes),
            SQL.identifier(query.table, spec.user) if spec.user else SQL("NULL::int4"),
            SQL.identifier(origin, spec.company) if spec.company else SQL("NULL::int4"),
        ]
        return spec, query.select(*columns), record_id, contact_id

    def _contact_history_moment(self, query, spec):
        moment = SQL("%s::timestamp", SQL.identifier(query.table, spec.date))
        if self._fields[spec.date].type == "date":
            moment = SQL("%s + interval '12 hours'", moment)
        if spec.date == "create_date":
            return moment
        return SQL("COALESCE(%s, %s)", moment, SQL.identifier(query.table, "create_date"))

    def _contact_history_code(self, query, literal, path, codes):
        """Column of the channel or direction: a literal, or a value of the record."""
        literal = SQL("%s::varchar", literal or None)
        if not path:
            return literal
        value = SQL.identifier(*join_value(self, query, path))
        if not codes:
            return SQL("COALESCE(%s, %s)", value, literal)
        whens = SQL(" ").join(SQL("WHEN %s THEN %s", when, code) for when, code in codes)
        return SQL("(CASE %s %s ELSE %s END)::varchar", value, whens, literal)
