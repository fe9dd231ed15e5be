"""Retention: who first bought in a month, and how many of them in each later one."""

from collections import Counter

from ..data.calendar import END, FIRST_MONTH
from ..row import Row, Side, equal

LAST_MONTH = END.replace(month=END.month - 1).date()
PERIOD = (FIRST_MONTH.date(), LAST_MONTH)


def from_the_report(env, _prepared):
    """Core's sales report grouped by customer and month, the cohorts counted here: what one does without our addon.

    :returns: {(cohort's month, month): customers}
    """
    found = Counter()
    for months in _months_by_customer(env, []).values():
        cohort = min(months)
        found.update((cohort, month) for month in months)
    return _told(found)


def revenue_from_the_report(env, _prepared):
    """The same with what they bought for.

    :returns: {(cohort's month, month): amount without taxes}
    """
    found = Counter()
    for months in _months_by_customer(env, ["price_subtotal:sum"]).values():
        cohort = min(months)
        for month, [amount] in months.items():
            found[cohort, month] += amount
    return _told(found)


def _told(found):
    """The months as the dashboard tells them."""
    return {(str(cohort), str(month)): figure for (cohort, month), figure in found.items()}


def _months_by_customer(env, aggregates):
    report = env["sale.report"]
    confirmed = [("state", "in", report._get_done_states()), ("date", ">=", FIRST_MONTH), ("date", "<", END)]
    customers = {}
    for customer, month, *values in report._read_group(confirmed, ["commercial_partner_id", "date:month"], aggregates):
        customers.setdefault(customer.id, {})[month.date()] = values
    return customers


def from_the_facts(metric):
    """Our model's matrix.

    :returns: a function giving the figures of the cells, empty ones left out, as the functions above do
    """
    figure = {"customers": "customers", "revenue": "amount"}[metric]

    def run(env, _prepared):
        filters = {"date_from": PERIOD[0], "date_to": PERIOD[1], "cohort_metric": metric}
        triangle = env["retention.dashboard"]._cohorts(env["retention.dashboard"]._read_filters(filters)[1])
        return {
            (cohort["month"], cell["month"]): cell[figure]
            for cohort in triangle["cohorts"]
            for cell in cohort["cells"]
            if cell["customers"]
        }

    return run


def cents(baseline, ours):
    """Equal but for what adding floats in another order can bring about."""
    if baseline.keys() != ours.keys():
        return equal(baseline.keys(), ours.keys())
    apart = {cell: (baseline[cell], ours[cell]) for cell in baseline if abs(baseline[cell] - float(ours[cell])) > 0.005}
    return f"amounts of {len(apart)} cells, such as {next(iter(apart.items()))}" if apart else ""


ROWS = [
    Row(
        name="cohort_matrix",
        title="Retention, 36 × 36 months, customers",
        baseline=Side("`sale.report` grouped through the ORM", from_the_report),
        ours=Side("`cohort_matrix`", from_the_facts("customers")),
        difference=equal,
        modules=("crm_analytics",),
        runs={"L": 3},
    ),
    Row(
        name="cohort_revenue",
        title="Retention, 36 × 36 months, revenue",
        baseline=Side("`sale.report` grouped through the ORM", revenue_from_the_report),
        ours=Side("`cohort_matrix`", from_the_facts("revenue")),
        difference=cents,
        modules=("crm_analytics",),
        runs={"L": 3},
    ),
]
