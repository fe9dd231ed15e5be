"""`make clean`: remove all that we made in this clone; with CACHE=1 the kept downloads too."""

import fcntl
import os
import shutil

from . import database, demo, paths, postgres, stamps
from .say import Problem, line


def run():
    if paths.LOCAL.is_dir():
        with open(paths.LOCAL / "postgres.users", "a") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Problem("A `make` command still uses this clone's database.", "Stop it first (Ctrl-C).")
            _remove_databases()
            if paths.VENV.is_dir():
                postgres.stop()
    for folder in (paths.LOCAL, paths.SOCKETS, paths.ROOT / "node_modules"):
        stamps.remove(folder)
    for folder in paths.ROOT.rglob("__pycache__"):
        shutil.rmtree(folder, ignore_errors=True)
    if os.environ.get("CACHE", "") not in ("", "0"):
        stamps.remove(paths.CACHE)
    elif paths.CACHE.is_dir():
        line(f"Downloads are kept in {paths.CACHE} for other clones; `make clean CACHE=1` removes them too.")
    line("clean.")


def _remove_databases():
    """On a server of the user's own nothing goes with the folder: our databases are dropped by name."""
    if postgres.is_given() and paths.VENV.is_dir():
        with postgres.running():
            names = database.psql(f"SELECT datname FROM pg_database WHERE datname LIKE '{database.PREFIX}%'").split()
            for name in [demo.name(), *names]:
                database.drop(name)
