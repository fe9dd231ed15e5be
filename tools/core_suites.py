"""`make test-core`: Odoo's own tests of the modules that we extend, with our addons installed.

All of them run in a registry that holds our addons, also those that Odoo would run in the middle of an installation:
there, nothing of ours would be loaded yet and nothing would be tested. A test that fails is tried again, with our
addons and without them; it counts when it fails with them and passes without.
"""

import os
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from . import database, odoo_home, paths, test
from .say import line

MODULES = ("loyalty", "sale_loyalty", "partnership", "rating", "portal", "crm", "sale_crm")
# Fail without our addons, too: {"module/tests/file.py::Class::test": "why"}.
FAIL_IN_ODOO = {}


def run(modules=MODULES):
    """:returns: the exit code"""
    folders = [folder for module in modules if (folder := _addons() / module / "tests").is_dir()]
    results = _run(folders, "Odoo's own tests, with our addons", database.addons_template(), test.WORKERS)
    if not results:
        line("No test of Odoo's own was run.")
        return 1
    failed = [name for name, passed in results.items() if passed is False and name not in FAIL_IN_ODOO]
    broken, theirs = _judge(failed) if failed else ([], [])
    for name in theirs:
        line(f"    fails without our addons, too (add it to FAIL_IN_ODOO with the reason): {name}")
    for name in broken:
        line(f"    BROKEN BY OUR ADDONS: {name}")
    skipped = sum(passed is None for passed in results.values())
    known = sum(name in FAIL_IN_ODOO and passed is False for name, passed in results.items())
    passed = len(results) - skipped - known - len(theirs) - len(broken)
    line(
        f"Odoo's own tests with our addons: {passed} passed, {len(broken)} failed, {skipped} skipped, "
        f"{known + len(theirs)} that fail without our addons, too"
    )
    return 1 if broken else 0


def _judge(failed):
    """Those of the failed tests that our addons break, and those that fail without them."""
    again = _run_some(failed, "Those that failed, once more", database.addons_template())
    still = [name for name in failed if again.get(name) is False]
    if not still:
        return [], []
    without = _run_some(still, "The same without our addons", database.core_template())
    theirs = [name for name in still if without.get(name) is False]
    return [name for name in still if name not in theirs], theirs


def _run_some(names, title, template):
    files, methods = zip(*(name.split("::", 1) for name in names), strict=True)
    words = " or ".join(sorted({method.rsplit("::", 1)[-1] for method in methods}))
    return _run([_addons() / file for file in sorted(set(files))], title, template, word=words)


def _run(where, title, template, workers=0, word=""):
    """Run tests on a copy of a template.

    :param where: folders or files
    :param word: a pytest expression on names
    :returns: {test: True (passed), False (failed) or None (skipped)}
    """
    report = paths.LOCAL / f"core-{os.getpid()}.xml"
    # Odoo's tests say a lot that is of no interest as long as they pass.
    options = (f"--junit-xml={report}", "--odoo-log-level=critical", "-q", "-rN", "--tb=short", "-p", "no:warnings")
    test.pytest(where, word, options=options, title=title, template=template, workers=workers)
    return _results(report)


def _results(report):
    if not report.is_file():
        return {}
    results = {}
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314  pytest wrote it a moment ago
        kinds = {child.tag for child in case}
        # "loyalty.tests.test_loyalty.TestLoyalty" in ".../loyalty/tests/test_loyalty.py"
        file = Path(case.get("file", ""))
        name = "::".join(["/".join(file.parts[-3:]), case.get("classname").rsplit(".", 1)[-1], case.get("name")])
        passed = False if kinds & {"failure", "error"} else None if "skipped" in kinds else True
        results[name] = passed if results.get(name) is not False else False
    report.unlink()
    return results


def _addons():
    """The folder of Odoo's addons that these modules lie in."""
    home = Path((paths.site_packages() / "odoo-home.pth").read_text().strip())
    folders = [*odoo_home.addons_folders(home), home / "odoo" / "addons"]
    return next(folder for folder in folders if (folder / MODULES[0]).is_dir())
