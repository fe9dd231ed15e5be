"""The cohort triangle as the dashboard asks for it: from its stored cells against one record, filtered against the report
and against counting the orders."""

import functools
import time
from collections import Counter

from ..data.calendar import END, FIRST_MONTH
from ..row import Laps, Row, Side, equal
from ..web import browser
from .cohort_matrix import PERIOD
from .loyalty_tiers import NAME as CLUB
from .loyalty_tiers import setup as a_club_of_all

REQUESTS = 20


def asked(env, **filters):
    """The filters of a call: all months of the data."""
    first, last = PERIOD
    return {"date_from": str(first), "date_to": str(last), **filters}


def one_record(env, _prepared):
    """What a browser waits for the name of one customer."""
    env.cr.execute("SELECT partner_id FROM bench.customer ORDER BY rank LIMIT 1")
    [customer] = env.cr.fetchone()
    return _laps(functools.partial(_browser(env).call, "res.partner", "read", [customer], ["name"]))


def the_cells(env, _prepared):
    """What it waits for the triangle."""
    return _laps(functools.partial(_browser(env).call, "retention.dashboard", "cohorts", asked(env)))


def _browser(env):
    return browser(env.cr.dbname, env.user.login)


def _laps(call):
    call()  # the first request of a process loads what all later ones share
    seconds = []
    for _number in range(REQUESTS):
        start = time.perf_counter()
        result = call()
        seconds.append(time.perf_counter() - start)
    return Laps(result, seconds)


def is_there(baseline, ours):
    """Two different questions: only that both were answered."""
    return "" if baseline and ours else f"{str(baseline)[:100]} and {str(ours)[:100]}"


def a_team(env, number):
    """The sales team with most orders: the worst case of a filter."""
    env.cr.execute(
        "SELECT team_id FROM sale_order WHERE team_id IS NOT NULL GROUP BY team_id ORDER BY count(*) DESC LIMIT 1"
    )
    [team] = env.cr.fetchone()
    return team


def by_the_report(env, team):
    """:returns: {(cohort's month, month): customers}"""
    report = env["sale.report"]
    domain = [
        ("state", "in", report._get_done_states()),
        ("date", ">=", FIRST_MONTH),
        ("date", "<", END),
        ("team_id", "=", team),
    ]
    months = {}
    for customer, month in report._read_group(domain, ["commercial_partner_id", "date:month"]):
        months.setdefault(customer.id, []).append(month.date())
    found = Counter()
    for of_customer in months.values():
        found.update((min(of_customer), month) for month in of_customer)
    return {f"{cohort} {month}": customers for (cohort, month), customers in found.items()}


def by_the_facts(env, record, name="team_ids"):
    return by_filters(env, {name: [record]})


def by_filters(env, filters):
    cohorts = env["retention.dashboard"].cohorts(asked(env, **filters))["cohorts"]
    return {
        f"{cohort['month']} {cell['month']}": cell["customers"]
        for cohort in cohorts
        for cell in cohort["cells"]
        if cell["customers"]
    }


def a_category(env, number):
    """The product category of which most was bought."""
    return categories(env, 1)[0]


def a_country(env, number):
    """The country of most customers."""
    env.cr.execute(
        "SELECT country_id FROM res_partner WHERE country_id IS NOT NULL"
        " GROUP BY country_id ORDER BY count(*) DESC LIMIT 1"
    )
    [country] = env.cr.fetchone()
    return country


def a_branch(env, number):
    """A category above two of those of which most was bought, as the next count leaves it; undone with the round."""
    env = env(su=True)
    branch = env["product.category"].create({"name": "Branch"})
    env["product.category"].browse(categories(env, 2)).parent_id = branch
    env["customer.purchase.branch"]._count_outdated()
    return {"category_ids": branch.ids}


def categories(env, number):
    """:returns: ids of the categories of which most was bought"""
    env.cr.execute(
        "SELECT categ_id FROM customer_purchase_category WHERE categ_id IS NOT NULL"
        " GROUP BY categ_id ORDER BY count(*) DESC LIMIT %s",
        [number],
    )
    return [category for (category,) in env.cr.fetchall()]


def two_categories(env, number):
    return {"category_ids": categories(env, 2)}


def a_category_and_a_team(env, number):
    return {"category_ids": categories(env, 1), "team_ids": [a_team(env, number)]}


def a_category_and_a_country(env, number):
    return {"category_ids": categories(env, 1), "country_ids": [a_country(env, number)]}


def two_teams(env, number):
    env.cr.execute(
        "SELECT team_id FROM sale_order WHERE team_id IS NOT NULL GROUP BY team_id ORDER BY count(*) DESC LIMIT 2"
    )
    return {"team_ids": [team for (team,) in env.cr.fetchall()]}


def a_segment(env, number):
    """The segment of most customers."""
    return {"segments": [segments(env)[0]]}


def revenue(filters):
    """The same filters, the triangle that of what was bought for."""
    return lambda env, number: {**filters(env, number), "cohort_metric": "revenue"}


def the_country(env, number):
    return {"country_ids": [a_country(env, number)]}


def a_category_and_a_segment(env, number):
    return {"category_ids": categories(env, 1), "segments": [segments(env)[0]]}


def a_tier(env, number):
    """The best tier of a club of all customers, one in ten of whom is in it since years; undone with the round."""
    best = env["loyalty.club"].sudo().search([("name", "=", CLUB)]).tier_ids[0]
    env.cr.execute(
        "UPDATE loyalty_membership SET tier_id = %s, date_start = %s WHERE club_id = %s AND partner_id %% 10 = 0",
        [best.id, FIRST_MONTH, best.club_id.id],
    )
    env.cr.execute("ANALYZE loyalty_membership")
    env.invalidate_all()
    return {"grade_ids": best.ids}


