"""How much a worker of Odoo grows by our addons: `python -m benchmarks.server_load --core DB --addons DB`.

Each round starts a process of its own for each of the two databases, in turns: one has the core modules that our addons
need, the other the same modules and ours. Measured are the loading of the registry and the memory of the process after it,
and after a web request of somebody who is logged in.
"""

import argparse
import multiprocessing
import sys
import time
from pathlib import Path
from statistics import median

from tools.say import line

from . import odoo_side

ROUNDS = 7
FIGURES = {
    "seconds": "Registry loaded, seconds",
    "processor": "Registry loaded, seconds of processor",
    "loaded": "Memory after it, MB",
    "asked": "Memory after a web request, MB",
}


def worker(database, login):
    """In a process of its own.

    :returns: dict of ``FIGURES``, and ``modules``: names of those installed
    """
    odoo_side.configure(database)
    from odoo.modules.registry import Registry

    start, processor = time.perf_counter(), time.process_time()
    Registry.new(database)
    figures = {"seconds": time.perf_counter() - start, "processor": time.process_time() - processor}
    figures["loaded"] = _memory()
    from .web import browser

    browser(database, login).call("res.users", "search_read", [("login", "=", login)], ["name"])
    figures["asked"] = _memory()
    with odoo_side.environment(database) as env:
        figures["modules"] = set(env["ir.module.module"].search([("state", "=", "installed")]).mapped("name"))
    return figures


def _memory():
    """Resident, of this process, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def measure(databases, rounds, login):
    """:returns: {name of the database's side: list of what ``worker`` found}"""
    found = {side: [] for side in databases}
    context = multiprocessing.get_context("spawn")
    for number in range(-1, rounds):  # the first one reads what lies on disk
        for side in databases if number % 2 else reversed(databases):
            with context.Pool(1) as pool:
                figures = pool.apply(worker, (databases[side], login))
            if number >= 0:
                found[side].append(figures)
                line(f"    {number + 1}/{rounds} {side}: " + ", ".join(f"{figures[name]:.2f}" for name in FIGURES))
    return found


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.server_load", description=__doc__)
    parser.add_argument("--core", required=True)
    parser.add_argument("--addons", required=True)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--login", default="admin")
    options = parser.parse_args()
    found = measure({"core": options.core, "addons": options.addons}, options.rounds, options.login)
    modules = {side: samples[0]["modules"] for side, samples in found.items()}
    line(f"Core modules: {len(modules['core'])}; besides: {', '.join(sorted(modules['addons'] - modules['core']))}")
    for name, title in FIGURES.items():
        core, ours = (median(sample[name] for sample in found[side]) for side in ("core", "addons"))
        line(f"{title}: {core:.2f} without, {ours:.2f} with our addons: {100 * (ours / core - 1):+.1f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
