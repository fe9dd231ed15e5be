from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import escape_psql

from ..lookup_term import MIN_INSIDE
from ..sql_path import join_contact

# The expression of phone_validation's own index on a phone field (MailThreadPhone.init).
PHONE_AS_TYPED_HOLDS = r"regexp_replace((%s::text), '[\s\\./\(\)\-]'::text, ''::text, 'g'::text) ILIKE %s"


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
    def _contact_lookup_selects(self, spec, term, limit):
        """The customers found by one spec, as far as this person may read the records of this model.

        :param term: ``LookupTerm``
        :param limit: most rows per select
        :return: list of selects with the columns contact id, value found and id of the record that holds it
        """
        return [
            select
            for where in getattr(self, f"_contact_lookup_{spec.match}")(spec.field, term)
            if (select := self._contact_lookup_select(spec, where, limit))
        ]

    def _contact_lookup_select(self, spec, where, limit):
        domain, condition = (where, None) if isinstance(where, Domain) else (Domain.TRUE, where)
        query = self._search(domain & Domain(spec.domain))
        if query.is_empty():
            return None
        if condition:
            query.add_where(condition)
        alias, column = join_contact(self, query, spec.partner)
        value = self._field_to_sql(query.table, spec.field, query)
        query.add_where(SQL("%s IS NOT NULL", SQL.identifier(alias, column)))
        # Of many that begin alike the shortest is nearest to what was typed.
        query.order = SQL("length(%s)", value)
        query.limit = limit
        return query.select(SQL.identifier(alias, column), value, SQL.identifier(query.table, "id"))

    # -- the ways to match, each returning the conditions to look for --------------------------------------------

    def _contact_lookup_exact(self, field, term):
        return [Domain(field, "in", list({term.text, term.text.upper(), term.text.lower()}))]

    def _contact_lookup_prefix(self, field, term):
        column = self._field_to_sql(self._table, field)
        return [SQL("lower(%s) LIKE %s", column, escape_psql(term.text.lower()) + "%")]

    def _contact_lookup_contains(self, field, term):
        begins = Domain(field, "=ilike", escape_psql(term.text) + "%")
        if min(map(len, term.words)) < MIN_INSIDE:
            return [begins]
        return [begins, Domain.AND(Domain(field, "ilike", escape_psql(word)) for word in term.words)]

    def _contact_lookup_phone(self, field, term):
        if not term.digits:
            return []
        return [SQL("%s LIKE %s", self._field_to_sql(self._table, field), f"%{term.digits}%")]

    def _contact_lookup_phone_as_typed(self, field, term):
        if not term.digits:
            return []
        return [SQL(PHONE_AS_TYPED_HOLDS, self._field_to_sql(self._table, field), f"%{term.digits}%")]
