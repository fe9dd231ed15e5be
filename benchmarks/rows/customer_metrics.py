"""Figures per customer from the facts, written: ours by SQL, against pandas and against the ORM.

Two tasks. *The night after*: all customers have their figures of the day before; a day's purchases have come, and the figures
of today are due. That is what happens every night, and ours writes only the customers whose row changes. pandas is measured
twice: as one does with it (everything is worked out, copied back and upserted), and taught to leave what did not change.
*The first night*: there is no row yet, and both sides write all of them, into the same table with the same indexes.

All sides give the same scores, segments and lifecycle stages. Ours also looks for prospects, complaints and satisfaction, which
the others leave out. Without a fit: estimating is a row of its own (`retention_fit`).
"""

import itertools
from collections import Counter
from datetime import timedelta

from odoo.tools import SQL

from ..data.calendar import END
from ..row import Row, Side

LAST_DAY = END.date() - timedelta(days=1)
PIECE = 10_000  # rows that the ORM holds in its cache at a time: else those of a million customers take gigabytes


def by_sql(env, _prepared):
    """What the nightly job does.

    :returns: {(scores, segment, stage): customers}, amount of all
    """
    worked_out(env, LAST_DAY)
    return _written(env, SQL("customer_metric WHERE orders > 0 AND company_id = %s", env.company.id))


def worked_out(env, day):
    company, metrics, no_fit = env.company, env["customer.metric"].sudo(), env["retention.model"]
    metrics._write_batch(company, day, None, no_fit, SQL("TRUE"))
    env["customer.metric.day"].sudo()._note(company, day, basis=metrics._counting_basis(company, no_fit))


def by_pandas(env, _prepared):
    """COPY into a frame, group, score, COPY back, and from there to where Odoo's screens find it."""
    _upsert(env, _copied(env, _frame(env)))
    return _written(env, SQL("customer_metric WHERE orders > 0 AND company_id = %s", env.company.id))


def by_pandas_changes(env, _prepared):
    """The same, but rows that are as they were are left alone, as ours leaves them."""
    _upsert(env, _copied(env, _frame(env)), changes_only=True)
    return _written(env, SQL("customer_metric WHERE orders > 0 AND company_id = %s", env.company.id))


