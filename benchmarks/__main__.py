"""`python -m benchmarks generate|run …`: called by tools/bench.py with the environment's Python."""

import argparse
import sys

from tools.say import Bar, line

from . import odoo_side, sizes


def _generate(options):
    from .generator import generate

    def bar(title, total):
        return Bar(title, total).at

    odoo_side.configure(options.database)
    with odoo_side.environment(options.database) as env:
        generate(env, sizes.SIZES[options.size], commit=env.cr.commit, say=line, bar=bar)


def _run(options):
    from . import runner

    return runner.run(
        sizes.SIZES[options.size],
        databases={"core": options.core, "addons": options.addons},
        only=options.row,
        runs=options.runs,
    )


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    generate = commands.add_parser("generate")
    generate.add_argument("--database", required=True)
    run = commands.add_parser("run")
    run.add_argument("--core", required=True)
    run.add_argument("--addons", required=True)
    run.add_argument("--row")
    run.add_argument("--runs", type=int)
    for command in (generate, run):
        command.add_argument("--size", required=True, choices=sizes.SIZES)
    options = parser.parse_args()
    return {"generate": _generate, "run": _run}[options.command](options)


if __name__ == "__main__":
    sys.exit(main())
