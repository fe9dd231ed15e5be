"""Databases that are installed into, upgraded and uninstalled from, and what they hold at each moment."""

import re
import subprocess
from dataclasses import dataclass

import psycopg2
from psycopg2 import sql

from tests import ours
from tools import database, odoo_run, paths
from tools.say import Problem

# Written by the server's own life, not by an installation: signals, logs, sessions, the list of addons on the disk.
RESTLESS = re.compile(
    r"orm_signaling_|bus_bus$|ir_cron_(progress|trigger)$|ir_logging$|ir_module_module$|ir_profile$|res_device_log$|res_users_log$"
)
# Odoo notes here that it wrote, even when it wrote what was there: when, who, and the text of a view before.
BOOKKEEPING = {"write_date", "write_uid", "arch_prev"}
# What Odoo leaves behind whatever addon goes: external ids of *its* modules on a mixin's fields in a model that is gone
# (cleared at the next upgrade of that module), and its notes on foreign keys of columns that are gone (these notes have
# no external id, so nothing deletes them; the next installation uses them again).
LEFT_BY_ODOO = re.compile(
    rf"row \d+ of ir_model_data: (?!(?:{'|'.join(ours.ADDONS)})\.)\w+\.(model_inherit|selection)__"
    r"|row \d+ of ir_model_constraint: \w+_fkey$"
)
# Said by Odoo of itself at any installation.
HARMLESS = ("Running as user 'root'", " py.warnings: ")


class Life:
    """One database from its beginning to its end.

    :param template: the database it begins as a copy of; without one, Odoo makes it at the first installation
    :param options: what Odoo is told at each step besides, such as another addons path
    """

    def __init__(self, name, template=None, options=()):
        self.name = name
        self.options = options
        self.told = {}  # what Odoo complained about, by step
        database.drop(name)
        if template:
            database.clone(template, name)

    def end(self):
        database.drop(self.name)

    def install(self, *modules):
        self._odoo(f"install {' '.join(modules)}", "-d", self.name, "-i", ",".join(modules), "--without-demo=true")

    def upgrade(self, *modules):
        self._odoo(f"upgrade {' '.join(modules)}", "-d", self.name, "-u", ",".join(modules))

    def uninstall(self, *modules):
        command = odoo_run.command(*self.options)
        python, options = command[:3], command[3:]
        self._run(
            f"uninstall {' '.join(modules)}", [*python, "module", "uninstall", *options, "-d", self.name, *modules]
        )

    def shell(self, script):
        command = odoo_run.command(*self.options, "-d", self.name, "--no-http", "--log-level=warn")
        command.insert(3, "shell")
        with open(paths.ROOT / "tests" / "scripts" / script) as source:
            self._run(script, command, stdin=source)

    def _odoo(self, step, *arguments):
        self._run(step, odoo_run.command(*self.options, *arguments, *odoo_run.ONE_OFF))

    def _run(self, step, command, stdin=subprocess.DEVNULL):
        done = subprocess.run(
            [str(part) for part in command], stdin=stdin, capture_output=True, text=True, cwd=paths.ROOT,
            env=odoo_run.environment(PYTHONPATH=str(paths.ROOT)), timeout=300,
        )  # fmt: skip
        output = done.stdout + done.stderr
        if done.returncode or "Traceback (most recent call last)" in output:
            raise Problem(f"{step} on {self.name}:\n{output[-4000:]}")
        complaints = [line for line in output.splitlines() if re.search(r" (WARNING|ERROR|CRITICAL) ", line)]
        self.told[step] = [line for line in complaints if not any(word in line for word in HARMLESS)]

    def installed(self):
        return {name for (name,) in self.query("SELECT name FROM ir_module_module WHERE state = 'installed'")}

    def rows_naming(self, models):
        """Rows of any table that name one of these models as theirs: sentences."""
        columns = self.query("""
            SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.atttypid = 'varchar'::regtype
               AND a.attname IN ('model', 'res_model', 'model_name', 'relation', 'rating_model', 'parent_res_model')
        """)
        for table, column in columns:
            # The names are PostgreSQL's own, from its catalogue.
            query = sql.SQL("SELECT {column}, count(*) FROM {table} WHERE {column} IN %s GROUP BY 1").format(
                column=sql.Identifier(column), table=sql.Identifier(table)
            )
            for name, count in self.query(query, [tuple(models) or (None,)]):
                yield f"{count} rows of {table} still name {name} as {column}"

    def query(self, query, values=()):
        with psycopg2.connect(dbname=self.name) as connection, connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall()

    def snapshot(self):
        with psycopg2.connect(dbname=self.name) as connection, connection.cursor() as cursor:
            return Snapshot(_catalogue(cursor), _rows(cursor))


