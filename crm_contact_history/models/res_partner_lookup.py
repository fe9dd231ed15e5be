from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, remove_accents

from ..asset_identifier import only_letters_and_digits
from ..long_number import MANY_DIGITS, SOME_DIGITS, digits_index
from ..lookup_index import SHORT_LIST, trigram_index
from ..lookup_term import FULL_NUMBER, LookupTerm
from ..specs import LookupSpec
from .contact_lookup_mixin import PHONE_AS_TYPED

MAX_RESULTS = 50
EXACT = 0
LONGEST_COUNTRY_CODE = 3


def _begin(field):
    """Index definition for "begins with", whatever case and accents, in the order in which the look-up wants them."""
    return lambda registry: f"(lower({registry.unaccent(field)}) text_pattern_ops) WHERE {field} IS NOT NULL"


class ResPartner(models.Model):
    """Finding a customer by anything he can name."""

    _name = "res.partner"
    _inherit = ["res.partner", "contact.lookup.mixin"]

    # Beginning of a name, whatever its case and accents: front_desk_search.
    _name_begin_lookup_idx = models.Index(_begin("name"))
    # Words of a name, in any order: front_desk_search. A fifth of the trigrams' size, and read in a tenth of the time.
    _name_words_lookup_idx = models.Index(
        lambda registry: f"USING gin (to_tsvector('simple'::regconfig, {registry.unaccent('name')})) {SHORT_LIST}"
    )
    # Part of a name: front_desk_search; core's name_search uses it too.
    _name_lookup_idx = models.Index(trigram_index("name", "name IS NOT NULL", fold=True))
    # A number, such as a telephone's, as a part of a name or of an e-mail address: front_desk_search.
    _name_digits_lookup_idx = models.Index(digits_index("name", SOME_DIGITS, fold=True))
    _email_digits_lookup_idx = models.Index(digits_index("email", MANY_DIGITS, fold=True))
    # Beginning of an e-mail address: front_desk_search.
    _email_begin_lookup_idx = models.Index(_begin("email"))
    # Part of an e-mail address: front_desk_search.
    _email_lookup_idx = models.Index(trigram_index("email", "email IS NOT NULL", fold=True))
    # End of a telephone number in any spelling: front_desk_search, incoming_call.
    _phone_end_lookup_idx = models.Index(
        "(reverse(phone_sanitized) text_pattern_ops) WHERE phone_sanitized IS NOT NULL"
    )
    # Part of a telephone number in any spelling: front_desk_search.
    _phone_lookup_idx = models.Index(trigram_index("phone_sanitized", "phone_sanitized IS NOT NULL"))
    # The same of the few numbers that have no sanitized form: a small index beside core's, which holds all.
    _phone_typed_lookup_idx = models.Index(
        trigram_index(PHONE_AS_TYPED.format("phone"), "phone_sanitized IS NULL AND phone IS NOT NULL")
    )
    # Beginning of a reference or VAT number, whatever the case: front_desk_search.
    _ref_lookup_idx = models.Index("(lower(ref) text_pattern_ops) WHERE ref IS NOT NULL")
    _vat_lookup_idx = models.Index("(lower(vat) text_pattern_ops) WHERE vat IS NOT NULL")

    @api.model
    def _contact_lookup_specs(self):
        return [
            LookupSpec("name", self.env._("Name"), "id", "name", 10, icon="fa-user"),
            LookupSpec("email", self.env._("E-mail"), "id", "email", 20, icon="fa-envelope-o"),
            LookupSpec("phone_sanitized", self.env._("Phone"), "id", "phone", 30, icon="fa-phone"),
            # Numbers that are not valid and so have no sanitized form.
            LookupSpec("phone", self.env._("Phone"), "id", "phone_as_typed", 31, icon="fa-phone"),
            LookupSpec("ref", self.env._("Reference"), "id", sequence=40, icon="fa-hashtag"),
            LookupSpec("vat", self.env._("Tax ID"), "id", sequence=50, icon="fa-hashtag"),
        ]

    @api.model
    @api.readonly
    def front_desk_search(self, term, limit=10):
        """Find customers by part of what they can name, best match first.

        :param str term: what was typed; under two letters or digits, or over 80 characters, finds nothing
        :param int limit: most results, 1 to 50
        :return: list of dicts with ``partner_id``, ``name``, ``reason`` (label of the field that matched), ``value``
            (what matched), ``icon`` (Font Awesome class of the reason), ``model`` and ``record_id`` (the record that
            matched, such as an order), ``is_exact`` (the whole of it was typed), ``phone``, ``email``, ``city``,
            ``company`` (name of the company he belongs to, or False)
        :raises AccessError: for anybody but our own people
        :raises UserError: when the limit is not a whole number
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only our own people may look customers up."))
        if not isinstance(limit, int) or isinstance(limit, bool):
            raise UserError(self.env._("The number of results is a whole number, 1 to %s.", MAX_RESULTS))
        term = LookupTerm.parse(term)
        if not term:
            return []
        limit = max(1, min(limit, MAX_RESULTS))
        matches, partners = self._front_desk_matches(term, limit)
        ranked = sorted(partners, key=lambda partner: (*matches[partner.id][0], partner.name or "", partner.id))[:limit]
        # sudo: only the companies' names, of contacts that this person was found to read; in one statement.
        self.browse(partner.parent_id.id for partner in ranked if partner.parent_id).sudo().fetch(["name"])
        return [self._front_desk_result(partner, *matches[partner.id]) for partner in ranked]

    def _front_desk_result(self, partner, key, spec, value, record):
        return {
            "partner_id": partner.id,
            "name": partner.name or partner.display_name,
            "reason": spec.label,
            "value": value,
            "icon": spec.icon,
            "model": record[0],
            "record_id": record[1],
            "is_exact": key[0] == EXACT,
            "phone": partner.phone or False,
            "email": partner.email or False,
            "city": partner.city or False,
            # sudo: as above.
            "company": partner.parent_id.sudo().name or False,
        }

    def _front_desk_matches(self, term, limit):
        """The best match of every customer found, and these customers, as far as this person may read both.

        Looked for without the access rules first: to put them into the statement for each kind of record takes longer
        than to look. Who may read all that was found has what he would have found with them; of a kind of records where
        he may not, the rules are asked in a second statement, which finds others in place of those that he may not read.

        :return: ``{partner_id: (sort key, LookupSpec, value, (model, record id))}``, contacts
        """
        sources = self._front_desk_sources()
        found = self._front_desk_found(sources, term, limit, by_rules=False)
        partners = self._front_desk_partners(found)
        hidden = [
            name
            for name, rows in found.items()
            if not self._front_desk_may_read(name, {record_id for *__, record_id in rows}, partners)
        ]
        if hidden:
            found.update(self._front_desk_found(hidden, term, limit, by_rules=True))
            partners = self._front_desk_partners(found)
        matches = {}
        for name in sources:
            for spec, partner_id, value, record_id in found[name]:
                key = (_distance(term, spec, value), spec.sequence)
                if partner_id not in matches or key < matches[partner_id][0]:
                    matches[partner_id] = (key, spec, value, (name, record_id))
        return matches, partners

    def _front_desk_found(self, sources, term, limit, by_rules):
        """What was found, by one statement over some sources.

        :return: ``{model: [(LookupSpec, contact id, value, record id)]}``
        """
        specs, selects = [], []
        for name in sources:
            source, known = self.env[name], {}
            for spec in source._contact_lookup_specs():
                if select := source._contact_lookup_select(spec, term, limit, known, by_rules):
                    selects.append(SQL("SELECT %s, m.* FROM (%s) m", len(specs), select))
                    specs.append((name, spec))
        found = {name: [] for name in sources}
        for place, *row in self.env.execute_query(SQL(" UNION ALL ").join(selects)) if selects else ():
            name, spec = specs[place]
            found[name].append((spec, *row))
        return found

    def _front_desk_partners(self, found):
        """The contacts found. A search, not a browse: what this person may not read and what is archived falls out."""
        ids = {partner_id for rows in found.values() for __, partner_id, *__ in rows}
        fields = ["name", "phone", "email", "city", "parent_id"]
        return self.search_fetch([("id", "in", list(ids))], fields, order="id")

    def _front_desk_may_read(self, name, ids, partners):
        if name == self._name:
            return ids <= set(partners.ids)
        return not ids or self.env[name]._contact_lookup_may_read(ids)

    def _front_desk_sources(self):
        names = self.pool.descendants(["contact.lookup.mixin"], "_inherit")
        return [name for name in sorted(names) if not self.env[name]._abstract and self.env[name].has_access("read")]


def _distance(term, spec, value):
    """How far a match is from what was typed: 0 equal, 1 begins so, 2 a word or a national number begins so, 3 inside."""
    if spec.match == "identifier":
        term = term._replace(text=only_letters_and_digits(term.text))
        value = only_letters_and_digits(value)
    is_phone = spec.match.startswith("phone")
    typed, found = (term.digits, value.lstrip("+0")) if is_phone else (_folded(term.text), _folded(value))
    if found == typed or (is_phone and len(typed) >= FULL_NUMBER and found.endswith(typed)):
        return EXACT
    if found.startswith(typed):
        return 1
    begins_a_part = 0 < found.find(typed) <= LONGEST_COUNTRY_CODE if is_phone else f" {typed}" in found
    return 2 if begins_a_part else 3


def _folded(text):
    return remove_accents(text).lower()