def a_level(env, number):
    """A level that no club gives, of one customer in twenty; undone with the round."""
    level = env["res.partner.grade"].sudo().create({"name": "Reseller"})
    env.cr.execute(
        "UPDATE res_partner SET grade_id = %s, plain_level_id = %s WHERE id IN (SELECT partner_id FROM customer_metric)"
        " AND id %% 20 = 0",
        [level.id, level.id],
    )
    return {"grade_ids": level.ids}


def all_categories(env, number):
    return {"category_ids": categories(env, None)}


def all_segments(env, number):
    return {"segments": segments(env)}


def while_some_wait(filters):
    """The same filters, while customers have changed since the rolls were made, as many as wait on average: half of those for
    whom the rolls of the sixteen spans would be made anew."""

    def prepare(env, number):
        env.cr.execute(
            """
            INSERT INTO customer_purchase_change (partner_id, company_id, changed_at)
            SELECT partner_id, company_id, now() FROM customer_metric WHERE partner_id % 1000 = 0 LIMIT 800
            """
        )
        return filters(env, number)

    return prepare


def segments(env):
    env.cr.execute(
        "SELECT segment FROM customer_metric WHERE segment IS NOT NULL GROUP BY segment ORDER BY count(*) DESC"
    )
    return [segment for (segment,) in env.cr.fetchall()]


def count_orders(env, _record):
    env.cr.execute("SELECT count(*) FROM sale_order")
    return env.cr.fetchone()[0]


def floor_row(kind, title, filter_name, record):
    """A filter of purchases or of customers, against counting the orders."""
    return filters_row(kind, title, lambda env, number: {filter_name: [record(env, number)]})


def filters_row(kind, title, filters, setup=None):
    """The same of any filters."""
    return Row(
        name=f"cohort_floor_{kind}",
        title=f"{title}, against counting the orders",
        baseline=Side("`count(*)` of the orders", count_orders),
        ours=Side("`cohorts`", by_filters, prepare=filters),
        difference=is_there,
        modules=("crm_analytics",),
        setup=setup,
        runs={"L": 5},
    )


ROWS = [
    Row(
        name="cohort_cells",
        title="The cohort triangle over HTTP, from its stored cells",
        baseline=Side("one record read over HTTP", one_record),
        ours=Side("`cohorts`", the_cells),
        difference=is_there,
        modules=("crm_analytics",),
        runs={"L": 5},
    ),
    Row(
        name="cohort_filtered",
        title="The cohort triangle of one sales team",
        baseline=Side("`sale.report` grouped through the ORM", by_the_report, prepare=a_team),
        ours=Side("`cohorts`", by_the_facts, prepare=a_team),
        difference=equal,
        modules=("crm_analytics",),
        runs={"L": 3},
    ),
    Row(
        name="cohort_floor",
        title="The same, against counting the orders",
        baseline=Side("`count(*)` of the orders", count_orders, prepare=a_team),
        ours=Side("`cohorts`", by_the_facts, prepare=a_team),
        difference=is_there,
        modules=("crm_analytics",),
        runs={"L": 5},
    ),
    floor_row("category", "The triangle of one product category", "category_ids", a_category),
    floor_row("country", "The triangle of one country's customers", "country_ids", a_country),
    filters_row("branch", "The triangle of a product category with two below it", a_branch),
    filters_row("categories", "The triangle of two product categories together", two_categories),
    filters_row("category_team", "The triangle of one product category and sales team", a_category_and_a_team),
    filters_row("category_country", "The triangle of one product category and country", a_category_and_a_country),
    filters_row("category_segment", "The triangle of one product category and segment", a_category_and_a_segment),
    filters_row("segment", "The triangle of one segment's customers", a_segment),
    filters_row("segment_revenue", "The triangle of the revenue of one segment", revenue(a_segment)),
    filters_row("country_revenue", "The same of one country's customers", revenue(the_country)),
    filters_row("categories_revenue", "The same of two product categories", revenue(two_categories)),
    filters_row("category_team_revenue", "The same of a product category and team", revenue(a_category_and_a_team)),
    filters_row(
        "category_country_revenue", "The same of a product category and country", revenue(a_category_and_a_country)
    ),
    filters_row(
        "category_segment_revenue", "The same of a product category and segment", revenue(a_category_and_a_segment)
    ),
    filters_row("all_categories", "The triangle of all product categories, each named", all_categories),
    filters_row("all_categories_revenue", "The same of the revenue of all product categories", revenue(all_categories)),
    filters_row(
        "all_categories_waiting",
        "The same while 800 customers have changed since the rolls were made",
        while_some_wait(revenue(all_categories)),
    ),
    filters_row("all_segments", "The triangle of all segments, each named", all_segments),
    filters_row("all_segments_revenue", "The same of the revenue of all segments", revenue(all_segments)),
    filters_row("level", "The triangle of a level that no club gives, of one customer in twenty", a_level),
    filters_row("level_revenue", "The same of the revenue of a level", revenue(a_level)),
    filters_row("tier", "The triangle of the members of one tier", a_tier, setup=a_club_of_all),
    filters_row("tier_revenue", "The same of the revenue of one tier", revenue(a_tier), setup=a_club_of_all),
    filters_row("teams_revenue", "The same of two sales teams", revenue(two_teams)),
    filters_row("teams", "The triangle of two sales teams together", two_teams),
]
