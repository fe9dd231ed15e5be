from dataclasses import replace

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, remove_accents

from ..asset_identifier import only_letters_and_digits
from ..lookup_term import FULL_NUMBER, LookupTerm
from ..specs import LookupSpec
from .contact_lookup_mixin import PHONE_AS_TYPED

MAX_RESULTS = 50
EXACT = 0
LONGEST_COUNTRY_CODE = 3


def _trigram(field):
    """Index definition for "contains"; with unaccent where the ORM searches with it, nothing without pg_trgm."""

    def definition(registry):
        if not registry.has_trigram:
            return ""
        return f"USING gin ({registry.unaccent(field)} gin_trgm_ops) WHERE {field} IS NOT NULL"

    return definition


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
        lambda registry: f"USING gin (to_tsvector('simple'::regconfig, {registry.unaccent('name')}))"
    )
    # Part of a name: front_desk_search; core's name_search uses it too.
    _name_lookup_idx = models.Index(_trigram("name"))
    # Beginning of an e-mail address: front_desk_search.
    _email_begin_lookup_idx = models.Index(_begin("email"))
    # Part of an e-mail address: front_desk_search.
    _email_lookup_idx = models.Index(_trigram("email"))
    # End of a telephone number in any spelling: front_desk_search, incoming_call.
    _phone_end_lookup_idx = models.Index(
        "(reverse(phone_sanitized) text_pattern_ops) WHERE phone_sanitized IS NOT NULL"
    )
    # Part of a telephone number in any spelling: front_desk_search.
    _phone_lookup_idx = models.Index(
        lambda registry: "USING gin (phone_sanitized gin_trgm_ops) WHERE phone_sanitized IS NOT NULL"
        if registry.has_trigram
        else ""
    )
    # The same of the few numbers that have no sanitized form: a small index beside core's, which holds all.
    _phone_typed_lookup_idx = models.Index(
        lambda registry: f"USING gin ({PHONE_AS_TYPED.format('phone')} gin_trgm_ops)"
        " WHERE phone_sanitized IS NULL AND phone IS NOT NULL"
        if registry.has_trigram
        else ""
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
        matches = self._front_desk_matches(term, limit)
        fields = ["display_name", "name", "phone", "email", "city", "commercial_partner_id", "parent_id"]
        # A search, not a browse: what this person may not read and what is archived falls out.
        partners = self.search_fetch([("id", "in", list(matches))], fields, order="id")
        ranked = sorted(partners, key=lambda partner: (*matches[partner.id][0], partner.name or "", partner.id))[:limit]
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
            # sudo: only the company's name, of a contact that this person was found to read.
            "company": partner.parent_id.sudo().name or False,
        }

    def _front_desk_matches(self, term, limit):
        """The best match of every customer found, by one statement over all sources.

        :return: ``{partner_id: (sort key, LookupSpec, value, (model, record id))}``
        """
        specs, selects = [], []
        for name in self._front_desk_sources():
            source, readable = self.env[name], {}
            for spec in source._contact_lookup_specs():
                if select := source._contact_lookup_select(spec, term, limit, readable):
                    selects.append(SQL("SELECT %s, m.* FROM (%s) m", len(specs), select))
                    specs.append((name, spec))
        matches = {}
        rows = self.env.execute_query(SQL(" UNION ALL ").join(selects)) if selects else ()
        for place, partner_id, value, record_id in rows:
            model, spec = specs[place]
            key = (_distance(term, spec, value), spec.sequence)
            if partner_id not in matches or key < matches[partner_id][0]:
                matches[partner_id] = (key, spec, value, (model, record_id))
        return matches

    def _front_desk_sources(self):
        names = self.pool.descendants(["contact.lookup.mixin"], "_inherit")
        return [name for name in sorted(names) if not self.env[name]._abstract and self.env[name].has_access("read")]


def _distance(term, spec, value):
    """How far a match is from what was typed: 0 equal, 1 begins so, 2 a word or a national number begins so, 3 inside."""
    if spec.match == "identifier":
        term = replace(term, text=only_letters_and_digits(term.text))
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
