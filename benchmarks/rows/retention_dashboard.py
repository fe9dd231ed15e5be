"""The retention dashboard as the browser waits for it, and its triangle under a filter."""

from ..data.calendar import END, FIRST_MONTH
from ..row import Row, Side, equal
from ..web import browser
from .cohort_matrix import LAST_MONTH, PERIOD

OPENINGS = 5


def make_figures(env):
    """What the scheduled job makes; committed, for the web server reads it in transactions of its own."""
    env["retention.change"].search([]).unlink()
    env["retention.summary"]._refresh(env.company)
    env.cr.commit()


def one_record(env, _prepared):
    """The least that a browser can ask for."""
    web = browser(env.cr.dbname, env.user.login)
    for _opening in range(OPENINGS):
        web.call("res.partner", "read", [env.user.partner_id.id], ["name"])


def opening(env, _prepared):
    web = browser(env.cr.dbname, env.user.login)
    for _opening in range(OPENINGS):
        shown = web.call("retention.dashboard", "load", {}, context={"lang": env.lang or "en_US"})
        if not shown["stored"] or not shown["cohorts"]:
            raise ValueError("The dashboard did not open from its stored figures.")


def triangle(env, _prepared):
    filters = {"date_from": str(PERIOD[0]), "date_to": str(PERIOD[1]), "cohort_metric": "revenue"}
    web = browser(env.cr.dbname, env.user.login)
    for _opening in range(OPENINGS):
        web.call("retention.dashboard", "cohorts", filters)


def country(env, _number):
    """The country of most customers."""
    [(found, _count), *_others] = env["res.partner"]._read_group(
        [("country_id", "!=", False)], ["country_id"], ["__count"], order="__count DESC", limit=1
    ) or [(env["res.country"], 0)]
    return found.id


def filtered_report(env, country_id):
    """Core's sales report of the customers of a country, the cohorts counted here.

    :returns: {(cohort's month, month): customers}
    """
    report = env["sale.report"]
    domain = [
        ("state", "in", report._get_done_states()),
        ("date", ">=", FIRST_MONTH),
        ("date", "<", END),
        ("commercial_partner_id.country_id", "=", country_id),
    ]
    customers, found = {}, {}
    for customer, month in report._read_group(domain, ["commercial_partner_id", "date:month"]):
        customers.setdefault(customer.id, []).append(month.date())
    for months in customers.values():
        cohort = min(months)
        for month in months:
            if month <= LAST_MONTH:
                found[cohort, month] = found.get((cohort, month), 0) + 1
    return {(str(cohort), str(month)): number for (cohort, month), number in found.items()}


def filtered_triangle(env, country_id):
    dashboard, filters = env["retention.dashboard"]._read_filters(
        {"date_from": PERIOD[0], "date_to": PERIOD[1], "country_ids": [country_id]}
    )
    return {
        (cohort["month"], cell["month"]): cell["customers"]
        for cohort in dashboard._cohorts(filters)["cohorts"]
        for cell in cohort["cells"]
        if cell["customers"]
    }


def nothing_to_compare(_baseline, _ours):
    """Two different questions: only the time is compared."""
    return ""


ROWS = [
    Row(
        name="retention_open",
        title=f"The retention dashboard opened {OPENINGS} times over HTTP, against reading one record",
        baseline=Side("`res.partner.read` of one record, over HTTP", one_record),
        ours=Side("`retention.dashboard.load`, from the stored figures", opening),
        difference=nothing_to_compare,
        modules=("crm_analytics",),
        setup=make_figures,
    ),
    Row(
        name="retention_triangle",
        title=f"Cohort triangle with revenue {OPENINGS} times over HTTP, against reading one record",
        baseline=Side("`res.partner.read` of one record, over HTTP", one_record),
        ours=Side("`retention.dashboard.cohorts`, from the stored cells", triangle),
        difference=nothing_to_compare,
        modules=("crm_analytics",),
    ),
    Row(
        name="retention_filtered",
        title="Cohort triangle of the customers of one country",
        baseline=Side("`sale.report` grouped through the ORM", filtered_report, prepare=country),
        ours=Side("`retention.dashboard.cohorts`, from the facts", filtered_triangle, prepare=country),
        difference=equal,
        modules=("crm_analytics",),
        runs={"L": 3},
    ),
]
