"""What a worker of Odoo does to load a registry with our addons: no statement and no library more than without them.

How long it takes is measured by `make bench-load`; what would make it suddenly longer is seen here.
"""

import json
import subprocess

import pytest

from tools import database, odoo_run, paths

SCRIPT = paths.ROOT / "tests" / "scripts" / "worker_start.py"


@pytest.fixture(scope="module")
def starts():
    """What a worker reports without our addons, and with them."""
    return [_start(template) for template in (database.core_template(), database.addons_template())]


def _start(name):
    words = [paths.venv_python(), SCRIPT, paths.ODOO_CONF, name]
    done = subprocess.run(words, cwd=paths.ROOT, env=odoo_run.environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_worker_that_starts_sends_no_statement_more_for_our_addons(starts):
    core, ours = starts
    assert 0 < ours["statements"] <= core["statements"]


def test_a_worker_that_starts_imports_no_library_for_our_addons(starts):
    core, ours = starts
    prefixes = tuple(f"odoo.addons.{addon}" for addon in (*paths.ADDONS, *paths.BRIDGES))
    more = set(ours["modules"]) - set(core["modules"])
    assert any(name.startswith(prefixes) for name in more)
    assert not sorted(name for name in more if not name.startswith(prefixes))


def test_a_worker_that_starts_compiles_no_dataclass_of_ours(starts):
    """Each costs ten times what a named tuple does: Python writes and compiles the text of its methods."""
    assert not starts[1]["dataclasses"]
