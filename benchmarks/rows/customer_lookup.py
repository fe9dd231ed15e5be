"""Finding a customer by what he says on the phone."""

from odoo.tools import SQL

from ..row import Row, Side
from ..web import browser

CUSTOMERS = 5
SHOWN = ["name", "phone", "email", "city"]


def named(env, number):
    """Parts of e-mail addresses and of names of some persons, other ones each round, and what nobody is called.

    Persons, because core also finds a company's contacts by the name of the company; ours shows the company.

    :returns: kind of term: list of terms
    """
    env.cr.execute("SELECT count(*) FROM bench.customer")
    [count] = env.cr.fetchone()
    ranks = [1 + ((number + 100) * 15485863 + place * 32452843) % count for place in range(20 * CUSTOMERS)]
    env.cr.execute(
        """SELECT partner.name, partner.email
             FROM bench.customer JOIN res_partner partner ON partner.id = customer.partner_id
            WHERE customer.rank IN %s AND NOT partner.is_company AND partner.email IS NOT NULL
         ORDER BY customer.rank LIMIT %s""",
        [tuple(ranks), CUSTOMERS],
    )
    people = env.cr.fetchall()
    return {
        "email": [email.partition("@")[0][-12:] for _name, email in people],
        "name": [name for name, _email in people],
        "missing": [f"zqx{number + 100}{place}" for place in range(CUSTOMERS)],
    }


def by_core(kinds):
    """Core's look-up in every field for a contact.

    :returns: a function giving the ids found per term
    """

    def run(env, terms):
        found = [env["res.partner"].name_search(term, limit=10) for kind in kinds for term in terms[kind]]
        return [[partner for partner, _name in matches] for matches in found]

    return run


def by_us(kinds):
    """Our front desk's: in names, e-mail addresses, phone numbers, references and order numbers."""

    def run(env, terms):
        found = [env["res.partner"].front_desk_search(term, limit=10) for kind in kinds for term in terms[kind]]
        return [[match["partner_id"] for match in matches] for matches in found]

    return run


def phoned(env, number):
    """The last eight digits of the telephone numbers of some persons, other ones each round."""
    domain = [("phone_sanitized", "!=", False)]
    some = env["res.partner"].search(domain, offset=7 * (number + 10), limit=CUSTOMERS, order="id")
    return {"phone": [partner.phone_sanitized[-8:] for partner in some]}


def by_phone_field(env, terms):
    """Core's way to find a number however it is written: its search field of phone numbers."""
    partners = env["res.partner"]
    found = [partners.search([("phone_mobile_search", "ilike", digits)], limit=10) for digits in terms["phone"]]
    return [partner.ids for partner in found]


def one_record_reads(env, terms):
    """The floor: as many reads of one record known by its id, each with empty caches, as a request of its own has."""
    for _read in range(CUSTOMERS):
        env.invalidate_all()
        env["res.partner"].browse(1).read(SHOWN)


def reads_by_browser(env, terms):
    """The floor as a person at the desk feels it: each read is a request to the web server, by a logged-in session."""
    web = browser(env.cr.dbname, env.user.login)
    return [web.call("res.partner", "read", [1], SHOWN) for _read in range(CUSTOMERS)]


def look_ups_by_browser(kind):
    """Our look-ups, each a request to the web server.

    :returns: a function giving the ids found per term
    """

    def run(env, terms):
        web = browser(env.cr.dbname, env.user.login)
        found = [web.call("res.partner", "front_desk_search", term, limit=10) for term in terms[kind]]
        return [[match["partner_id"] for match in matches] for matches in found]

    return run


def all_found(kind):
    """One record is read each time; somebody is found by each term, and nobody by what nobody is called."""

    def difference(baseline, ours):
        if any(len(one) != 1 for one in baseline):
            return f"not one record was read: {baseline}"
        wrong = [found for found in ours if bool(found) == (kind == "missing")]
        return f"{kind}: {wrong}" if wrong or len(ours) != CUSTOMERS else ""

    return difference


