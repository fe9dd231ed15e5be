"""What a model declares to take part in the history and in the look-up.

A declaration only names things; the SQL that fills the history and finds customers is made from it in
``contact.history.mixin`` and ``contact.lookup.mixin``.
"""

from typing import NamedTuple


class HistorySpec(NamedTuple):
    """How the records of a model enter the history.

    :param kind: value of ``contact.history.entry.kind``. An addon extends the selection with
        ``selection_add`` and ``ondelete={kind: "cascade"}``, so that its entries go with it
    :param partner: the contact concerned: a stored many2one to ``res.partner``, a dotted path of stored many2one
        ending there (``order_id.partner_id``), a many2many (one entry per contact), or a many2one_reference
        (``res_id`` of a message; ``domain`` must then hold the model to ``res.partner``)
    :param date: stored datetime or date of the contact; where empty, ``create_date``. A date stands at noon UTC, which
        is the same day nearly everywhere
    :param channel: literal code of the way of contact ("email", "phone", …) or ""
    :param channel_field: stored char or selection that holds the code, or a dotted path ending there; where empty,
        ``channel`` holds
    :param channel_codes: pairs of a value of ``channel_field`` and the code it stands for; other values mean
        ``channel``. Without pairs the value itself is the code
    :param direction: literal "in" (from the customer), "out" (to the customer), "internal" or ""
    :param direction_field: as ``channel_field``
    :param direction_codes: as ``channel_codes``
    :param user: stored many2one to ``res.users``, or ""
    :param company: stored many2one to ``res.company``, or ""
    :param domain: which records take part; stored fields only
    :param outside_only: leave out contacts that are our own internal users (``partner_share`` is false)
    :param document: for records that hang on documents of any model by ``res_id`` (messages, activities): the model of
        the document. ``partner`` and ``company`` are then fields of the document; ``domain`` must hold the record to
        that model
    :param group: specs of a model that are looked at together. What was created or changed is looked at by those groups
        only that can concern it (``_contact_history_takes``), since every select costs planning. A kind is of one group,
        or only found by looking at all

    When two specs of a model give the same kind for one record and contact, the first in the list is kept.
    """

    kind: str
    partner: str = "partner_id"
    date: str = "create_date"
    channel: str = ""
    channel_field: str = ""
    channel_codes: tuple = ()
    direction: str = ""
    direction_field: str = ""
    direction_codes: tuple = ()
    user: str = "user_id"
    company: str = "company_id"
    domain: tuple = ()
    outside_only: bool = False
    document: str = ""
    group: str = ""


class LookupSpec(NamedTuple):
    """By what a customer can be found.

    :param field: stored char field of the model
    :param label: reason of the match shown to the user, translated (``self.env._("Card number")``)
    :param partner: stored many2one to ``res.partner`` or a dotted path of them; ``id`` on ``res.partner`` itself
    :param match: how the field is compared with what was typed, and the index the addon must bring for it:

        * ``exact``: equal, as typed or in upper or lower case. Index: ``index=True`` (or a unique constraint).
        * ``prefix``: begins with, whatever the case. Index: ``(lower(field) text_pattern_ops)``.
        * ``contains``: every word typed is in it, whatever case and accents. Index: ``index="trigram"``.
        * ``number``: as ``contains``, for terms that are not words alone: the number of a document has a digit or a sign.
          Index: also ``digits_index(field, MANY_DIGITS)``, for what is as long as a telephone number.
        * ``name``: begins with it, then has its words in any order, then as ``contains``; each is only looked for where
          those before it found too few. Indexes: of the trigrams, ``(lower(unaccent(field)) text_pattern_ops)`` and
          ``USING gin (to_tsvector('simple'::regconfig, unaccent(field)))``, ``digits_index(field, SOME_DIGITS, fold=True)``.
        * ``email``: begins with it, then as ``contains``, for terms of one word: an address has no blanks.
          Indexes: of the trigrams, ``(lower(unaccent(field)) text_pattern_ops)`` and
          ``digits_index(field, MANY_DIGITS, fold=True)``.
        * ``phone``: an E.164 number (``phone_sanitized``) that ends with the digits typed or holds them, in any spelling.
          Indexes: ``USING gin (field gin_trgm_ops)`` and ``(reverse(field) text_pattern_ops)``.

        A model adds another by a method ``_contact_lookup_<match>(field, term)`` that returns ``LookupWay`` objects.
    :param sequence: the smaller, the higher among equally good matches
    :param icon: Font Awesome class of what matched ("fa-phone")
    :param domain: which records count; stored fields only
    """

    field: str
    label: str
    partner: str = "partner_id"
    match: str = "prefix"
    sequence: int = 50
    icon: str = "fa-search"
    domain: tuple = ()
