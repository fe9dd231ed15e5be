"""Databases, copied from templates: Odoo's own modules are installed once, our addons once per content."""

import ast
import contextlib
import fcntl
import functools
import os
import shutil
import time

from . import assets, odoo_run, paths, stamps
from .run import need_space, quiet
from .say import Problem, line, step

DEMO = "crm_demo"
PREFIX = "crm_tpl_"
# What a company of some size runs of Odoo Community; listed before anything was measured upon it.
COMPANY_APPS = (
    *("account", "calendar", "contacts", "crm", "event", "fleet", "hr", "hr_holidays", "maintenance", "mass_mailing"),
    *("mrp", "point_of_sale", "project", "purchase", "sale_management", "sale_stock", "stock", "survey"),
    "website_sale",
)
# What a change of which changes no database: the rest of an addon is part of its template's name.
NOT_IN_DATABASE = {"tests", "static", "readme", "i18n", "__pycache__", "docs"}


def psql(query, database="postgres"):
    quiet_notices = {**os.environ, "PGOPTIONS": "-c client_min_messages=warning"}
    return quiet(
        ["psql", "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", query],
        "psql",
        env=quiet_notices,
    )


def exists(name):
    return bool(psql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'").strip())


def drop(name):
    """Drop a database and its files, whoever is in it.

    A cleaner of the server's own (autovacuum) cannot be sent away by us, but ends within moments.
    """
    for patience in (1, 2, 4, 8, 16, None):
        try:
            psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            break
        except Problem as problem:
            if patience is None or "permission denied to terminate process" not in str(problem):
                raise
            time.sleep(patience)
    shutil.rmtree(filestore(name), ignore_errors=True)


def filestore(name):
    return paths.DATA_DIR / "filestore" / name


def clone(template, name):
    """A fresh copy of a template under another name, its files included (as hard links)."""
    drop(name)
    quiet(["createdb", "-T", template, name], "createdb")
    link_files(template, name)
    return name


def link_files(template, name):
    """The files of a database for another one, as hard links: what one of them throws away, the other keeps."""
    if filestore(template).is_dir():
        shutil.copytree(filestore(template), filestore(name), copy_function=os.link, dirs_exist_ok=True)


def rename(old, new):
    psql(f'ALTER DATABASE "{old}" RENAME TO "{new}"')
    shutil.rmtree(filestore(new), ignore_errors=True)
    if filestore(old).is_dir():
        filestore(old).rename(filestore(new))


def upgrade(name, modules):
    odoo_run.to_end("upgrade", "-d", name, "-u", ",".join(modules), *odoo_run.ONE_OFF)


def manifest(addon):
    return ast.literal_eval((paths.ROOT / addon / "__manifest__.py").read_text())


@functools.cache
def is_installed(addon, name):
    """Whether a database holds an addon; asked once."""
    return bool(psql(f"SELECT 1 FROM ir_module_module WHERE name = '{addon}' AND state = 'installed'", name).strip())


def core_modules(addons=paths.ADDONS):
    """The modules of Odoo's own that our addons build on."""
    return sorted({name for addon in addons for name in manifest(addon)["depends"]} - set(paths.ADDONS))


def first_template():
    """A database with the modules of Odoo's that our first addon asks for, and nothing else."""
    modules = core_modules(paths.ADDONS[:1])
    name = PREFIX + "first_" + stamps.key(*modules, *paths.BRIDGES)[:10]
    return build(name, "Template database: what the first addon asks for", lambda half: _install(half, modules))


def core_template():
    """A database with the modules of Odoo's that we build on, without demo data."""
    modules = core_modules()
    # Odoo notes every addon that it sees, installed or not: a new folder is a row in its list of modules.
    name = PREFIX + "core_" + stamps.key(*modules, *paths.BRIDGES)[:10]
    first = None if exists(name) else first_template()

    def fill(half):
        clone(first, half)
        _install(half, modules)

    return build(name, "Template database: Odoo's own modules", fill)


def addons_template(addons=paths.ADDONS):
    """A database with our addons as they are now, without demo data."""
    return _addons_upon(core_template(), "all", addons)


def company_template():
    """A database with what a company runs of Odoo, and what our addons need of it, without demo data."""
    core = core_template()
    name = PREFIX + "company_" + stamps.key(core, *COMPANY_APPS)[:10]

    def fill(half):
        clone(core, half)
        _install(half, COMPANY_APPS)

    return build(name, "Template database: what a company runs of Odoo", fill)


def company_addons_template(addons=paths.ADDONS):
    """The same database with our addons, and with those of ours that install themselves beside its apps."""
    return _addons_upon(company_template(), "companyall", addons)


def _addons_upon(base, kind, addons):
    name = f"{PREFIX}{kind}_" + stamps.key(base, *addons, *sources(addons), "with assets")[:10]

    def fill(half):
        clone(base, half)
        _install(half, addons)
        assets.keep(half)

    return build(name, "Template database: our addons", fill)


def sources(addons):
    """All of the addons that ends up in a database: names and files, for a digest."""
    for addon in (*addons, *paths.BRIDGES):
        for path in sorted((paths.ROOT / addon).rglob("*")):
            inside = path.relative_to(paths.ROOT / addon)
            if path.is_file() and not NOT_IN_DATABASE & set(inside.parts):
                yield str(inside)
                yield path


def build(name, title, fill):
    """A template database, made unless it is there.

    :param fill: makes it under the name that it is called with
    """
    with one_at_a_time("templates"):
        if not exists(name):
            need_space(2)
            with step(title):
                half = f"{name}_half"  # renamed when whole, so a killed build never passes for a template
                drop(half)
                fill(half)
                rename(half, name)
                forget_older(name)
        return name


def forget_older(name, keep=3):
    """Drop older templates of the same kind; a half one is a build that may go on."""
    kind = name.rsplit("_", 1)[0]
    query = (
        f"SELECT datname FROM pg_database WHERE datname LIKE '{kind}\\_%' AND datname NOT LIKE '%half'"
        f" ORDER BY oid DESC OFFSET {keep}"
    )
    for old in psql(query).split():
        drop(old)


def _install(name, modules):
    told = odoo_run.to_end(
        "install",
        "-d",
        name,
        "-i",
        ",".join(modules),
        *odoo_run.ONE_OFF,
        "--without-demo=true",
    )
    complaints = [text for text in told.splitlines() if " WARNING " in text or " ERROR " in text]
    for text in complaints[:20]:
        line(f"    {text}")


@contextlib.contextmanager
def one_at_a_time(name):
    with open(paths.LOCAL / f"{name}.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
