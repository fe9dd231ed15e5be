"""Many articles, made by SQL: ten thousand in some seconds."""

from odoo.tools import SQL

WORDS = 6000
SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "ri",
    "so",
    "tu",
    "va",
    "we",
    "xi",
    "yo",
    "zu",
]


def fill(env, count, lang):
    """Publish ``count`` articles of about 150 words, for the public, in the language ``lang``.

    The words are 6,000, some much more common than others, as in a language. The same in each run.
    """
    env["service.article"].flush_model()
    env.cr.execute("SELECT setseed(0.5)")
    env.cr.execute(
        SQL(
            """WITH word AS (
                   SELECT array_agg(syllable[1 + n %% 20] || syllable[1 + n / 20 %% 20] || syllable[1 + n / 400 %% 20]) AS list
                     FROM (SELECT %(syllables)s::text[] AS syllable) s, generate_series(0, %(words)s - 1) n
               ), text AS (
                   SELECT g, (SELECT string_agg(word.list[1 + floor(%(words)s * random() ^ 3)::int], ' ')
                                FROM word, generate_series(1, 5 + g - g) n) AS title,
                          (SELECT string_agg(word.list[1 + floor(%(words)s * random() ^ 3)::int], ' ')
                             FROM word, generate_series(1, 150 + g - g) n) AS body
                     FROM generate_series(1, %(count)s) g)
               INSERT INTO service_article (name, body, plain_text, search_title, search_text, state, audience, lang_id,
                                            user_id, create_uid, write_uid, create_date, write_date)
               SELECT title || ' ' || g, '<p>' || body || '</p>', body, title || ' ' || g, body, 'published', 'public',
                      %(lang)s, %(user)s, %(user)s, %(user)s, now(), now() FROM text""",
            syllables=SYLLABLES,
            words=WORDS,
            count=count,
            lang=lang,
            user=env.uid,
        )
    )
    env["service.article.word"]._count()
    env.cr.execute("ANALYZE service_article")
    env.cr.execute("ANALYZE service_article_word")
    env.invalidate_all()


def searches(count):
    """``count`` searches of two words each, one of them with a typing mistake; other ones each time."""

    def word(number):
        return SYLLABLES[number % 20] + SYLLABLES[number // 20 % 20] + SYLLABLES[number // 400 % 20]

    def mistyped(text):
        return text[:3] + text[4] + text[3] + text[5:]

    return [f"{word(number * 7 % WORDS)} {mistyped(word((number * 13 + 400) % WORDS))}" for number in range(count)]
