"""The snapshots of the install matrix see whatever may be left in a database. No Odoo is needed to show it."""

import psycopg2
import pytest

from tests.lifecycle import Life
from tools import database


@pytest.fixture
def life():
    life = Life("crm_life_bare", "template0")
    execute(life, "CREATE TABLE res_thing (id serial PRIMARY KEY, name varchar, model varchar, write_date timestamp)")
    execute(life, "CREATE TABLE thing_rel (thing_id int, other_id int)")
    execute(life, "INSERT INTO res_thing (name, model) VALUES ('kept', 'res.thing')")
    yield life
    life.end()
    assert not database.exists(life.name)


def execute(life, statement):
    with psycopg2.connect(dbname=life.name) as connection, connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("CREATE TABLE left_over (id int)", "table left_over"),
        ("ALTER TABLE res_thing ADD COLUMN left_over int", "column res_thing.left_over integer"),
        ("CREATE INDEX left_over ON res_thing (name)", "index left_over"),
        ("CREATE SEQUENCE left_over", "sequence left_over"),
        ("CREATE VIEW left_over AS SELECT 1", "view left_over"),
        ("ALTER TABLE res_thing ADD CONSTRAINT left_over CHECK (id > 0)", "constraint left_over of res_thing"),
        ("CREATE FUNCTION left_over() RETURNS int LANGUAGE sql AS 'SELECT 1'", "function left_over()"),
        ("INSERT INTO res_thing (name) VALUES ('left over')", "row 2 of res_thing: left over"),
        ("INSERT INTO thing_rel VALUES (1, 2)", "row (1,2) of thing_rel"),
    ],
)
def test_what_is_left_is_found(life, statement, finding):
    before = life.snapshot()
    execute(life, statement)
    assert any(sentence.startswith(finding) for sentence in life.snapshot().added_to(before))


def test_what_is_taken_is_found(life):
    before = life.snapshot()
    execute(life, "DELETE FROM res_thing")
    assert list(before.added_to(life.snapshot())) == ["row 1 of res_thing: kept"]


def test_a_changed_row_is_found_and_the_hour_of_writing_is_no_change(life):
    before = life.snapshot()
    execute(life, "UPDATE res_thing SET write_date = now()")
    assert list(life.snapshot().changed_from(before)) == []
    execute(life, "UPDATE res_thing SET name = 'changed'")
    assert list(life.snapshot().changed_from(before)) == ["changed row 1 of res_thing: changed"]


def test_a_row_that_names_a_model_that_is_gone_is_found(life):
    assert list(life.rows_naming({"res.thing"})) == ["1 rows of res_thing still name res.thing as model"]
    assert list(life.rows_naming(set())) == []
