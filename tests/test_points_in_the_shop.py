"""Core's web shop with its loyalty, really installed beside ours: what is for members is for members there, too."""

import pytest

from tests.lifecycle import Life
from tools import database


@pytest.fixture(scope="module")
def life():
    life = Life("crm_life_shop", database.addons_template())
    try:
        life.install("website_sale_loyalty")
        yield life
    finally:
        life.end()


def test_members_programs_are_for_members_in_the_web_shop(life):
    life.shell("a_web_shop.py")
    query = "SELECT kind, points::float8 FROM loyalty_ledger_entry WHERE res_model = 'sale.order'"
    assert life.query(query) == [("earn", 9.0)]
