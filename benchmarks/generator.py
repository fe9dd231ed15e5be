"""Fill a database: a step per table, each in one transaction with its mark: a killed run goes on where it was."""

import time

from odoo.tools import SQL

from .data import basis, customers, messages, orders, prototypes


def _basis(env, size, progress):
    return basis.products_and_people(env, size)


def _prototypes(env, size, progress):
    return prototypes.keep(env)


def _finish(env, size, progress):
    """Odoo's own numbering goes on after ours; what only the generator needed goes."""
    sequence = env["ir.sequence"].search([("code", "=", "sale.order")], limit=1)
    sequence.number_next_actual = max(sequence.number_next_actual, size.orders + 1)
    env.flush_all()
    for table in ("line", "message", "sale", "product", "prototype"):
        env.cr.execute(SQL("DROP TABLE %s", SQL.identifier("bench", table)))
    return 0


STEPS = {
    "basis": _basis,
    "prototypes": _prototypes,
    "plan of customers": customers.plan,
    "res.partner": customers.partners,
    "plan of orders": orders.plan,
    "plan of lines": orders.plan_lines,
    "sale.order": orders.orders,
    "sale.order.line": orders.lines,
    "plan of messages": messages.plan,
    "mail.message": messages.messages,
    "mail.notification": messages.recipients,
    "finish": _finish,
}


def generate(env, size, commit=lambda: None, say=lambda text: None, bar=None):
    """Make the data of a size; what an earlier, killed run has made is kept.

    :param env: of a database that holds Odoo's modules and none of these data, as superuser
    :param commit: called after each step; the default leaves all to the caller's transaction
    :param say: told each step's end
    :param bar: called with a step's title and number of rows; returns the function to call with the rows done
    :returns: step: (rows, seconds)
    """
    cr = env.cr
    basis.tools(cr)
    commit()
    cr.execute("SELECT step, rows, seconds FROM bench.done")
    done = {step: (rows, seconds) for step, rows, seconds in cr.fetchall()}
    for number, (step, work) in enumerate(STEPS.items(), 1):
        if step in done:
            say(f"    {number}/{len(STEPS)} {step}: already there")
            continue
        cr.execute("SET LOCAL work_mem = '256MB'")  # sorts and joins of whole tables; ends with the transaction
        start = time.monotonic()
        rows = work(env, size, bar(step, _rows_of(step, size)) if bar else lambda rows: None)
        seconds = time.monotonic() - start
        cr.execute(SQL("INSERT INTO bench.done VALUES (%s, %s, %s)", step, rows, seconds))
        commit()
        done[step] = (rows, seconds)
        say(f"    {number}/{len(STEPS)} {step}: {rows:,} rows in {seconds:.1f} s")
    env.invalidate_all()
    return done


def _rows_of(step, size):
    """What the progress of a step counts up to."""
    if step == "res.partner":
        return size.customers
    return size.messages if step.startswith("mail.") else size.orders
