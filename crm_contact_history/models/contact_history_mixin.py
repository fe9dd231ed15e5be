from odoo import api, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

from ..sql_path import join_contact


class ContactHistoryMixin(models.AbstractModel):
    """A model whose records are contacts with a customer.

    From its specs come the select that describes its entries (:meth:`_contact_history_selects`) and the hooks that
    tell the history which records changed. The history is then brought up to date once per transaction, see
    ``contact.history.entry``.
    """

    _name = "contact.history.mixin"
    _description = "Source of the Contact History"

    @api.model
    def _contact_history_specs(self):
        """How the records of this model enter the history.

        :rtype: list[HistorySpec]
        """
        return []

    def _contact_history_render(self):
        """What the history shows of each record. Called on records the user may read.

        :return: ``{record_id: {"title": str, "text": str, "amount": str | False}}``. Optional keys: ``status``
            (str, a short word shown as a badge), ``who`` (str, our person, where it is not the entry's user) and
            ``document`` (``(model, id)`` to open instead of the record)
        """
        return {record.id: {"title": record.display_name, "text": "", "amount": False} for record in self}

    @api.model
    def _contact_history_takes(self, vals):
        """Whether a record created with these values can take part: a cheap first look, without a query.

        :param vals: the values given to ``create``
        :return: False only where it is certain that no entry can come of it
        """
        return True

    def _contact_history_touch(self):
        """Have the history look at these records again at the end of the transaction.

        Called by the hooks below for every change of a field named in a spec. An addon calls it where an entry
        depends on another record, such as the middle of a dotted path.
        """
        self.env["contact.history.entry"]._touch(self._name, self.ids)

    # -- hooks ---------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        takes = [self._contact_history_takes(vals) for vals in vals_list]
        records = super().create(vals_list)
        new_ids = [record.id for record, taken in zip(records, takes, strict=True) if taken]
        self.env["contact.history.entry"]._touch(self._name, new_ids, new=True)
        return records

    def write(self, vals):
        # Many-to-many values never reach _write_multi.
        if not self._contact_history_triggers()[1].isdisjoint(vals):
            self._contact_history_touch()
        return super().write(vals)

    def _write_multi(self, vals_list):
        # The one place through which every stored value passes, computed ones included.
        triggers = self._contact_history_triggers()[0]
        changed = [record.id for record, vals in zip(self, vals_list, strict=True) if not triggers.isdisjoint(vals)]
        self.env["contact.history.entry"]._touch(self._name, changed)
        return super()._write_multi(vals_list)

    def unlink(self):
        self._contact_history_touch()
        return super().unlink()

    # -- from the specs ------------------------------------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _contact_history_triggers(self):
        """The fields whose change may change an entry.

        :return: names of the columns, names of the many2many
        """
        names = set()
        for spec in self._contact_history_specs():
            names |= {spec.partner.split(".")[0], spec.date, spec.user, spec.company}
            names |= {spec.channel_field.split(".")[0], spec.direction_field.split(".")[0]}
            names |= {leaf.field_expr.split(".")[0] for leaf in Domain(spec.domain).iter_conditions()}
        names &= set(self._fields)
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

    def _contact_history_select(self, spec):
        # sudo: only builds the statement by which the index is filled; readers are checked in history_page.
        query = self.sudo()._search(Domain(spec.domain), active_test=False, bypass_access=True)
        record_id = SQL.identifier(query.table, "id")
        alias, column = join_contact(self, query, spec.partner)
        contact = query.join(alias, column, "res_partner", "id", "contact")
        contact_id = SQL.identifier(contact, "id")
        happened_at = SQL("%s::timestamp", SQL.identifier(query.table, spec.date))
        if spec.date != "create_date":
            happened_at = SQL("COALESCE(%s, %s)", happened_at, SQL.identifier(query.table, "create_date"))
        query.add_where(SQL("%s IS NOT NULL", happened_at))
        if spec.outside_only:
            query.add_where(SQL("%s", SQL.identifier(contact, "partner_share")))
        columns = [
            record_id,
            SQL("%s::varchar", spec.kind),
            contact_id,
            SQL("COALESCE(%s, %s)", SQL.identifier(contact, "commercial_partner_id"), contact_id),
            # Seconds, as the ORM reads it: a page must go on exactly where the one before ended.
            SQL("date_trunc('second', %s)", happened_at),
            self._contact_history_code(query, spec.channel, spec.channel_field),
            self._contact_history_code(query, spec.direction, spec.direction_field),
            SQL.identifier(query.table, spec.user) if spec.user else SQL("NULL::int4"),
            SQL.identifier(query.table, spec.company) if spec.company else SQL("NULL::int4"),
        ]
        return spec, query.select(*columns), record_id, contact_id

    def _contact_history_code(self, query, literal, path):
        """Column of the channel or direction: a literal, or a value of the record."""
        if not path:
            return SQL("%s::varchar", literal or None)
        return SQL("%s::varchar", SQL.identifier(*join_contact(self, query, path)))
