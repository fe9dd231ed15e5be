"""A row of the table: two ways to the same result."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field

from . import rows


def nothing(env, number):
    """No preparation."""
    return None


@dataclass(frozen=True)
class Laps:
    """What a side may return that does the same for many: its result, and the seconds of each."""

    result: object
    seconds: list


@dataclass(frozen=True)
class Side:
    """One of the two ways.

    :param what: what the table says of it
    :param run: `run(env, prepared)`, timed from call to return; what it returns must be picklable, and may be `Laps`
    :param database: `core` (Odoo's modules only) or `addons` (the same data, ours installed upon them)
    :param prepare: `prepare(env, number)`, not timed, before each round, in the round's transaction; its result goes to
        `run`. `number` is the round's, the same for both sides, and negative while warming up.
    """

    what: str
    run: Callable
    database: str = "addons"
    prepare: Callable = nothing


@dataclass(frozen=True, eq=False)
class Row:
    """A comparison.

    :param name: what `ROW=` asks for
    :param difference: called with both results of each round; says what differs, or nothing
    :param user: login as which both sides run
    :param modules: what must be installed in the database with our addons, else the row is left out with a word
    :param setup: `setup(env)`, once, as superuser, in the database with our addons; may commit
    :param runs: size: rounds, where the size's own number does not fit: short rounds want many, slow ones few
    """

    name: str
    title: str
    baseline: Side
    ours: Side
    difference: Callable
    user: str = "admin"
    modules: tuple = ()
    setup: Callable | None = None
    runs: dict = field(default_factory=dict)


def all_rows():
    """The rows of every file in rows/, by name, in order of the files' names."""
    found = {}
    for module in sorted(pkgutil.iter_modules(rows.__path__), key=lambda module: module.name):
        for row in importlib.import_module(f"{rows.__name__}.{module.name}").ROWS:
            if row.name in found:
                raise ValueError(f"Two rows are named {row.name}.")
            found[row.name] = row
    return found


def equal(baseline, ours):
    """The plainest `difference`: both results are the same."""
    return "" if baseline == ours else f"{str(baseline)[:200]} against {str(ours)[:200]}"
