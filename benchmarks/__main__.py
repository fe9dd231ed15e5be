"""`python -m benchmarks generate|settle|run …`: called by tools/bench.py with the environment's Python."""

import argparse
import sys
import time

from tools import paths
from tools.say import Bar, line

from . import odoo_side, runner, sizes


def _generate(options):
    from .generator import generate

    def bar(title, total):
        return Bar(title, total).at

    odoo_side.configure(options.database)
    with odoo_side.environment(options.database) as env:
        generate(env, sizes.SIZES[options.size], commit=env.cr.commit, say=line, bar=bar)


def _settle(options):
    """Let our scheduled jobs do at once what the installation left to them, such as filling the history."""
    odoo_side.configure(options.database)
    with odoo_side.environment(options.database) as env:
        names = env["ir.model.data"].search([("model", "=", "ir.cron"), ("module", "in", paths.ADDONS)])
        for cron in env["ir.cron"].browse(names.mapped("res_id")):
            start = time.monotonic()
            # Not as the scheduler does: outside of it a job commits after each batch, and stops when nothing is left.
            cron.ir_actions_server_id.run()
            env.cr.commit()
            line(f"    {cron.name}: {time.monotonic() - start:.1f} s")


def _run(options):
    return runner.run(
        sizes.SIZES[options.size],
        databases={"core": options.core, "addons": options.addons},
        only=options.row,
        runs=options.runs,
        warm_up=options.warm_up,
    )


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    generate = commands.add_parser("generate")
    settle = commands.add_parser("settle")
    for command in (generate, settle):
        command.add_argument("--database", required=True)
    run = commands.add_parser("run")
    run.add_argument("--core", required=True)
    run.add_argument("--addons", required=True)
    run.add_argument("--row")
    run.add_argument("--runs", type=int)
    run.add_argument("--warm-up", type=int, default=runner.WARM_UP)
    for command in (generate, run):
        command.add_argument("--size", required=True, choices=sizes.SIZES)
    options = parser.parse_args()
    return {"generate": _generate, "settle": _settle, "run": _run}[options.command](options)


if __name__ == "__main__":
    sys.exit(main())
