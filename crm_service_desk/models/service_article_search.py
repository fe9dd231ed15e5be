import math

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .article_words import INDONESIAN_STOP_WORDS, is_mistyped, mistakes_allowed, plain, words_of

# PostgreSQL's limit of a text search vector is 1 MB.
LONGEST_TEXT = 200_000
# How many words that look alike are compared letter by letter.
ALIKE = 20
# With fewer letters a beginning is of too many words.
SHORTEST_BEGINNING = 3
# A shorter word is meant when this many letters and this share of the word typed are it: "parking" finds "park".
SHORTEST_ROOT = 4
ROOT_SHARE = 0.55
# A word in the title says three times as much as one in the text.
IN_TITLE = 3
# A word that more than this share of the articles use finds nothing by itself, while there are others.
COMMON = 0.1
# PostgreSQL's lists of words that say nothing of the matter, by language.
STOP_WORDS = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "pt": "portuguese",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}


class ServiceArticleWord(models.Model):
    """The words that published articles use: what a mistyped word may have meant, and how telling each word is."""

    _name = "service.article.word"
    _description = "Word of the Articles"
    _log_access = False
    _rec_name = "word"
    _order = "word"

    word = fields.Char(required=True, readonly=True)
    article_count = fields.Integer(required=True, readonly=True)

    # Serves exact words and beginnings ("cancelled" finds "cancel"), and keeps each word once.
    _word_uidx = models.UniqueIndex("(word)")
    # Serves longer words that begin with the one searched.
    _word_prefix_idx = models.Index("(word text_pattern_ops)")

    def init(self):
        # Serves mistyped words: those that have groups of three letters in common. The words are without accents.
        # (Without fast update: read at each search, written when an article is published.)
        if self.env.registry.has_trigram:
            self.env.cr.execute(
                SQL(
                    """CREATE INDEX IF NOT EXISTS service_article_word_trigram_idx
                       ON service_article_word USING gin (word gin_trgm_ops) WITH (fastupdate = off)"""
                )
            )

    @api.model
    def _learn(self, articles):
        """Know the words of these articles, when they are published. How many articles use each is counted at night."""
        articles.flush_model()
        self.env.cr.execute(
            SQL(
                """INSERT INTO service_article_word (word, article_count)
                   SELECT DISTINCT unnest(tsvector_to_array(search_vector)), 1 FROM service_article
                    WHERE id = ANY(%s) ORDER BY 1
                   ON CONFLICT DO NOTHING""",
                articles.ids,
            )
        )

    @api.autovacuum
    def _count(self):
        """Count anew how many published articles use each word, and forget those that none uses any more."""
        self.env["service.article"].flush_model()
        self.env.cr.execute(
            SQL(
                """WITH used AS (
                       SELECT word, ndoc FROM ts_stat(
                           $$SELECT search_vector FROM service_article WHERE state = 'published'$$)
                   ), gone AS (
                       DELETE FROM service_article_word known
                        WHERE NOT EXISTS (SELECT FROM used WHERE used.word = known.word)
                   )
                   INSERT INTO service_article_word AS known (word, article_count) SELECT word, ndoc FROM used
                   ON CONFLICT (word) DO UPDATE SET article_count = excluded.article_count
                    WHERE known.article_count <> excluded.article_count"""
            )
        )

    @api.model
    def _meanings(self, words):
        """What each of the words searched may mean.

        Three queries at most, whatever the number of words.

        :return: [(lexemes, number of articles)] in order of the words that our articles know, stop words left out;
            a lexeme that ends with ``:*`` stands for all words that begin with it
        """
        words = self._without_stop_words(words)
        known = self._known(words)
        alike = self._alike([word for word in words if word not in known])
        meanings = []
        for word in words:
            if word in known:
                itself = f"{word}:*" if len(word) >= SHORTEST_BEGINNING else word
                meanings.append(([itself, *known[word][0]], known[word][1]))
            elif word in alike:
                meanings.append(alike[word])
        return meanings

    @api.model
    def _without_stop_words(self, words):
        """The words that say something; all of them when none does."""
        code = (self.env.lang or "en_US").partition("_")[0]
        lists = [f"{STOP_WORDS[name]}_stem" for name in {"en", code} if name in STOP_WORDS]
        rows = self.env.execute_query(
            SQL(
                """SELECT word FROM unnest(%s::text[]) word
                    WHERE EXISTS (SELECT FROM unnest(%s::text[]) list WHERE ts_lexize(list::regdictionary, word) = '{}')""",
                words,
                lists,
            )
        )
        silent = {word for (word,) in rows}
        if code == "id":
            silent |= INDONESIAN_STOP_WORDS
        return [word for word in words if word not in silent and len(word) > 1] or words

    @api.model
    def _known(self, words):
        """{word: (shorter words it begins with, number of articles)} of the words that articles use, in one query."""
        rows = self.env.execute_query(self._known_query(words))
        return {word: ([other for other in others if len(other) < len(word)], count) for word, others, count in rows}

    @api.model
    def _known_query(self, words):
        """Longer words by a range of the index of beginnings (``LIKE`` could not use it here), shorter ones by name."""
        return SQL(
            """SELECT typed.word, array_agg(known.word), max(known.article_count)
                 FROM unnest(%(words)s::text[]) typed(word)
           CROSS JOIN LATERAL (
                 (SELECT word, article_count FROM service_article_word
                   WHERE word ~>=~ typed.word AND word ~<~ (typed.word || chr(1114111))
                     AND (length(typed.word) >= %(shortest)s OR word = typed.word) LIMIT %(most)s)
                 UNION
                 SELECT word, article_count FROM service_article_word
                  WHERE word = ANY(ARRAY(SELECT left(typed.word, length)
                                           FROM generate_series(greatest(%(root)s, ceil(length(typed.word) * %(share)s)::int),
                                                                length(typed.word) - 1) length))) known
             GROUP BY typed.word""",
            words=words,
            shortest=SHORTEST_BEGINNING,
            most=ALIKE,
            root=SHORTEST_ROOT,
            share=ROOT_SHARE,
        )

    @api.model
    def _alike(self, words):
        """{mistyped word: (what it may mean, number of articles)}, in one query."""
        words = [word for word in words if mistakes_allowed(word)]
        if not words or not self.env.registry.has_trigram:
            return {}
        meant = {}
        for typed, word, count in self.env.execute_query(self._alike_query(words)):
            if is_mistyped(typed, word):
                lexemes, most = meant.get(typed, ([], 0))
                meant[typed] = ([*lexemes, word], max(most, count))
        return meant

    @api.model
    def _alike_query(self, words):
        """Words of about the same length that begin alike or have groups of three letters in common, on an index each.

        A part for each word: with the word as a constant PostgreSQL estimates well how few words are alike. Two letters
        swapped in a short word leave too few groups of three: those are found by the beginning, itself swapped or not.
        """
        return SQL(" UNION ALL ").join(
            SQL(
                """(SELECT %(typed)s, word, article_count FROM (
                        SELECT word, article_count FROM service_article_word WHERE word %% %(typed)s
                        UNION SELECT word, article_count FROM service_article_word
                               WHERE word ~>=~ %(begin)s AND word ~<~ (%(begin)s || chr(1114111))
                        UNION SELECT word, article_count FROM service_article_word
                               WHERE word ~>=~ %(swapped)s AND word ~<~ (%(swapped)s || chr(1114111))) near
                     WHERE length(word) BETWEEN %(shortest)s AND %(longest)s
                  ORDER BY similarity(word, %(typed)s) DESC, word LIMIT %(most)s)""",
                typed=word,
                begin=word[:2],
                swapped=word[1] + word[0],
                shortest=len(word) - mistakes_allowed(word),
                longest=len(word) + mistakes_allowed(word),
                most=ALIKE,
            )
            for word in words
        )


