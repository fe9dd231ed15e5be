"""Step 4: the database `crm_demo`: our addons, the story of Kopi Braga, and real purchases."""

import os

from . import database, odoo_run, paths, purchases, stamps
from .run import need_space
from .say import Problem, skipped, step

NAME = database.DEMO
SIZES = ("small", "full")


def ensure():
    """The database, whole and up to date with the addons' code; every part that is there is left alone."""
    size = os.environ.get("DEMO") or "small"
    if size not in SIZES:
        raise Problem(f"DEMO={size} is not known.", f"Choose DEMO={' or DEMO='.join(SIZES)}.")
    code = stamps.key(*database.sources(paths.ADDONS))
    if not database.exists(NAME):
        need_space(3)
        with step("Database crm_demo: Odoo, our addons and the demo story"):
            _create()
            stamps.set_done(NAME, code)
    elif not stamps.is_done(NAME, code):
        with step("Database crm_demo: upgrade to the addons' present code"):
            database.upgrade(NAME, paths.ADDONS)
            stamps.set_done(NAME, code)
    else:
        skipped("Database crm_demo")
    _load_purchases(size)


def _create():
    half = f"{NAME}_half"  # renamed when whole: a killed installation starts anew, never half an Odoo
    database.drop(half)
    odoo_run.to_end(
        "install", "-d", half, "-i", ",".join(paths.ADDONS), "--with-demo", "--stop-after-init", "--max-cron-threads=0"
    )
    database.rename(half, NAME)


def _load_purchases(size):
    wanted = f"{size} {'shifted' if shift() else 'as they were'}"
    if stamps.is_done(f"{NAME}-purchases", wanted):
        skipped("Purchases (CDNOW)")
        return
    with step(f"Purchases (CDNOW, {size})"):
        purchases.load(NAME, size=size, shift=shift())
        stamps.set_done(f"{NAME}-purchases", wanted)


def shift():
    """Whether the purchases' dates are moved so that the last one is of today (SHIFT=1)."""
    return os.environ.get("SHIFT", "") not in ("", "0", "no")
