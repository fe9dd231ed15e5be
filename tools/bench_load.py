"""How much a worker of Odoo grows by our addons, on two bases: what they need of Odoo, and what a company runs.

No data are made: neither the loading of a registry nor the memory of a worker that waits depends on rows.
"""

from . import bench, database

PREFIX = "crm_bench_load_"


def run():
    """Make the four databases, measure in turns, print the table.

    :returns: the exit code
    """
    bases = {
        "what our addons need": (database.core_template(), database.addons_template()),
        "a company's apps": (database.company_template(), database.company_addons_template()),
    }
    copies, options = [], []
    try:
        for title, templates in bases.items():
            # Copies: the measurement answers a web request, and nobody must have changed a template.
            pair = [database.clone(template, f"{PREFIX}{template}") for template in templates]
            copies += pair
            options += ["--base", title, *pair]
        return bench.python("-m", "benchmarks.server_load", *options)
    finally:
        for name in copies:
            database.drop(name)