def bare_names(env, terms):
    """The floor of a name: nothing but the statement on the trigram index that finds all of its words."""
    for name in terms["name"]:
        words = [SQL("unaccent(name) ILIKE %s", f"%{word}%") for word in name.split()]
        env.cr.execute(SQL("SELECT id, name FROM res_partner WHERE %s LIMIT 10", SQL(" AND ").join(words)))
        env.cr.fetchall()


def nobody_missed(baseline, ours):
    """We find at least whom core finds, where that is a short list."""
    for core, desk in zip(baseline, ours, strict=True):
        if len(core) < 10 and not set(core) <= set(desk) and len(desk) < 10:
            return f"{core} against {desk}"
    return ""


def whose_number_it_is(baseline, ours):
    """Whom we find, core finds; it adds people who have the digits in the middle of theirs, we then show who is meant."""
    for core, desk in zip(baseline, ours, strict=True):
        if bool(core) != bool(desk) or (len(core) < 10 and not set(desk) <= set(core)):
            return f"{core} against {desk}"
    return ""


def _row(name, title, *kinds):
    return Row(
        name=name,
        title=title,
        baseline=Side("core's `name_search`", by_core(kinds), database="core", prepare=named),
        ours=Side("`front_desk_search`", by_us(kinds), prepare=named),
        difference=nobody_missed,
        user="bench1",
        modules=("crm_contact_history",),
        runs={"S": 21, "M": 15},
    )


ROWS = [
    _row("lookup_email", f"{CUSTOMERS} customers by part of the e-mail", "email"),
    _row("lookup_name", f"{CUSTOMERS} customers by name", "name"),
    _row("lookup_missing", f"{CUSTOMERS} names that are not there", "missing"),
    Row(
        name="lookup_phone",
        title=f"{CUSTOMERS} customers by the end of the telephone number",
        baseline=Side("core's search by `phone_mobile_search`", by_phone_field, database="core", prepare=phoned),
        ours=Side("`front_desk_search`", by_us(["phone"]), prepare=phoned),
        difference=whose_number_it_is,
        user="bench1",
        modules=("crm_contact_history",),
        runs={"S": 21, "M": 15},
    ),
    Row(
        name="lookup_name_sql",
        title=f"{CUSTOMERS} customers by name against the bare index",
        baseline=Side("the statement on the trigram index alone", bare_names, prepare=named),
        ours=Side("`front_desk_search`", by_us(["name"]), prepare=named),
        difference=lambda baseline, ours: "",
        user="bench1",
        modules=("crm_contact_history",),
        runs={"S": 21, "M": 15, "L": 15},
    ),
    *(
        Row(
            name=f"lookup_floor_{kind}",
            title=f"{CUSTOMERS} look-ups ({kind}) against reads of one record",
            baseline=Side("`read` of a known id", one_record_reads),
            ours=Side("`front_desk_search`", by_us([kind]), prepare=phoned if kind == "phone" else named),
            difference=lambda baseline, ours: "",
            user="bench1",
            modules=("crm_contact_history",),
            runs={"S": 21, "M": 15, "L": 15},
        )
        for kind in ("email", "name", "missing", "phone")
    ),
    *(
        Row(
            name=f"lookup_web_{kind}",
            title=f"{CUSTOMERS} look-ups ({kind}) against reads of one record, over HTTP",
            baseline=Side("`read` of a known id, by a browser's request", reads_by_browser),
            ours=Side(
                "`front_desk_search`, by a browser's request",
                look_ups_by_browser(kind),
                prepare=phoned if kind == "phone" else named,
            ),
            difference=all_found(kind),
            user="bench1",
            modules=("crm_contact_history",),
            runs={"S": 21, "M": 15, "L": 21},
        )
        for kind in ("email", "name", "missing", "phone")
    ),
]
