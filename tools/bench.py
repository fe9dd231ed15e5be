"""The benchmarks: two databases with the same trade, without and with our addons, and the runner on them.

The data are made once per size and content of the generator, and kept. Our addons are installed upon a copy of them:
their hooks must cope with years of orders, and both databases hold the same ones by nature.
"""

import subprocess

from . import database, odoo_run, paths, python_env, stamps
from .run import die_with_parent, need_space, stop
from .say import Problem, skipped, step

PREFIX = "crm_bench_"
# Gigabytes that the two databases of a size take, copies while building included.
SPACE = {"XS": 1, "S": 3, "M": 8, "L": 45}
GENERATOR = paths.ROOT / "benchmarks"


def run(size="S", row=None, runs=None):
    """Make the data where missing, measure, print the table and keep it in docs/benchmarks.md: all rows, or the one.

    :param size: S, M or L
    :param row: the name of one row
    :param runs: rounds per row
    :returns: the exit code: not zero when a row failed or its two sides gave different results, never for being slow
    """
    size = (size or "S").upper()
    if size not in SPACE:
        raise Problem(
            f"There is no size {size}.", f"Choose one of {', '.join(SPACE)}, for example `make bench SIZE=S`."
        )
    core = _data(size)
    addons = _with_addons(size, core)
    options = ["--size", size, "--core", core, "--addons", addons]
    options += ["--row", row] if row else []
    options += ["--runs", str(runs)] if runs else []
    return _benchmarks("run", *options)


def _data(size):
    """The database of a size without our addons; a build that was killed goes on where it was."""
    template = database.core_template()
    name = f"{PREFIX}{size.lower()}_core_{stamps.key(template, *_generator())[:10]}"
    with database.one_at_a_time("bench"):
        if database.exists(name):
            skipped(f"Data of size {size}")
            return name
        need_space(SPACE[size])
        _forget(f"{PREFIX}{size.lower()}_", keep=f"{name}_half")
        half = f"{name}_half"
        with step(f"Data of size {size}"):
            if not database.exists(half):
                database.clone(template, f"{half}_new")
                database.rename(f"{half}_new", half)
            if _benchmarks("generate", "--size", size, "--database", half):
                raise Problem("The data could not be made.", "Run the same command again; it goes on from there.")
            database.psql("VACUUM ANALYZE", half)
            database.rename(half, name)
    return name


def _with_addons(size, core):
    """The same data with our addons installed upon them, as they are now."""
    template = database.addons_template()
    name = f"{PREFIX}{size.lower()}_all_{stamps.key(core, template)[:10]}"
    with database.one_at_a_time("bench"):
        if database.exists(name):
            skipped(f"Our addons on the data of size {size}")
            return name
        need_space(SPACE[size] / 2)
        _forget(f"{PREFIX}{size.lower()}_all_", keep="")
        with step(f"Our addons on the data of size {size}"):
            half = database.clone(core, f"{name}_half")
            odoo_run.to_end("install", "-d", half, "-i", ",".join(paths.ADDONS), *odoo_run.ONE_OFF)
            if _benchmarks("settle", "--database", half):
                raise Problem("A scheduled job of ours failed on these data.", "See above; mend it and run again.")
            database.psql("VACUUM ANALYZE", half)
            database.rename(half, name)
    return name


def _generator():
    """What a change of which makes other data."""
    return [GENERATOR / "sizes.py", GENERATOR / "generator.py", *sorted((GENERATOR / "data").glob("*.py"))]


def _forget(prefix, keep):
    """Databases of an older content of ours."""
    escaped = prefix.replace("_", r"\_")
    for old in database.psql(f"SELECT datname FROM pg_database WHERE datname LIKE '{escaped}%'").split():
        if old != keep:
            database.drop(old)


def _benchmarks(command, *options):
    """`python -m benchmarks`, in Odoo's environment."""
    return python("-m", "benchmarks", command, *options)


def python(*options):
    """Python with Odoo and what the benchmarks compare it with.

    :returns: the exit code
    """
    words = [str(paths.venv_python()), *options]
    environment = odoo_run.environment(PYTHONPATH=str(python_env.beside("bench")))
    process = subprocess.Popen(words, cwd=paths.ROOT, env=environment, preexec_fn=die_with_parent)
    try:
        return process.wait()
    finally:
        stop(process)
