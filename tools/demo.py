"""Step 4: the database `crm_demo`: our addons, the story of Kopi Braga, and real purchases.

It is a copy of a template that is kept, so the browser journey and a second demo database cost seconds.
"""

import os
import re

from . import database, odoo_run, paths, purchases, stamps
from .run import need_space
from .say import Problem, skipped, step

SIZES = ("small", "full")


def name():
    """The database that `make run` serves: `crm_demo`, or another one given by DB=."""
    given = os.environ.get("DB") or database.DEMO
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", given):
        raise Problem(f"DB={given} is no name for a database.", "Use small letters, digits and underscores.")
    return given


def size():
    """How many of the purchases: the sample (small), or all of them (full), by DEMO=."""
    given = os.environ.get("DEMO") or SIZES[0]
    if given not in SIZES:
        raise Problem(f"DEMO={given} is not known.", f"Choose DEMO={' or DEMO='.join(SIZES)}.")
    return given


def shift():
    """Whether the purchases' dates are moved so that the last one is of today (SHIFT=1)."""
    return os.environ.get("SHIFT", "") not in ("", "0", "no")


def ensure():
    """The database, whole and up to date with the addons' code; every part that is there is left alone."""
    code, wanted = stamps.key(*database.sources(paths.ADDONS)), f"{size()} {shift()}"
    if not database.exists(name()):
        database.clone(template(), name())
        stamps.set_done(name(), code)
        stamps.set_done(f"{name()}-purchases", wanted)
    elif not stamps.is_done(name(), code):
        with step(f"Database {name()}: upgrade to the addons' present code"):
            database.upgrade(name(), paths.ADDONS)
            stamps.set_done(name(), code)
    else:
        skipped(f"Database {name()}")
    if not stamps.is_done(f"{name()}-purchases", wanted):
        with step(f"Purchases (CDNOW, {size()})"):
            purchases.load(name(), size=size(), shift=shift())
            stamps.set_done(f"{name()}-purchases", wanted)


def template():
    """A kept database with demo data and purchases. A killed build goes on where it was: the installation starts
    again unless it was through, the purchases go on after the last batch."""
    code = stamps.key(*database.sources(paths.ADDONS), size(), shift())
    kept = f"{database.PREFIX}demo_{code[:10]}"
    half = f"{kept}_half"
    with database.one_at_a_time("demo"):
        if database.exists(kept):
            skipped("Demo database")
            return kept
        need_space(3)
        if not (stamps.is_done(half, "installed") and database.exists(half)):
            with step("Demo database: Odoo, our addons and the demo story"):
                database.drop(half)
                odoo_run.to_end("install", "-d", half, "-i", ",".join(paths.ADDONS), "--with-demo", *odoo_run.ONE_OFF)
                stamps.set_done(half, "installed")
        with step(f"Purchases (CDNOW, {size()})"):
            purchases.load(half, size=size(), shift=shift())
        database.rename(half, kept)
        stamps.forget(half)
        database.forget_older(kept, keep=2)
    return kept
