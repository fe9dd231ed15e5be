"""How much a worker of Odoo grows by our addons: `make bench-load`.

A base is a pair of databases: the same modules of Odoo's, without and with our addons. Each round starts a process of its
own for each database, in turns. Measured are the loading of the registry and the memory of the process after it, and
after a web request of somebody who is logged in. Times suffer from whatever else the machine does; the calls of functions
while the registry loads, counted in one process more, do not.
"""

import argparse
import itertools
import multiprocessing
import sys
import time
from pathlib import Path
from statistics import median

from tools.say import line

from . import odoo_side

ROUNDS = 9
CALLS = "Calls of functions meanwhile"
FIGURES = {
    "processor": ("Registry loaded, processor", "s"),
    "seconds": ("Registry loaded, clock", "s"),
    "loaded": ("Memory after it", "MB"),
    "asked": ("Memory after a web request", "MB"),
}


def worker(database, login):
    """In a process of its own.

    :returns: dict of ``FIGURES``, and of ``modules`` (those installed), ``models`` and ``fields`` how many there are
    """
    sys.dont_write_bytecode = False  # a server finds what the first round has compiled, whatever this environment says
    odoo_side.configure(database)
    from odoo.modules.registry import Registry

    start, processor = time.perf_counter(), time.process_time()
    registry = Registry.new(database)
    figures = {"seconds": time.perf_counter() - start, "processor": time.process_time() - processor}
    figures["loaded"] = _memory()
    from .web import browser

    browser(database, login).call("res.users", "search_read", [("login", "=", login)], ["name"])
    figures["asked"] = _memory()
    with odoo_side.environment(database) as env:
        figures["modules"] = env["ir.module.module"].search_count([("state", "=", "installed")])
    figures["models"] = len(registry)
    figures["fields"] = sum(len(model._fields) for model in registry.values())
    return figures


def count_calls(database):
    """In a process of its own: how many functions, of Python and of C, are called to load the registry."""
    sys.dont_write_bytecode = False
    odoo_side.configure(database)
    from odoo.modules.registry import Registry

    counted = itertools.count()

    def one_more(frame, event, function):
        if event in ("call", "c_call"):
            next(counted)

    sys.setprofile(one_more)
    Registry.new(database)
    sys.setprofile(None)
    return next(counted)


def _memory():
    """Resident, of this process, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def measure(bases, rounds, login):
    """Two databases in turns, and base after base in each round.

    :param bases: {title: (database without our addons, database with them)}
    :returns: {title: two lists of what ``worker`` found, the first of each with its database's ``calls`` besides}
    """
    found = {title: ([], []) for title in bases}
    context = multiprocessing.get_context("spawn")

    def in_process(function, *arguments):
        with context.Pool(1) as pool:
            return pool.apply(function, arguments)

    for number in range(-1, rounds):  # the first one reads what lies on disk
        for title, databases in bases.items():
            for side in (0, 1) if number % 2 else (1, 0):
                figures = in_process(worker, databases[side], login)
                if number >= 0:
                    found[title][side].append(figures)
                    told = ", ".join(f"{figures[name]:.2f} {unit}" for name, (_, unit) in FIGURES.items())
                    line(f"    {number + 1}/{rounds} {title}, {('without', 'with')[side]}: {told}")
    for title, databases in bases.items():
        for samples, database in zip(found[title], databases, strict=True):
            samples[0]["calls"] = in_process(count_calls, database)
    return found


def table(found):
    """What was measured, as lines of Markdown."""
    yield "| Odoo with | " + " | ".join(title for title, _ in FIGURES.values()) + f" | {CALLS} | Rounds |"
    yield "|---" * (len(FIGURES) + 3) + "|"
    for title, sides in found.items():
        sizes = ["{modules} modules, {models} models, {fields} fields".format_map(samples[0]) for samples in sides]
        cells = [f"{title}: {sizes[0]}; ours besides: {sizes[1]}"]
        for name, (_, unit) in FIGURES.items():
            core, ours = (median(sample[name] for sample in samples) for samples in sides)
            cells.append(f"**{100 * (ours / core - 1):+.1f} %**: {core:.4g} to {ours:.4g} {unit}")
        core, ours = (samples[0]["calls"] for samples in sides)
        cells.append(f"**{100 * (ours / core - 1):+.1f} %**: {core:,} to {ours:,}")
        yield f"| {' | '.join(cells)} | {len(sides[0])} |"


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.server_load", description=__doc__)
    parser.add_argument("--base", nargs=3, action="append", required=True, metavar=("TITLE", "WITHOUT", "WITH"))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--login", default="admin")
    options = parser.parse_args()
    bases = {title: databases for title, *databases in options.base}
    for text in table(measure(bases, options.rounds, options.login)):
        line(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
