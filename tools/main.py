"""The sub-commands, one function each; `make help` shows what they are for."""

import argparse
import errno
import signal
import sys

from . import paths
from .run import full_disk
from .say import Problem, line


def ready():
    """What every command needs: the Python environment, Odoo and its configuration."""
    from . import odoo_home, odoo_run, python_env

    paths.LOCAL.mkdir(exist_ok=True)
    python_env.ensure()
    odoo_run.write_config(odoo_home.ensure())


def command_setup(options):
    from . import database, postgres

    ready()
    with postgres.running():
        database.addons_template()


def command_db(options):
    """Keep the database server running, for psql and for many short test runs."""
    from . import postgres

    ready()
    with postgres.running():
        line(f"PGHOST={paths.SOCKETS} PGPORT=5432 PGUSER={postgres.ROLE}   (Ctrl-C stops it)")
        signal.pause()


def command_test(options):
    from . import test

    return test.run(addon=options.addon, word=options.word, ready=ready)


def parser():
    top = argparse.ArgumentParser(prog="python3 -m tools", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)

    def add(name, **arguments):
        command = commands.add_parser(name, help=(globals()[f"command_{name}"].__doc__ or "").strip())
        for option, settings in arguments.items():
            command.add_argument(f"--{option}", **settings)

    add("setup")
    add("db")
    add("test", addon={"default": ""}, word={"default": ""})
    return top


def main(arguments=None):
    options = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return globals()[f"command_{options.command}"](options) or 0
    except Problem as problem:
        print(f"\nerror: {problem}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nstopped.", file=sys.stderr)
        return 130
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        print(f"\nerror: {full_disk()}", file=sys.stderr)
    return 1
