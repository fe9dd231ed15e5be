"""The sub-commands, one function each; `make help` shows what they are for."""

import argparse
import errno
import os
import signal
import sys

from . import paths
from .run import full_disk
from .say import Problem, line


def ready():
    """What every command needs: the Python environment, Odoo and its configuration."""
    from . import odoo_home, odoo_run, python_env, run

    paths.LOCAL.mkdir(exist_ok=True)
    ahead = odoo_home.fetch_ahead()
    try:
        python_env.ensure()
        if ahead:
            ahead.wait()
    finally:
        if ahead:
            run.stop(ahead)
    odoo_run.write_config(odoo_home.ensure())


def command_setup(options):
    """All that the other commands need, and nothing started."""
    from . import database, postgres

    ready()
    with postgres.running():
        database.addons_template()


def command_fetch_odoo(options):
    """Download Odoo's packages into the cache; `make` starts it beside the work on the Python packages."""
    from . import odoo_home

    odoo_home.fetch()


def command_run(options):
    """Odoo with our addons, the demo story and real purchases, in the foreground."""
    from . import serve

    serve.run(ready)


def command_db(options):
    """Keep the database server running, for psql and for many short test runs."""
    from . import postgres

    ready()
    with postgres.running():
        line(f"export PGHOST={paths.SOCKETS} PGPORT=5432 PGUSER={postgres.ROLE}   (Ctrl-C stops the server)")
        signal.pause()


def command_test(options):
    """Lint, the addons' tests, browser tours, and what crosses addons; or a part of it."""
    from . import test

    return test.run(ready, addon=options.addon, word=options.word)


def command_test_core(options):
    """Odoo's own suites of the modules that we extend, with our addons installed."""
    from . import browser, core_suites, postgres

    ready()
    browser.ensure()
    with postgres.running():
        return core_suites.run()


def command_lint(options):
    """All linters."""
    from . import lint

    return lint.run()


def command_fmt(options):
    """Mend what a program can mend of the linters' findings."""
    from . import lint

    return lint.run(fix=True)


def command_bench(options):
    """Benchmarks, side by side, as a table of ratios."""
    from . import bench, postgres

    ready()
    with postgres.running():
        return bench.run(options.size, row=options.row)


def command_bench_load(options):
    """How much a worker of Odoo grows by our addons, on two bases."""
    from . import bench_load, postgres

    ready()
    with postgres.running():
        return bench_load.run()


def command_shots(options):
    """Screenshots of every main flow, made by a real browser, for docs/."""
    from . import shots

    return shots.run(ready)


def command_translations(options):
    """Export the .pot files anew and bring id.po up to them."""
    from . import postgres, translations

    ready()
    with postgres.running():
        return translations.run()


def command_clean(options):
    """Remove all that make has made here."""
    from . import clean

    clean.run()


OPTIONS = {
    "test": {"addon": "only this addon's tests", "word": "only tests whose name matches"},
    "bench": {"size": "S, M or L", "row": "only this row"},
}


def parser():
    top = argparse.ArgumentParser(prog="python3 -m tools", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)
    for name, function in sorted(globals().items()):
        if name.startswith("command_"):
            name = name.removeprefix("command_").replace("_", "-")
            command = commands.add_parser(name, help=function.__doc__)
            for option, meaning in OPTIONS.get(name, {}).items():
                command.add_argument(f"--{option}", help=meaning, default="")
    return top


def main(arguments=None):
    options = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.chdir(paths.ROOT)
    try:
        return globals()[f"command_{options.command.replace('-', '_')}"](options) or 0
    except Problem as problem:
        sys.stdout.flush()
        print(f"\nerror: {problem}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nstopped.", file=sys.stderr)
        return 130
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        print(f"\nerror: {full_disk()}", file=sys.stderr)
    return 1
