"""Finding an answer among ten thousand articles, one of the words mistyped."""

from time import perf_counter

from ..row import Laps, Row, Side

ARTICLES, SEARCHES = 10_000, 20


def _volume():
    """The articles and searches of the addon's own tests; importable only where Odoo runs."""
    from odoo.addons.crm_service_desk.tests import article_volume

    return article_volume


def publish(env):
    """Ten thousand articles of 150 words, once."""
    if not env["service.article"].search_count([("search_title", "like", " 10000")], limit=1):
        _volume().fill(env, ARTICLES, env.ref("base.lang_en").id)
        env.cr.commit()


def terms(env, number):
    """Other words each round."""
    return _volume().searches(SEARCHES * (number + 20))[-SEARCHES:]


def rightly_typed(env, number):
    """The same words without the mistake, which core's search does not forgive."""
    return [" ".join([term.split()[0], _corrected(term.split()[1])]) for term in terms(env, number)]


def _corrected(word):
    return word[:3] + word[4] + word[3] + word[5:]


def _laps(env, words, find):
    result, seconds = [], []
    for term in words:
        env.invalidate_all()
        start = perf_counter()
        result.append(find(term))
        seconds.append(perf_counter() - start)
    return Laps(result, seconds)


def by_core(env, words):
    """What a programmer would write on core: any of the words in title or text, the first ten."""

    def find(term):
        domain = [("state", "=", "published")]
        likes = [(name, "ilike", word) for word in term.split() for name in ("name", "plain_text")]
        articles = env["service.article"].search(domain + ["|"] * (len(likes) - 1) + likes, limit=10, order="id")
        return [(article.name, article.plain_text[:200]) for article in articles]

    return _laps(env, words, find)


def by_us(env, words):
    """Ours: ranked, the mistake forgiven, in the reader's language, with the words marked."""
    return _laps(
        env, words, lambda term: [(hit["name"], str(hit["excerpt"])) for hit in env["service.article"]._hits(term)]
    )


def all_found(baseline, ours):
    """Both find something for each search."""
    missed = [place for place, found in enumerate(ours) if not found and baseline[place]]
    return f"nothing found in searches {missed}" if missed else ""


ROWS = [
    Row(
        name="article_search",
        title=f"{SEARCHES} searches of two words in {ARTICLES:,} articles",
        baseline=Side("`ilike` on title and text, not ranked, words typed rightly", by_core, prepare=rightly_typed),
        ours=Side("`service.article._hits`, ranked, one word mistyped", by_us, prepare=terms),
        difference=all_found,
        modules=("crm_service_desk",),
        setup=publish,
        runs={"S": 11, "M": 7, "L": 7},
    ),
]