class ServiceArticle(models.Model):
    """Finding an article by words, mistyped ones too.

    The words of a search are first looked up among the words of our articles (:class:`ServiceArticleWord`), then the
    articles with these words are found on a full text index. So a typing mistake costs a look at some thousand words,
    never at the texts.
    """

    _inherit = "service.article"  # pylint: disable=consider-merging-classes-inherited

    search_title = fields.Char(compute="_compute_search_text", store=True)
    search_text = fields.Text(compute="_compute_search_text", store=True)
    found_by = fields.Char(string="Found by", compute="_compute_found_by", search="_search_found_by")

    def init(self):
        """The search vector is PostgreSQL's own column: it follows title and text by itself."""
        self.env.cr.execute(
            SQL(
                """ALTER TABLE service_article ADD COLUMN IF NOT EXISTS search_vector tsvector
                   GENERATED ALWAYS AS (
                       setweight(to_tsvector('simple'::regconfig, coalesce(search_title, '')), 'A')
                       || setweight(to_tsvector('simple'::regconfig, coalesce(search_text, '')), 'B')) STORED"""
            )
        )
        # Serves _find: the articles that have any of the words.
        self.env.cr.execute(
            SQL(
                """CREATE INDEX IF NOT EXISTS service_article_search_vector_idx
                   ON service_article USING gin (search_vector) WITH (fastupdate = off)
                   WHERE state = 'published'"""
            )
        )

    @api.depends("name", "plain_text")
    def _compute_search_text(self):
        for article in self:
            article.search_title = plain(article.name)
            article.search_text = plain((article.plain_text or "")[:LONGEST_TEXT])

    def _compute_found_by(self):
        self.found_by = False

    @api.model
    def _search_found_by(self, operator, value):
        """The search box of the list: published articles by words, typing mistakes forgiven, and drafts by title."""
        if operator == "in":  # it holds nothing of its own
            return Domain.TRUE if False in value else Domain.FALSE
        if operator != "ilike" or not isinstance(value, str):
            return NotImplemented
        found = [hit["article"].id for hit in self._find(value, limit=200, any_language=True)]
        return Domain("id", "in", found) | Domain("name", "ilike", value)

    def _follow_change(self):
        result = super()._follow_change()
        if published := self.filtered(lambda article: article.state == "published"):
            self.env["service.article.word"]._learn(published)
        return result

    @api.model
    def _find(self, term, domain=Domain.TRUE, limit=10, offset=0, least=0.0, category=None, any_language=False):
        """The published articles that fit the words best, of those that the reader may read, in his language.

        A constant number of queries, each on an index.

        :param str term: what was typed
        :param domain: further conditions
        :param float least: how much of what was typed must be found, from 0 (any word) to 1 (all), each word counting by
            how telling it is
        :param category: a ``service.category``; articles of it come before others that fit as well
        :param bool any_language: all languages, not only the reader's
        :return: list of dicts {article, words}, best first; ``words`` are those by which to mark the text
        """
        words = words_of(term)
        meanings = self.env["service.article.word"]._meanings(words) if words else []
        if not meanings:
            return []
        query = self._find_query(meanings, domain, least, category, any_language)
        query.limit, query.offset = limit, offset
        articles = self.browse(query.get_result_ids())
        marks = [lexeme for lexemes, _count in meanings for lexeme in lexemes]
        return [{"article": article, "words": marks} for article in articles]

    @api.model
    def _find_query(self, meanings, domain, least=0.0, category=None, any_language=False):
        """The query of :meth:`_find`, with the reader's record rules; ``meanings`` as of the words' ``_meanings``."""
        total = self._count_published()
        terms = [
            (
                SQL("%s::tsquery", " | ".join(lexemes)),
                SQL("%s::tsquery", " | ".join(self._in_title(lexeme) for lexeme in lexemes)),
                math.log(1 + total / (1 + count)),
                count,
            )
            for lexemes, count in meanings
        ]
        # Articles are fetched by the telling words; when all are common, by the least common one.
        telling = [query for query, _title, _weight, count in terms if count <= max(COMMON * total, 50)]
        telling = telling or [min(terms, key=lambda term: term[3])[0]]
        query = self._search(Domain("state", "=", "published") & Domain(domain))
        query.add_where(SQL("service_article.search_vector @@ (%s)", SQL(" || ").join(telling)))
        if not any_language:
            query.add_where(self._in_readers_language("service_article"))
        found = SQL(" + ").join(
            SQL("CASE WHEN service_article.search_vector @@ %s THEN %s ELSE 0 END", query_any, weight)
            for query_any, _title, weight, _count in terms
        )
        in_title = SQL(" + ").join(
            SQL("CASE WHEN service_article.search_vector @@ %s THEN %s ELSE 0 END", query_title, weight)
            for _query, query_title, weight, _count in terms
        )
        everything = sum(weight for _query, _title, weight, _count in terms)
        same_category = (
            SQL("CASE WHEN service_article.category_id = %s THEN %s ELSE 0 END", category.id, everything / 2)
            if category
            else SQL("0")
        )
        if least:
            query.add_where(SQL("(%s) >= %s", found, least * everything))
        query.order = SQL(
            "(%s) + %s * (%s) + %s DESC, service_article.id", found, IN_TITLE - 1, in_title, same_category
        )
        return query

    @staticmethod
    def _in_title(lexeme):
        return f"{lexeme}A" if lexeme.endswith(":*") else f"{lexeme}:A"

    @api.model
    def _count_published(self):
        """About how many articles are published, as PostgreSQL's planner knows it: it weighs words, nothing more."""
        [(count,)] = self.env.execute_query(
            SQL("SELECT greatest(reltuples, 1)::int FROM pg_class WHERE oid = 'service_article'::regclass")
        )
        return count
