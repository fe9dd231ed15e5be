"""The tests: in real Odoo, on a copy of a template database, with a real browser; one closing line with counts."""

import os
import subprocess

from . import database, odoo_run, paths, postgres
from .run import stop
from .say import Problem, step


def run(addon, word, ready):
    """Run the tests.

    :param addon: only this addon's
    :param word: only those whose name matches this pytest expression
    :returns: the exit code
    """
    ready()
    with postgres.running():
        return pytest(folders(addon), word)


def folders(addon):
    if not addon:
        return [f"{name}/tests" for name in paths.ADDONS] + ["tests"]
    if addon not in (*paths.ADDONS, "tests"):
        raise Problem(f"There is no addon {addon}.", f"Choose one of {', '.join(paths.ADDONS)}.")
    return ["tests"] if addon == "tests" else [f"{addon}/tests"]


def pytest(where, word="", options=(), title="Tests"):
    where = [folder for folder in where if (paths.ROOT / folder).exists()]
    name = database.clone(database.addons_template(), f"crm_test_{os.getpid()}")
    command = [
        paths.venv_python(), "-m", "pytest", *where,
        f"--odoo-database={name}", f"--odoo-config={paths.ODOO_CONF}", "--odoo-http", "--odoo-log-level=warn",
        *(["-k", word] if word else []), *options,
    ]  # fmt: skip
    with step(title):
        process = subprocess.Popen([str(part) for part in command], cwd=paths.ROOT, env=odoo_run.environment())
        try:
            return process.wait()
        finally:
            stop(process)
            database.drop(name)
