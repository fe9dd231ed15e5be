"""Each addon installs on a database with years of data, upgrades without changing a row, and uninstalls without a trace.

One database tells the whole story, so its tests are read from top to bottom; each step is one run of Odoo, as an
administrator does it.
"""

import pytest

from tests.lifecycle import LEFT_BY_ODOO, Life, assert_none
from tools import database, paths


@pytest.fixture(scope="module")
def story():
    life = Life("crm_life_data", database.core_template())
    life.moments = {}

    def keep(moment):
        life.moments[moment] = life.snapshot()

    try:
        life.shell("a_business.py")
        keep("before")
        for addon in paths.ADDONS:
            life.install(addon)
            keep(f"with {addon}")
        life.shell("our_records.py")
        keep("filled")
        life.upgrade(paths.ADDONS[0])
        keep("upgraded once")
        life.upgrade(paths.ADDONS[0])
        keep("upgraded twice")
        life.leftovers = {}
        for addon in reversed(paths.ADDONS):
            models = {name for (name,) in life.query("SELECT model FROM ir_model")}
            life.uninstall(addon)
            keep(f"without {addon}")
            gone = models - {name for (name,) in life.query("SELECT model FROM ir_model")}
            life.leftovers[addon] = list(life.rows_naming(gone))
        yield life
    finally:
        life.end()


def moment_before(addon):
    at = paths.ADDONS.index(addon)
    return f"with {paths.ADDONS[at - 1]}" if at else "before"


@pytest.mark.parametrize("addon", paths.ADDONS)
def test_it_installs_without_a_warning(story, addon):
    assert_none(story.told[f"install {addon}"])


@pytest.mark.parametrize("addon", paths.ADDONS)
def test_installing_takes_nothing_away(story, addon):
    before, after = story.moments[moment_before(addon)], story.moments[f"with {addon}"]
    lost = {table: before.rows[table].keys() - after.rows.get(table, {}).keys() for table in before.rows}
    assert not any(lost.values()), {table: keys for table, keys in lost.items() if keys}


def test_orders_and_mail_from_before_stand_in_the_history(story):
    rows = story.moments["with crm_contact_history"].rows
    assert len(rows["contact_history_entry"]) >= len(rows["sale_order"])


def test_an_upgrade_changes_no_row(story):
    assert_none(story.moments["upgraded once"].changed_from(story.moments["filled"]))


def test_a_second_upgrade_changes_no_row(story):
    assert_none(story.moments["upgraded twice"].changed_from(story.moments["upgraded once"]))
    assert_none(story.told[f"upgrade {paths.ADDONS[0]}"])


@pytest.mark.parametrize("addon", paths.ADDONS)
def test_uninstalling_leaves_nothing_behind(story, addon):
    before, after = story.moments[moment_before(addon)], story.moments[f"without {addon}"]
    left = [
        what for what in after.added_to(before) if what not in made_meanwhile(story) and not LEFT_BY_ODOO.match(what)
    ]
    assert_none(left)


@pytest.mark.parametrize("addon", paths.ADDONS)
def test_after_uninstalling_nothing_names_its_models(story, addon):
    assert_none(story.leftovers[addon])


def test_uninstalling_takes_only_what_is_ours(story):
    before, after = story.moments["before"], story.moments[f"without {paths.ADDONS[0]}"]
    assert_none(before.added_to(after))


def made_meanwhile(story):
    """The records that were made to fill the database: those in Odoo's own tables (a contact, a program) stay."""
    return set(story.moments["filled"].added_to(story.moments[f"with {paths.ADDONS[-1]}"]))
