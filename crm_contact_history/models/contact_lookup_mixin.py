import re

from odoo import api, models, tools
from odoo.fields import Domain
from odoo.tools import SQL, Query
from odoo.tools.sql import escape_psql

from ..long_number import MANY_DIGITS, SOME_DIGITS
from ..lookup_term import FULL_NUMBER, MIN_INSIDE
from ..lookup_way import LookupWay
from ..sql_path import join_contact

# Of records that match without an order of their index, so many are ranked: who typed so little types on.
CANDIDATES = 1000
# Records that are looked at for each customer wanted, since several may be of one, or of one who is not for this reader.
ROWS_PER_CUSTOMER = 3

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
    def _contact_lookup_select(self, spec, term, limit, known=None, by_rules=True):
        """The customers found by one spec.

        :param term: ``LookupTerm``
        :param limit: so many customers are wanted
        :param known: dict in which what specs share is kept, for calls with several specs of this model
        :param by_rules: only by records that this person may read. Else the caller has to ask which of them he may
        :return: a select with the columns contact_id, value (what was found) and record_id (that holds it); None where
            this spec cannot find anything
        """
        ways = getattr(self, f"_contact_lookup_{spec.match}")(spec.field, term)
        if not ways:
            return None
        if by_rules:
            records = self._contact_lookup_readable(spec, {} if known is None else known)
        else:
            records = self._contact_lookup_all(spec.domain, spec.partner)
        if not records:
            return None
        # A contact is found once, of other records several may be of one customer.
        enough = limit if spec.partner == "id" else ROWS_PER_CUSTOMER * limit
        steps = []
        for number, way in enumerate(ways):
            gate = self._contact_lookup_gate(ways[:number], way, enough)
            select = self._contact_lookup_way(*records, spec, way, gate, term, ROWS_PER_CUSTOMER * limit)
            steps.append(SQL("%s AS MATERIALIZED (%s)", SQL.identifier(f"way{number}"), select))
        if len(steps) == 1:
            return select
        found = (SQL("SELECT * FROM %s", SQL.identifier(f"way{number}")) for number in range(len(ways)))
        return SQL("WITH %s %s", SQL(", ").join(steps), SQL(" UNION ALL ").join(found))

    def _contact_lookup_gate(self, before, way, enough):
        """SQL condition under which a way is gone at all: the database looks at nothing where it does not hold."""
        conditions = []
        if before:
            found = SQL(" UNION ALL ").join(
                SQL("SELECT record_id FROM %s", SQL.identifier(f"way{number}")) for number in range(len(before))
            )
            conditions.append(SQL("(SELECT count(DISTINCT record_id) FROM (%s) f) < %s", found, enough))
        if way.is_part:
            conditions += [
                SQL("NOT EXISTS (SELECT FROM %s WHERE %s)", SQL.identifier(f"way{number}"), one.full)
                for number, one in enumerate(before)
                if one.full
            ]
        return SQL(" AND ").join([SQL("TRUE"), *conditions])

    def _contact_lookup_way(self, records, condition, contact, spec, way, gate, term, rows):
        select = SQL(
            "SELECT %s AS contact_id, %s AS value, %s AS record_id FROM %s WHERE %s AND %s AND %s",
            contact,
            self._field_to_sql(self._table, spec.field),
            SQL.identifier(self._table, "id"),
            records,
            condition,
            self._contact_lookup_condition(way.where),
            gate,
        )
        if way.order:
            return SQL("%s ORDER BY %s USING ~<~ LIMIT %s", select, way.order, rows)
        typed = term.text.lower()
        distance = way.distance or SQL(
            "NOT starts_with(lower(value), %s), strpos(lower(value), %s) = 0, length(value)", typed, f" {typed}"
        )
        return SQL("SELECT * FROM (%s LIMIT %s) f ORDER BY %s, record_id LIMIT %s", select, CANDIDATES, distance, rows)

    def _contact_lookup_readable(self, spec, known):
        """The records of a spec that this person may read: FROM, WHERE and the column of their contact; None without any.

        Worked out once for all specs that look among the same: compiling the access rules takes longer than looking.
        """
        key = (spec.domain, spec.partner)
        if key not in known:
            known[key] = self._contact_lookup_parts(self._search(Domain(spec.domain)), spec.partner)
        return known[key]

    @api.model
    @tools.ormcache("domain", "partner")
    def _contact_lookup_all(self, domain, partner):
        """The same of all records, whoever may read them: nothing in it changes from one look-up to the next."""
        # sudo: only builds the statement; front_desk_search keeps nothing of a record that is not for this person.
        records = self.sudo().with_context(active_test=True)
        return records._contact_lookup_parts(records._search(Domain(domain)), partner)

    def _contact_lookup_parts(self, query, partner):
        if query.is_empty():
            return None
        contact = SQL.identifier(*join_contact(self, query, partner))
        query.add_where(SQL("%s IS NOT NULL", contact))
        return query.from_clause, query.where_clause, contact

    @api.model
    def _contact_lookup_may_read(self, ids):
        """Whether this person may read all of these records, in the way in which the look-up itself asks."""
        query = self._search([("id", "in", list(ids))], active_test=False)
        return len(query.get_result_ids()) == len(ids)

    def _contact_lookup_condition(self, where):
        if isinstance(where, SQL):
            return where
        return where.optimize_full(self)._to_sql(self, self._table, Query(self.env, self._table, self._table_sql))

    # -- the ways to match, each a list of LookupWay, best first ---------------------------------------------------

    def _contact_lookup_exact(self, field, term):
        return [LookupWay(Domain(field, "in", list({term.text, term.text.upper(), term.text.lower()})))]

    def _contact_lookup_prefix(self, field, term):
        column = SQL("lower(%s)", self._field_to_sql(self._table, field))
        return [LookupWay(SQL("%s LIKE %s", column, escape_psql(term.text.lower()) + "%"), order=column)]

    def _contact_lookup_contains(self, field, term, digits=""):
        if min(map(len, term.words)) < MIN_INSIDE:
            return [self._contact_lookup_like(field, [f"{escape_psql(term.text)}%"], term, digits)]
        return [self._contact_lookup_inside(field, term, digits)]

    def _contact_lookup_number(self, field, term):
        # Nothing but words is a name, and no number: it is not looked for among all documents.
        if all(map(str.isalpha, term.text.split())):
            return []
        return self._contact_lookup_contains(field, term, MANY_DIGITS)

    def _contact_lookup_name(self, field, term):
        parts = min(map(len, term.words)) >= MIN_INSIDE
        if parts and _holds(term, MANY_DIGITS):
            # In so few names that each is found at once, wherever it stands in them.
            return [self._contact_lookup_inside(field, term, SOME_DIGITS, fold=True)]
        ways = [self._contact_lookup_begins(field, term, is_full=len(term.words) > 1)]
        # The index of words knows letters and digits only: "@rahma" is none of a name.
        if all(map(str.isalnum, term.text.split())):
            words = SQL(
                "to_tsvector('simple'::regconfig, %s) @@ plainto_tsquery('simple'::regconfig, %s)",
                self._contact_lookup_plain(self._field_to_sql(self._table, field)),
                self._contact_lookup_plain(SQL("%s", term.text)),
            )
            ways.append(LookupWay(words))
        if parts:
            ways.append(self._contact_lookup_inside(field, term, SOME_DIGITS, fold=True))
        return ways

    def _contact_lookup_email(self, field, term):
        # No address has a blank in it: several words are a name.
        if len(term.words) > 1:
            return []
        inside = self._contact_lookup_inside(field, term, MANY_DIGITS, fold=True)
        if _holds(term, MANY_DIGITS):
            return [inside]
        begins = self._contact_lookup_begins(field, term, is_full="@" in term.text)
        return [begins, inside] if len(term.text) >= MIN_INSIDE else [begins]

    def _contact_lookup_begins(self, field, term, is_full):
        """It begins with what was typed; where that is all of it, ``is_full`` says whether it can stand for the whole."""
        column = self._contact_lookup_folded(self._field_to_sql(self._table, field))
        begins = SQL("%s LIKE %s", column, self._contact_lookup_folded(SQL("%s", escape_psql(term.text) + "%")))
        found, typed = SQL("value"), SQL("%s", term.text)
        full = SQL("%s = %s", self._contact_lookup_folded(found), self._contact_lookup_folded(typed))
        return LookupWay(begins, order=column, full=full if is_full else None)

    def _contact_lookup_inside(self, field, term, digits="", fold=False):
        """It has all words somewhere in it."""
        patterns = [f"%{escape_psql(word)}%" for word in term.words]
        return self._contact_lookup_like(field, patterns, term, digits, fold)._replace(is_part=True)

    def _contact_lookup_like(self, field, patterns, term, digits="", fold=False):
        """It is like all patterns, whatever case and accents.

        :param digits: texts with so many digits in a row have an index of their own (``digits_index``): said, too, where
            they are typed, so that it serves
        :param fold: as that index is
        """
        column = self._field_to_sql(self._table, field)
        plain = self._contact_lookup_plain(column)
        conditions = [SQL("%s ILIKE %s", plain, self._contact_lookup_plain(SQL("%s", like))) for like in patterns]
        if digits and _holds(term, digits):
            conditions.append(SQL("%s ~ %s", plain if fold else column, digits))
        return LookupWay(SQL(" AND ").join(conditions))

    def _contact_lookup_folded(self, text):
        return SQL("lower(%s)", self._contact_lookup_plain(text))

    def _contact_lookup_plain(self, text):
        """Without accents, where the database can do so."""
        return self.env.registry.unaccent(text)

    def _contact_lookup_phone(self, field, term):
        if not term.digits:
            return []
        column = self._field_to_sql(self._table, field)
        holds = SQL("%s LIKE %s", column, f"%{term.digits}%")
        # The nearer to the beginning the better: "0812 34" is what follows the country's code.
        inside = LookupWay(holds, distance=SQL("strpos(value, %s)", term.digits), is_part=True)
        if len(term.digits) < FULL_NUMBER:
            return [inside]
        backwards = SQL("reverse(%s)", column)
        ends = SQL("%s LIKE %s", backwards, f"{term.digits[::-1]}%")
        return [LookupWay(ends, order=backwards, full=SQL("TRUE")), inside]

    def _contact_lookup_phone_as_typed(self, field, term):
        if not term.digits:
            return []
        return [
            LookupWay(
                SQL(
                    "%s IS NULL AND %s IS NOT NULL AND %s LIKE %s",
                    self._field_to_sql(self._table, "phone_sanitized"),
                    self._field_to_sql(self._table, field),
                    SQL(PHONE_AS_TYPED_SQL, self._field_to_sql(self._table, field)),
                    f"%{term.digits}%",
                ),
                is_part=True,
            )
        ]


def _holds(term, digits):
    return any(re.search(digits, word, re.ASCII) for word in term.words)
