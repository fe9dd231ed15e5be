"""Each addon installs alone: on a database that has only what its manifest asks for, and nothing by luck."""

import pytest

from tests.lifecycle import LEFT_BY_ODOO, Life, assert_none
from tools import database, paths

FIRST, *OTHERS = paths.ADDONS


@pytest.fixture(scope="module")
def base():
    """Odoo's modules that the first addon asks for, then that addon."""
    life = Life("crm_life_empty", database.first_template())
    try:
        life.before = life.snapshot()
        life.install(FIRST)
        yield life
    finally:
        life.end()


def test_the_first_addon_installs_alone_without_a_warning(base):
    assert_none(base.told[f"install {FIRST}"])


@pytest.mark.parametrize(
    "addon", OTHERS[:-1]
)  # the last asks for all the others: every other test runs on that database
def test_it_installs_on_the_first_alone_without_a_warning(base, addon):
    life = Life(f"crm_life_{addon}", base.name)
    try:
        life.install(addon)
        assert_none(life.told[f"install {addon}"])
        assert not (set(paths.ADDONS) - {FIRST, addon}) & life.installed()
    finally:
        life.end()


def test_uninstalling_leaves_the_database_as_it_was(base):
    base.uninstall(FIRST)
    after = base.snapshot()
    assert_none([what for what in after.added_to(base.before) if not LEFT_BY_ODOO.match(what)])
    assert_none(list(base.before.added_to(after)))