def _frame(env):
    import io

    import pandas
    from odoo.addons.crm_analytics import rfm

    facts = io.StringIO()
    query = SQL(
        "SELECT partner_id, day, orders, amount FROM customer_purchase WHERE company_id = %s AND day <= %s",
        env.company.id,
        LAST_DAY,
    )
    env.cr.copy_expert(b"COPY (" + env.cr.mogrify(query) + b") TO STDOUT WITH CSV", facts)
    facts.seek(0)
    frame = pandas.read_csv(facts, names=["partner_id", "day", "orders", "amount"], parse_dates=["day"])
    bought = frame[frame.orders > 0].groupby("partner_id")
    figures = bought.agg(
        first_day=("day", "min"), last_day=("day", "max"), orders=("orders", "sum"), purchase_days=("day", "nunique")
    )
    figures["amount"] = frame.groupby("partner_id").amount.sum().round(2)
    figures["recency_days"] = (pandas.Timestamp(LAST_DAY) - figures.last_day).dt.days
    figures["t_x"] = (figures.last_day - figures.first_day).dt.days
    figures["frequency"] = figures.purchase_days - 1
    figures["average_amount"] = _rounded(figures.amount / figures.orders, 2)
    interval = (figures.t_x / figures.frequency).where(figures.frequency > 0)
    figures["interval_days"] = _rounded(interval, 1)
    for name, score in (("recency_days", "r"), ("purchase_days", "f"), ("amount", "m")):
        cuts = _cuts(figures[name].sort_values().to_numpy())
        figures[score] = sum((figures[name] > cut).astype(int) for cut in cuts) + 1
    figures["r"] = 6 - figures.r
    names = {(r, fm): name for r, row in rfm.TABLE.items() for fm, name in enumerate(row, 1)}
    figures["rfm"] = figures.r * 100 + figures.f * 10 + figures.m
    figures["segment"] = [names[pair] for pair in zip(figures.r, (figures.f + figures.m + 1) // 2, strict=True)]
    figures["lifecycle"] = _stages(frame, figures, interval, env.company)
    return figures


def _rounded(values, digits):
    """As PostgreSQL rounds: halves up, whatever is left of them in binary."""
    import numpy

    return numpy.floor(values * 10**digits + 0.5 + 1e-6) / 10**digits


def _stages(frame, figures, interval, company):
    """The stage of each customer by the company's rules, in pandas."""
    import numpy

    days = frame[frame.orders > 0].drop_duplicates(["partner_id", "day"]).sort_values(["partner_id", "day"])
    of_customer = days.groupby("partner_id").day
    before, previous = of_customer.cumcount(), of_customer.shift()
    usual = ((previous - of_customer.transform("first")).dt.days / (before - 1)).where(
        before > 1, company.lifecycle_first_interval
    )
    gap = (days.day - previous).dt.days
    returned = gap > numpy.maximum(company.lifecycle_lost_days, company.lifecycle_lost_factor * usual)
    before_return = before.where(returned).groupby(days.partner_id).max().reindex(figures.index)
    interval = interval.fillna(company.lifecycle_first_interval)
    late = figures.recency_days
    return numpy.select(
        [
            late > numpy.maximum(company.lifecycle_lost_days, company.lifecycle_lost_factor * interval),
            late > numpy.maximum(company.lifecycle_at_risk_days, company.lifecycle_at_risk_factor * interval),
            figures.purchase_days - before_return < company.lifecycle_loyal_days,
            figures.purchase_days == 1,
            figures.purchase_days < company.lifecycle_loyal_days,
        ],
        ["lost", "at_risk", "won_back", "new", "growing"],
        "loyal",
    )


def _stage(days, company):
    """The same of one customer, in Python.

    :param days: his purchase days, sorted
    """
    before_return = None
    for number, (previous, day) in enumerate(itertools.pairwise(days), 1):
        usual = (previous - days[0]).days / (number - 1) if number > 1 else company.lifecycle_first_interval
        if (day - previous).days > max(company.lifecycle_lost_days, company.lifecycle_lost_factor * usual):
            before_return = number
    count, late = len(days), (LAST_DAY - days[-1]).days
    usual = (days[-1] - days[0]).days / (count - 1) if count > 1 else company.lifecycle_first_interval
    if late > max(company.lifecycle_lost_days, company.lifecycle_lost_factor * usual):
        return "lost"
    if late > max(company.lifecycle_at_risk_days, company.lifecycle_at_risk_factor * usual):
        return "at_risk"
    if before_return and count - before_return < company.lifecycle_loyal_days:
        return "won_back"
    if count == 1:
        return "new"
    return "growing" if count < company.lifecycle_loyal_days else "loyal"


def _cuts(line):
    """As SQL's percentile_disc.

    :param line: sorted values
    """
    import math

    from odoo.addons.crm_analytics import rfm

    return [line[math.ceil(share * len(line)) - 1] for share in rfm.SHARES]


def _copied(env, figures):
    """:returns: names of the columns of the temporary table that the figures are in now"""
    import io

    from odoo.addons.crm_analytics.models.customer_metric_batch import WORK_MEM

    figures = figures.drop(columns="recency_days").rename(columns={name: f"{name}_score" for name in "rfm"})
    columns = list(figures.columns)
    kinds = {"first_day": "date", "last_day": "date", "amount": "numeric", "average_amount": "numeric"}
    kinds |= {"interval_days": "numeric", "segment": "varchar", "rfm": "varchar", "lifecycle": "varchar"}
    env.cr.execute("SET LOCAL work_mem = %s", [WORK_MEM])  # as ours does
    env.cr.execute(
        SQL(
            "CREATE TEMPORARY TABLE bench_metric (partner_id int4 PRIMARY KEY, %s) ON COMMIT DROP",
            SQL(", ").join(SQL("%s %s", SQL.identifier(name), SQL(kinds.get(name, "int4"))) for name in columns),
        )
    )
    text = io.StringIO()
    figures[columns].to_csv(text, header=False)
    text.seek(0)
    env.cr.copy_expert("COPY bench_metric FROM STDIN WITH CSV", text)
    return [SQL.identifier(name) for name in columns]


def _upsert(env, names, changes_only=False):
    if changes_only:
        env.cr.execute("ANALYZE bench_metric (partner_id)")
    unchanged = SQL(
        """
        WHERE NOT EXISTS (SELECT 1 FROM customer_metric metric
                           WHERE (metric.partner_id, metric.company_id) = (bench_metric.partner_id, %s)
                             AND (%s) IS NOT DISTINCT FROM (%s))
        """,
        env.company.id,
        SQL(", ").join(SQL("metric.%s", name) for name in names),
        SQL(", ").join(SQL("bench_metric.%s", name) for name in names),
    )
    env.cr.execute(
        SQL(
            """
            INSERT INTO customer_metric (partner_id, company_id, as_of, %(names)s)
            SELECT partner_id, %(company)s, %(as_of)s, %(names)s FROM bench_metric %(unchanged)s
                ON CONFLICT (partner_id, company_id) DO UPDATE SET as_of = EXCLUDED.as_of, %(values)s
            """,
            names=SQL(", ").join(names),
            company=env.company.id,
            as_of=LAST_DAY,
            unchanged=unchanged if changes_only else SQL(),
            values=SQL(", ").join(SQL("%s = EXCLUDED.%s", name, name) for name in names),
        )
    )


def by_orm(env, _prepared):
    """`_read_group` on the facts, scores in Python, `write` on the rows."""
    from odoo.addons.crm_analytics import rfm

    facts, metrics = env["customer.purchase"].sudo(), env["customer.metric"].sudo()
    found = facts._read_group(
        [("company_id", "=", env.company.id), ("day", "<=", LAST_DAY), ("orders", ">", 0)],
        ["partner_id"],
        ["day:array_agg_distinct", "orders:sum"],
    )
    amounts = dict(
        facts._read_group(
            [("company_id", "=", env.company.id), ("day", "<=", LAST_DAY)], ["partner_id"], ["amount:sum"]
        )
    )
    figures = {
        partner.id: {
            "as_of": LAST_DAY,
            "first_day": days[0],
            "last_day": days[-1],
            "orders": orders,
            "purchase_days": len(days),
            "amount": amounts[partner],
            "average_amount": amounts[partner] / orders,
            "frequency": len(days) - 1,
            "t_x": (days[-1] - days[0]).days,
            "interval_days": (days[-1] - days[0]).days / (len(days) - 1) if len(days) > 1 else False,
            "lifecycle": _stage(days, env.company),
        }
        for partner, days, orders in found
    }
    late = _cuts(sorted((LAST_DAY - values["last_day"]).days for values in figures.values()))
    cuts = {name: _cuts(sorted(values[name] for values in figures.values())) for name in ("purchase_days", "amount")}
    for values in figures.values():
        r = 6 - rfm.part((LAST_DAY - values["last_day"]).days, late)
        f, m = (rfm.part(values[name], cuts[name]) for name in ("purchase_days", "amount"))
        values |= {"r_score": r, "f_score": f, "m_score": m, "rfm": f"{r}{f}{m}", "segment": rfm.segment(r, f, m)}
    partners = list(figures)
    for first in range(0, len(partners), PIECE):
        some = partners[first : first + PIECE]
        for row in metrics.search([("company_id", "=", env.company.id), ("partner_id", "in", some)]):
            row.write(figures.pop(row.partner_id.id))
        metrics.create(
            [
                {"partner_id": partner, "company_id": env.company.id, **figures.pop(partner)}
                for partner in some
                if partner in figures
            ]
        )
        env.flush_all()
        env.invalidate_all()
    return _written(env, SQL("customer_metric WHERE orders > 0 AND company_id = %s", env.company.id))


def _written(env, table):
    env.invalidate_all()
    found = env.execute_query(
        SQL("SELECT rfm, segment, lifecycle, COUNT(*), SUM(amount) FROM %s GROUP BY 1, 2, 3", table)
    )
    return {tuple(key): count for *key, count, _amount in found}, round(
        float(sum(amount for *_key, amount in found)), 2
    )


def difference(baseline, ours):
    """Equal but for what adding floats in another order brings about: a customer upon a cut point."""
    apart = sum((Counter(baseline[0]) - Counter(ours[0])).values())
    total = sum(baseline[0].values())
    if apart > total / 10_000 or total != sum(ours[0].values()):
        return f"scores of {apart} of {total} customers"
    return "" if abs(baseline[1] - ours[1]) < 1 else f"amounts {baseline[1]} against {ours[1]}"


def night_before(env):
    """All rows are there, as the night before has left them."""
    worked_out(env, LAST_DAY - timedelta(days=1))
    env.cr.execute(SQL("ANALYZE customer_metric"))


def nothing_yet(env, _number):
    """No row is there: in the round's transaction, which is undone."""
    env.cr.execute(SQL("TRUNCATE customer_metric, customer_metric_day"))


NIGHT = "Figures and RFM of all customers, the night after"
FIRST = "Figures and RFM of all customers, the first night (empty table)"
OURS = Side("one pass of SQL, rows that change written", by_sql)
ROWS = [
    Row(
        name="metrics_pandas",
        title=NIGHT,
        baseline=Side("pandas by COPY, fewer columns, all rows written", by_pandas),
        ours=OURS,
        difference=difference,
        modules=("crm_analytics",),
        setup=night_before,
        runs={"L": 3},
    ),
    Row(
        name="metrics_pandas_changes",
        title=NIGHT,
        baseline=Side("pandas by COPY, fewer columns, rows that change written", by_pandas_changes),
        ours=OURS,
        difference=difference,
        modules=("crm_analytics",),
        setup=night_before,
        runs={"L": 3},
    ),
    Row(
        name="metrics_orm",
        title=NIGHT,
        baseline=Side("the ORM, fewer columns", by_orm),
        ours=OURS,
        difference=difference,
        modules=("crm_analytics",),
        setup=night_before,
        runs={"S": 3, "L": 1},
    ),
    Row(
        name="metrics_first_pandas",
        title=FIRST,
        baseline=Side("pandas by COPY, fewer columns", by_pandas, prepare=nothing_yet),
        ours=Side("one pass of SQL, all columns", by_sql, prepare=nothing_yet),
        difference=difference,
        modules=("crm_analytics",),
        setup=night_before,
        runs={"L": 3},
    ),
    Row(
        name="metrics_first_orm",
        title=FIRST,
        baseline=Side("the ORM, fewer columns", by_orm, prepare=nothing_yet),
        ours=Side("one pass of SQL, all columns", by_sql, prepare=nothing_yet),
        difference=difference,
        modules=("crm_analytics",),
        setup=night_before,
        runs={"S": 3, "L": 1},
    ),
]
