from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import escape_psql

from ..lookup_term import MIN_INSIDE
from ..sql_path import join_contact

# A telephone number as it was typed in, its punctuation apart.
PHONE_AS_TYPED = r"regexp_replace(({}::text), '[\s\\./\(\)\-]'::text, ''::text, 'g'::text)"
PHONE_AS_TYPED_SQL = PHONE_AS_TYPED.format("%s")


class ContactLookupMixin(models.AbstractModel):
    """A model by which a customer can be found."""

    _name = "contact.lookup.mixin"
    _description = "Source of the Customer Look-up"

    @api.model
    def _contact_lookup_specs(self):
        """By which fields of this model a customer is found.

        :rtype: list[LookupSpec]
        """
        return []

    @api.model
    def _contact_lookup_selects(self, spec, term, limit, readable=None):
        """The customers found by one spec, as far as this person may read the records of this model.

        :param term: ``LookupTerm``
        :param limit: most rows per select
        :param readable: dict in which what specs share is kept, for calls with several specs of this model
        :return: list of selects with the columns contact id, value found and id of the record that holds it
        """
        query, contact = self._contact_lookup_readable(spec, {} if readable is None else readable)
        if query.is_empty():
            return []
        value = self._field_to_sql(query.table, spec.field, query)
        return [
            SQL(
                "SELECT %s, %s, %s FROM %s WHERE %s AND %s ORDER BY starts_with(lower(%s), %s) DESC, length(%s) LIMIT %s",
                contact,
                value,
                SQL.identifier(query.table, "id"),
                query.from_clause,
                query.where_clause,
                self._contact_lookup_condition(where, query),
                # What begins so is nearest to what was typed, and of many such the shortest.
                value,
                term.text.lower(),
                value,
                limit,
            )
            for where in getattr(self, f"_contact_lookup_{spec.match}")(spec.field, term)
        ]

    def _contact_lookup_readable(self, spec, known):
        """The records of a spec that this person may read, and the column of their contact.

        Worked out once for all specs that look among the same: compiling the access rules takes longer than looking.
        """
        key = (spec.domain, spec.partner)
        if key not in known:
            query = self._search(Domain(spec.domain))
            contact = SQL.identifier(*join_contact(self, query, spec.partner))
            query.add_where(SQL("%s IS NOT NULL", contact))
            known[key] = (query, contact)
        return known[key]

    def _contact_lookup_condition(self, where, query):
        return where.optimize_full(self)._to_sql(self, query.table, query) if isinstance(where, Domain) else where

    # -- the ways to match, each returning the conditions to look for --------------------------------------------

    def _contact_lookup_exact(self, field, term):
        return [Domain(field, "in", list({term.text, term.text.upper(), term.text.lower()}))]

    def _contact_lookup_prefix(self, field, term):
        column = self._field_to_sql(self._table, field)
        return [SQL("lower(%s) LIKE %s", column, escape_psql(term.text.lower()) + "%")]

    def _contact_lookup_contains(self, field, term):
        if min(map(len, term.words)) < MIN_INSIDE:
            return [Domain(field, "=ilike", escape_psql(term.text) + "%")]
        return [Domain.AND(Domain(field, "ilike", escape_psql(word)) for word in term.words)]

    def _contact_lookup_email(self, field, term):
        # No address has a blank in it: several words are a name.
        return self._contact_lookup_contains(field, term) if len(term.words) == 1 else []

    def _contact_lookup_phone(self, field, term):
        if not term.digits:
            return []
        return [SQL("%s LIKE %s", self._field_to_sql(self._table, field), f"%{term.digits}%")]

    def _contact_lookup_phone_as_typed(self, field, term):
        if not term.digits:
            return []
        return [
            SQL(
                "%s IS NULL AND %s IS NOT NULL AND %s LIKE %s",
                self._field_to_sql(self._table, "phone_sanitized"),
                self._field_to_sql(self._table, field),
                SQL(PHONE_AS_TYPED_SQL, self._field_to_sql(self._table, field)),
                f"%{term.digits}%",
            )
        ]
