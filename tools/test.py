"""The tests: lint, then real Odoo on copies of a template database, with a real browser; a closing line with counts."""

import contextlib
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

from . import browser, database, odoo_run, paths, postgres
from .run import beside, stop
from .say import Problem, line, step

FOLDERS = (*(f"{name}/tests" for name in (*paths.ADDONS, *paths.BRIDGES)), "benchmarks/tests", "tests")
WORKERS = 2


def run(ready, addon="", word=""):
    """Run the tests.

    :param addon: only this addon's (or `tests`, or `benchmarks`), without lint
    :param word: only those whose name matches this pytest expression, without lint
    :returns: the exit code
    """
    where = folders(addon)
    ready()
    browser.ensure()
    part = bool(addon or word)
    with contextlib.nullcontext(lambda: 0) if part else linters() as lint_verdict, postgres.running():
        template = database.addons_template()
        lint_failed = 1 if lint_verdict() else 0
        code, counts = pytest(where, word, template=template, workers=0 if part else WORKERS)
    counts["failed"] += lint_failed
    counts["passed"] += 0 if part else 1 - lint_failed
    closing_line(counts)
    return code or lint_failed


def linters():
    """Lint in a process of its own: it and the installation of the template database each need a core for a minute."""
    return beside([sys.executable, "-m", "tools", "lint"], cwd=paths.ROOT)


def folders(addon):
    if not addon:
        return FOLDERS
    chosen = [folder for folder in FOLDERS if folder.split("/")[0] == addon]
    if not chosen:
        raise Problem(f"There is no addon {addon}.", f"Choose one of {', '.join(paths.ADDONS)}.")
    return chosen


def closing_line(counts):
    line("{passed} passed, {failed} failed, {skipped} skipped".format(**counts))


def pytest(where, word="", options=(), title="Tests", template=None, workers=0):
    """Run pytest on a fresh copy of a template database (a copy per worker).

    :param where: files and folders with tests
    :param word: a pytest expression on names
    :param template: another template than the one with our addons
    :returns: the exit code, and a dict of how many `passed`, `failed` (errors among them) and were `skipped`
    """
    where = [str(folder) for folder in where if (paths.ROOT / folder).exists()]
    name = database.clone(template or database.addons_template(), f"crm_test_{os.getpid()}")
    report = paths.LOCAL / f"report-{os.getpid()}.xml"
    command = [
        *(paths.venv_python(), "-m", "pytest", *where, f"--junit-xml={report}", "-o", "junit_family=xunit1"),
        *(f"--odoo-database={name}", f"--odoo-config={paths.ODOO_CONF}", "--odoo-http", "--odoo-log-level=warn"),
        *(["-k", word] if word else []),
        *(["-n", workers, "--dist=loadfile"] if workers else []),
        *options,
    ]
    with step(title):
        process = subprocess.Popen([str(part) for part in command], cwd=paths.ROOT, env=odoo_run.environment())
        try:
            code = process.wait()
        finally:
            stop(process)
            for copy in [name, *(f"{name}-gw{number}" for number in range(workers))]:
                database.drop(copy)
    counts = _counts(report)
    if code == 5:  # pytest: no test was collected
        raise Problem(f"No test matches in {', '.join(where)}.", "Check ADDON= and K=.")
    return code, counts


def _counts(report):
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    if report.is_file():
        for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314  pytest wrote it a moment ago
            kinds = {child.tag for child in case}
            kind = "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"
            counts[kind] += 1
        report.unlink()
    return counts
