"""A database with the addons of an earlier landing, used for a while, is upgraded to these: what a customer has stays."""

import pytest

from tests import landed
from tests.lifecycle import Life, assert_none
from tools import database, paths, stamps

# What had landed, from which administrators upgrade, with what there was not yet. Migrations of all addons since then run.
LANDED = {
    "6a09dff": {"clocks", "figures"},  # all addons 19.0.1.0.0, but crm_loyalty 19.0.1.2.0
    "a69ed92": set(),  # crm_loyalty 19.0.1.4.0, crm_analytics 19.0.1.1.0, the others 19.0.1.2.0
}
SCRIPTS = ("our_records.py", "a_customer.py")

# What Siti has with us, told alike by the columns of before and of now.
THEIRS = {
    "tier, state, number and points of her card": """
        SELECT club.name, tier.name->>'en_US', member.state, member.date_start, card.code, card.points::float8
          FROM loyalty_membership member
          JOIN res_partner person ON person.id = member.partner_id AND person.name = 'Siti of before'
          JOIN loyalty_club club ON club.id = member.club_id
          JOIN res_partner_grade tier ON tier.id = member.tier_id
          JOIN loyalty_card card ON card.id = member.card_id""",
    "ledger": """
        SELECT entry.id, entry.kind, entry.points::float8, entry.card_code, entry.expires_on, entry.date
          FROM loyalty_ledger_entry entry ORDER BY entry.id""",
    "ticket": """
        SELECT ticket.number, ticket.name, stage.category, team.name->>'en_US', ticket.create_date
          FROM service_ticket ticket
          JOIN res_partner person ON person.id = ticket.partner_id AND person.name = 'Siti of before'
          JOIN service_stage stage ON stage.id = ticket.stage_id JOIN service_team team ON team.id = ticket.team_id""",
    "clocks": """
        SELECT clock.id, clock.metric, clock.state, clock.deadline FROM service_sla_clock clock ORDER BY clock.id""",
    "history": """
        SELECT entry.id, entry.res_model, entry.res_id, entry.kind, entry.direction, entry.happened_at
          FROM contact_history_entry entry
          JOIN res_partner person ON person.id = entry.partner_id AND person.name = 'Siti of before' ORDER BY entry.id""",
    "purchases": """
        SELECT bought.day, bought.orders, bought.amount::float8
          FROM customer_purchase bought
          JOIN res_partner person ON person.id = bought.partner_id AND person.name = 'Siti of before' ORDER BY bought.day""",
    "figures": """
        SELECT figure.first_day, figure.last_day, figure.orders, figure.amount::float8, figure.rfm, figure.lifecycle
          FROM customer_metric figure
          JOIN res_partner person ON person.id = figure.partner_id AND person.name = 'Siti of before'""",
}


def theirs(life):
    return {what: life.query(query) for what, query in THEIRS.items() if what not in LANDED[life.commit]}


@pytest.fixture(scope="module", params=LANDED, ids=lambda commit: f"from {commit}")
def story(request, tmp_path_factory):
    """The database after the upgrade, with what was read before it and after it."""
    commit = request.param
    if not landed.is_known(commit):
        pytest.skip(f"this copy of the sources has no history back to {commit}: clone it whole to try the upgrade")
    folder = landed.unpacked(commit, tmp_path_factory.mktemp("landed"))
    options = [landed.addons_path(folder)]
    core = database.core_template()
    scripts = [paths.ROOT / "tests" / "scripts" / name for name in SCRIPTS]

    def fill(half):
        old = Life(half, core, options)
        old.install(*paths.ADDONS)
        for script in scripts:
            old.shell(script.name)

    template = database.build(
        f"{database.PREFIX}landed{commit}_{stamps.key(core, commit, *scripts)[:10]}",
        f"Template database: our addons of {commit}, used for a while",
        fill,
    )
    life = Life(f"crm_life_{commit}", template)
    life.commit = commit
    try:
        life.before = theirs(life)
        life.versions = versions(life)
        life.upgrade(*paths.ADDONS)
        life.after = theirs(life)
        yield life
    finally:
        life.end()


def versions(life):
    query = "SELECT name, latest_version FROM ir_module_module WHERE name = ANY(%s) AND state = 'installed'"
    return dict(life.query(query, [list(paths.ADDONS)]))


def test_it_ends_without_a_warning(story):
    for complaints in story.told.values():
        assert_none(complaints)


def test_all_addons_are_those_of_now(story):
    assert versions(story) == {addon: database.manifest(addon)["version"] for addon in paths.ADDONS}
    assert versions(story) != story.versions


def test_what_a_customer_has_stays(story):
    assert set(story.before) == set(THEIRS) - LANDED[story.commit]
    for what, before in story.before.items():
        assert before, f"{what}: nothing was there"
        assert story.after[what] == before, what


def test_contacts_are_found_by_a_level_that_no_club_gives_and_by_no_tier(story):
    found = story.query(
        "SELECT person.name FROM res_partner person"
        " JOIN res_partner_grade level ON level.id = person.plain_level_id AND level.name->>'en_US' ~ 'of before$'"
    )
    assert found == [("Budi of before",)]


def test_tables_columns_and_indexes_are_those_of_a_new_installation(story):
    new = Life("crm_life_new", database.addons_template())
    try:
        fresh = new.snapshot().catalogue
    finally:
        new.end()
    now = story.snapshot().catalogue
    assert_none(
        [*(f"missing: {what}" for what in sorted(fresh - now)), *(f"left: {what}" for what in sorted(now - fresh))]
    )
