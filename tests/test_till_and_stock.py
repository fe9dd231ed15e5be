"""Odoo's point of sale, really installed beside ours, and the stock that it brings.

What the till does with points ends in the ledger; the customer's card tells how far an order is delivered; our bridges
to both pass their tests. One database for all of it: installing takes longer than the tests.
"""

import pytest

from tests.lifecycle import Life, assert_none
from tools import database
from tools.test import pytest as run_tests


@pytest.fixture(scope="module")
def life():
    life = Life("crm_life_till", database.addons_template())
    try:
        life.install("pos_loyalty")
        yield life
    finally:
        life.end()


def test_points_earned_spent_and_refunded_at_the_till_are_entries_of_the_ledger_once(life):
    life.shell("a_till.py")
    query = "SELECT kind, count(*) FROM loyalty_ledger_entry WHERE res_model = 'pos.order' GROUP BY kind ORDER BY kind"
    assert life.query(query) == [("earn", 3), ("redeem", 1), ("reverse", 5)]


def test_an_order_stands_on_the_card_until_it_is_delivered_and_invoiced(life):
    assert "sale_stock" in life.installed()
    life.shell("delivery_state.py")


def test_they_install_together_without_a_warning(life):
    assert_none(life.told["install pos_loyalty"])


def test_the_till_brings_the_warehouse_and_with_both_come_our_bridges_whose_tests_pass(life):
    bridges = ("crm_service_desk_stock", "crm_analytics_pos")
    assert life.installed() >= set(bridges)
    where = [*(f"{bridge}/tests" for bridge in bridges), "tests/test_translations.py"]
    code, counts = run_tests(where, template=life.name)
    assert code == 0 and counts["passed"] and not counts["skipped"], counts
