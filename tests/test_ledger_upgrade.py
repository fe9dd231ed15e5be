"""A database with the addon of before the points ledger: its cards get an opening entry by the upgrade."""

import psycopg2
import pytest

from tests.lifecycle import Life
from tools import database

# Back to how the version before left the database: cards with points, and no ledger.
BEFORE = """
    DROP TABLE loyalty_ledger_allocation, loyalty_ledger_reminder, loyalty_ledger_entry CASCADE;
    DROP FUNCTION loyalty_ledger_append_only CASCADE;
    INSERT INTO loyalty_program (name, program_type, applies_on, trigger, company_id, active, currency_id)
         SELECT '{"en_US": "Points of before"}', 'loyalty', 'both', 'auto', company.id, true, company.currency_id
           FROM res_company company LIMIT 1;
    INSERT INTO loyalty_card (program_id, company_id, partner_id, code, points, active)
         SELECT program.id, program.company_id, (SELECT min(id) FROM res_partner), '0440000' || number, number * 2.5, true
           FROM loyalty_program program, generate_series(0, 3) number
          WHERE program.name->>'en_US' = 'Points of before';
    UPDATE ir_module_module SET latest_version = '19.0.1.0.0' WHERE name = 'crm_loyalty'
"""


@pytest.fixture(scope="module")
def life():
    life = Life("crm_life_ledger", database.addons_template())
    try:
        with psycopg2.connect(dbname=life.name) as connection, connection.cursor() as cursor:
            cursor.execute(BEFORE)
        life.upgrade("crm_loyalty")
        yield life
    finally:
        life.end()


def test_each_card_with_points_gets_one_opening_entry(life):
    query = "SELECT card_code, kind, points::float8 FROM loyalty_ledger_entry WHERE card_code LIKE '0440000%%' ORDER BY card_code"
    opening = [("04400001", "opening", 2.5), ("04400002", "opening", 5), ("04400003", "opening", 7.5)]
    assert life.query(query) == opening
    life.upgrade("crm_loyalty")
    assert life.query(query) == opening


def test_the_database_protects_the_ledger(life):
    with pytest.raises(psycopg2.errors.RestrictViolation):
        life.query("DELETE FROM loyalty_ledger_entry RETURNING id")