@dataclass
class Snapshot:
    """What a database holds.

    :param catalogue: PostgreSQL's objects, as sentences
    :param rows: {table: {key of the row: (digest, name)}}; keys are ids, or whole rows where there is none
    """

    catalogue: set
    rows: dict

    def added_to(self, before):
        """What is here and was not before: sentences."""
        yield from sorted(self.catalogue - before.catalogue)
        for table, rows in sorted(self.rows.items()):
            for key in sorted(rows.keys() - before.rows.get(table, {}).keys()):
                yield f"row {key} of {table}: {rows[key][1]}"

    def changed_from(self, before):
        """What is not as it was before: sentences."""
        yield from (f"+ {what}" for what in self.added_to(before))
        yield from (f"- {what}" for what in before.added_to(self))
        for table, rows in sorted(self.rows.items()):
            old = before.rows.get(table, {})
            for key in sorted(rows.keys() & old.keys()):
                if rows[key][0] != old[key][0]:
                    yield f"changed row {key} of {table}: {rows[key][1]}"


def assert_none(sentences):
    sentences = list(sentences)
    assert not sentences, "\n" + "\n".join(map(str, sentences))


def _catalogue(cursor):
    cursor.execute("""
        SELECT format('%s %s', CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'S' THEN 'sequence'
                                              WHEN 'm' THEN 'materialised view' WHEN 'i' THEN 'index' ELSE c.relkind::text END,
                      c.relname)
          FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
        UNION
        SELECT format('column %s.%s %s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                      CASE WHEN a.attnotnull THEN ' not null' END)
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
        UNION
        SELECT format('index %s', indexdef) FROM pg_indexes WHERE schemaname = 'public'
        UNION
        SELECT format('constraint %s of %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid))
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION
        SELECT format('trigger %s of %s', tgname, tgrelid::regclass) FROM pg_trigger WHERE NOT tgisinternal
        UNION
        SELECT format('function %s', p.oid::regprocedure) FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
        UNION
        SELECT format('extension %s', extname) FROM pg_extension
    """)
    return {sentence for (sentence,) in cursor.fetchall()}


def _rows(cursor):
    cursor.execute("""
        SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
          FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
         GROUP BY c.relname
    """)
    tables = {table: columns for table, columns in cursor.fetchall() if not RESTLESS.match(table)}
    return {table: _rows_of(cursor, table, columns) for table, columns in tables.items()}


def _rows_of(cursor, table, columns):
    content = sql.SQL(", ").join(sql.Identifier("t", column) for column in columns if column not in BOOKKEEPING)
    telling = [column for column in ("name", "key", "url", "model") if column in columns]
    name = sql.SQL("''")
    if table == "ir_model_data":
        name = sql.SQL("module || '.' || name || ' of ' || model")
    elif telling:
        name = sql.SQL("left({}::text, 80)").format(sql.Identifier("t", telling[0]))
    key = sql.Identifier("id") if "id" in columns else sql.SQL("ROW({})::text").format(content)
    lasting = sql.SQL("WHERE url IS NULL OR url NOT LIKE '/web/assets/%%'" if table == "ir_attachment" else "")
    query = sql.SQL("SELECT {}, md5(ROW({})::text), {} FROM {} t {}")
    cursor.execute(query.format(key, content, name, sql.Identifier(table), lasting))
    return {key: (digest, name) for key, digest, name in cursor.fetchall()}
