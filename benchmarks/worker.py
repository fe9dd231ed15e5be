"""A process of its own for each side of a row: no shared caches, no patches leaking over, its memory its own."""

import contextlib
import gc
import resource
import time
import traceback
from pathlib import Path

import odoo

from . import odoo_side
from .figures import Sample
from .row import Laps, all_rows


def serve(pipe, database):
    """Answer commands from the pipe until it closes: `(method, arguments)` in, `(ok, answer)` out."""
    odoo_side.configure(database)
    methods = {"installed": _installed, "setup": _setup, "time": _time}
    with contextlib.suppress(EOFError, BrokenPipeError):  # the runner has ended, be it killed: so do we
        while True:
            method, arguments = pipe.recv()
            pipe.send(_answer(methods[method], database, arguments))


def _answer(method, database, arguments):
    try:
        return True, method(database, *arguments)
    except Exception:  # noqa: BLE001  the runner tells of it and goes on with the next row
        return False, traceback.format_exc()


def _installed(database):
    """The names of the installed modules."""
    with odoo_side.environment(database) as env:
        return set(env["ir.module.module"].search([("state", "=", "installed")]).mapped("name"))


def _setup(database, row):
    with odoo_side.environment(database) as env:
        all_rows()[row].setup(env)
        env.cr.commit()


def _time(database, row, side, number):
    """One round in one transaction, undone afterwards.

    :returns: figures.Sample, result
    """
    row = all_rows()[row]
    side = getattr(row, side)
    with odoo_side.environment(database) as env:
        env = env(user=env["res.users"].search([("login", "=", row.user)]).ensure_one())
        prepared = side.prepare(env, number)
        env.cr.flush()
        env.invalidate_all()
        gc.collect()
        gc.disable()
        try:
            memory, queries, cpu, start = _peak_memory(), env.cr.sql_log_count, _processor(env), time.perf_counter()
            result = side.run(env, prepared)
            result, laps = (result.result, result.seconds) if isinstance(result, Laps) else (result, [])
            sample = Sample(
                seconds=time.perf_counter() - start,
                cpu=_processor(env) - cpu,
                queries=env.cr.sql_log_count - queries,
                memory=_peak_memory() - memory,
                laps=laps,
            )
        finally:
            gc.enable()
        env.cr.rollback()
        return sample, result


def _processor(env):
    """Seconds of processor time of this process and of its database connections, where those run on this machine.

    PostgreSQL's parallel helpers are not in it.
    """
    return time.process_time() + sum(map(_processor_of_backend, _backends(env)))


def _backends(env):
    """The process ids of this process's connections: its own one, and those of the web server that a row may start."""
    pools = filter(None, (odoo.sql_db._Pool, odoo.sql_db._Pool_readonly))
    open_ones = {one.get_backend_pid() for pool in pools for one in pool._connections if not one.closed}
    return open_ones | {env.cr.connection.get_backend_pid()}


def _processor_of_backend(pid):
    backend = Path(f"/proc/{pid}")
    try:
        ours = (backend / "comm").read_text().startswith("postgres")
        return int((backend / "schedstat").read_text().split()[0]) / 1e9 if ours else 0
    except OSError:
        return 0


def _peak_memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
