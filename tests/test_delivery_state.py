"""With Odoo's stock installed the customer's card tells how far an order is delivered."""

import pytest

from tests.lifecycle import Life, assert_none
from tools import database


@pytest.fixture(scope="module")
def with_stock():
    life = Life("crm_life_stock", database.core_template())
    try:
        life.install("crm_contact_history", "sale_stock")
        yield life
    finally:
        life.end()


def test_an_order_stands_on_the_card_until_it_is_delivered_and_invoiced(with_stock):
    with_stock.shell("delivery_state.py")


def test_they_install_together_without_a_warning(with_stock):
    assert_none(with_stock.told["install crm_contact_history sale_stock"])
