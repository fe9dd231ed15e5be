"""The house rules that a machine can check, on the source of our addons."""

import ast
import csv
import io
import re
import tokenize

import pytest
from PIL import Image

from tests.ours import ADDONS
from tools import database
from tools.paths import BRIDGES, ROOT

# The arrows of the architecture: which of our addons another may build on. There is no other arrow.
ARROWS = {
    "crm_contact_history": set(),
    "crm_loyalty": {"crm_contact_history"},
    "crm_service_desk": {"crm_contact_history"},
    "crm_analytics": {"crm_loyalty", "crm_service_desk"},
    "crm_contact_history_sms": {"crm_contact_history"},
    "crm_analytics_pos": {"crm_analytics"},
    "crm_service_desk_stock": {"crm_service_desk"},
}
REACHED = {
    "crm_contact_history": set(),
    "crm_loyalty": {"crm_contact_history"},
    "crm_service_desk": {"crm_contact_history"},
    "crm_analytics": {"crm_loyalty", "crm_service_desk", "crm_contact_history"},
    "crm_contact_history_sms": {"crm_contact_history"},
    "crm_analytics_pos": {"crm_analytics", "crm_loyalty", "crm_service_desk", "crm_contact_history"},
    "crm_service_desk_stock": {"crm_service_desk", "crm_contact_history"},
}
CORE = {
    "crm_contact_history": {"crm", "sale", "phone_validation"},
    "crm_loyalty": {"sale_loyalty", "partnership"},
    "crm_service_desk": {"rating", "portal_rating", "resource", "loyalty"},
    "crm_analytics": {"survey", "mass_mailing", "digest", "spreadsheet_dashboard"},
    "crm_contact_history_sms": {"sms"},
    "crm_analytics_pos": {"point_of_sale"},
    "crm_service_desk_stock": {"sale_stock"},
}


class Source:
    """A Python file with its comments."""

    def __init__(self, text, name="planted.py"):
        self.text, self.name, self.tree = text, name, ast.parse(text)
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        self.comments = {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}
        self.statements = [node for node in ast.walk(self.tree) if isinstance(node, ast.stmt)]

    def calls(self, name):
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and name == getattr(node.func, "attr", getattr(node.func, "id", None)):
                yield node

    def is_explained(self, node):
        """Whether a comment stands on the lines of the statement up to this call, or right above it."""
        holders = [one for one in self.statements if one.lineno <= node.lineno <= one.end_lineno]
        innermost = max(holders, key=lambda one: (one.lineno, -one.end_lineno))
        first = min([innermost.lineno, *(one.lineno for one in getattr(innermost, "decorator_list", []))])
        return any(line in self.comments for line in range(first - 1, node.end_lineno + 1))

    def is_explained_once_for_all(self, node, word):
        """Whether a comment that begins with a word stands above, in the same function: it speaks of all that follow."""
        functions = [one for one in ast.walk(self.tree) if isinstance(one, ast.FunctionDef)]
        around = [one for one in functions if one.lineno <= node.lineno <= one.end_lineno]
        first = max((one.lineno for one in around), default=node.lineno)
        return any(
            re.match(rf"#\s*{word}\b", comment)
            for line, comment in self.comments.items()
            if first <= line <= node.lineno
        )

    def at(self, node):
        return f"{self.name}:{node.lineno}"


def unexplained_sudo(source):
    for name in ("sudo", "with_user"):
        for call in source.calls(name):
            mighty = name == "sudo" or "SUPERUSER" in ast.unparse(call)
            if mighty and not source.is_explained(call) and not source.is_explained_once_for_all(call, "sudo"):
                yield f"{source.at(call)}: {name}() without a comment that names the check it follows"


def glued_sql(source):
    """SQL that is not handed to the database through odoo.tools.SQL, or is put together outside of it."""
    for name in ("execute", "executemany", "SQL"):
        for call in source.calls(name):
            query = call.args[0] if call.args else None
            glued = isinstance(query, (ast.JoinedStr, ast.BinOp)) or (
                isinstance(query, ast.Call) and getattr(query.func, "attr", "") in ("format", "join", "replace")
                and not isinstance(query.func.value, ast.Call)
            )  # fmt: skip
            if glued and "SQL(" not in ast.unparse(query):
                yield f"{source.at(call)}: SQL put together as text"
            elif name != "SQL" and isinstance(query, ast.Constant):
                yield f"{source.at(call)}: raw SQL goes through odoo.tools.SQL"


def old_constraints(source):
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Assign) and any(
            getattr(target, "id", "") == "_sql_constraints" for target in node.targets
        ):
            yield f"{source.at(node)}: Odoo 19 ignores _sql_constraints: use models.Constraint"


def unexplained_indexes(source):
    for call in (*source.calls("Index"), *source.calls("UniqueIndex")):
        message_tells = len(call.args) > 1  # that of a unique index: a rule for users
        if not message_tells and not any(source.is_explained(one) for one in _in_a_row(source, call)):
            yield f"{source.at(call)}: an index without a comment that names the query it serves"


def _in_a_row(source, call):
    """The definition and those right above it, without an empty line between: one comment may speak of all."""
    lines = {one.end_lineno: one for one in source.statements if isinstance(one, ast.Assign)}
    one = next(
        one for one in source.statements if isinstance(one, ast.Assign) and one.lineno <= call.lineno <= one.end_lineno
    )
    while one:
        yield one
        one = lines.get(one.lineno - 1)


def unprotected_routes(source):
    for call in source.calls("route"):
        said = {keyword.arg: keyword.value for keyword in call.keywords}
        if isinstance(said.get("csrf"), ast.Constant) and said["csrf"].value is False:
            yield f"{source.at(call)}: a route without CSRF protection"


def strange_imports(source, addon):
    for found in re.finditer(r"odoo\.addons\.(crm_\w+)", source.text):
        other = found[1]
        if other in ADDONS and other not in REACHED[addon] | {addon}:
            yield f"{source.name}: {addon} imports {other}: no arrow leads there"


RULES = (unexplained_sudo, glued_sql, old_constraints, unexplained_indexes, unprotected_routes)


def sources(addon, tests=False):
    for path in sorted((ROOT / addon).rglob("*.py")):
        if tests or "tests" not in path.relative_to(ROOT / addon).parts:
            yield Source(path.read_text(), str(path.relative_to(ROOT)))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("addon", ADDONS)
def test_the_source_keeps_the_rule(addon, rule):
    assert [sentence for source in sources(addon) for sentence in rule(source)] == []


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (unexplained_sudo, "def f(self):\n    x = 1\n    return self.sudo().name"),
        (unexplained_sudo, "# far away\n\nx = env.with_user(SUPERUSER_ID)"),
        (glued_sql, 'cr.execute(f"SELECT {x}")'),
        (glued_sql, 'cr.execute("SELECT %s" % x)'),
        (glued_sql, 'cr.execute("SELECT {}".format(x))'),
        (glued_sql, 'cr.execute("SELECT 1")'),
        (glued_sql, 'SQL(f"SELECT {x}")'),
        (old_constraints, '_sql_constraints = [("a", "b", "c")]'),
        (unexplained_indexes, '_a_idx = models.Index("(a)")'),
        (unexplained_indexes, '# of b\n_b_idx = models.Index("(b)")\n\n_a_uidx = models.UniqueIndex("(a)")'),
        (unprotected_routes, '@http.route("/my", csrf=False)\ndef f(self): pass'),
    ],
)
def test_a_breach_of_the_rule_is_found(rule, text):
    assert len(list(rule(Source(text)))) == 1


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (unexplained_sudo, "# the token was checked above\nx = self.sudo()"),
        (unexplained_sudo, "x = (\n    # the token was checked above\n    self.sudo()\n)"),
        (unexplained_sudo, "x = self.sudo()  # the token was checked above"),
        (glued_sql, 'cr.execute(SQL("SELECT %s", x))'),
        (glued_sql, "cr.execute(query)"),
        (unexplained_sudo, "def f(self):\n    # sudo: the token was checked\n    x = 1\n    return self.sudo()"),
        (unexplained_indexes, '# serves the list\n_a_idx = models.Index("(a)")'),
        (unexplained_indexes, '# serve the job\n_a_idx = models.Index("(a)")\n_b_idx = models.Index("(b)")'),
        (unexplained_indexes, '_a_uidx = models.UniqueIndex("(a)", "There is one already.")'),
    ],
)
def test_what_keeps_the_rule_passes(rule, text):
    assert list(rule(Source(text))) == []


# --- manifests ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("addon", ADDONS)
def test_the_manifest_is_one_of_odoo_19(addon):
    manifest = database.manifest(addon)
    assert manifest["version"].startswith("19.0.")
    assert manifest["license"] == "LGPL-3"
    assert manifest["name"] and manifest["summary"]


@pytest.mark.parametrize("addon", ADDONS)
def test_an_addon_builds_on_those_that_the_architecture_says(addon):
    depends = set(database.manifest(addon)["depends"])
    assert depends & set(ADDONS) == ARROWS[addon]
    assert depends - set(ADDONS) == CORE[addon]


@pytest.mark.parametrize("addon", ADDONS)
def test_an_addon_imports_only_what_it_builds_on(addon):
    assert [sentence for source in sources(addon, tests=True) for sentence in strange_imports(source, addon)] == []


def test_an_import_against_the_arrows_is_found():
    assert list(strange_imports(Source("from odoo.addons.crm_loyalty.models import x"), "crm_service_desk"))


@pytest.mark.parametrize("addon", ADDONS)
def test_every_data_file_is_listed_and_there(addon):
    manifest = database.manifest(addon)
    listed = {*manifest.get("data", []), *manifest.get("demo", [])}
    assert [path for path in sorted(listed) if not (ROOT / addon / path).is_file()] == []
    kinds = ("data", "demo", "report", "security", "views", "wizard")
    there = {
        str(path.relative_to(ROOT / addon))
        for kind in kinds
        for path in (ROOT / addon / kind).rglob("*")
        if path.suffix in (".xml", ".csv")
    }
    assert sorted(there - listed) == []


@pytest.mark.parametrize("addon", ADDONS)
def test_every_test_file_is_imported(addon):
    files = {path.stem for path in (ROOT / addon / "tests").glob("test_*.py")}
    imported = {
        name.name
        for node in ast.walk(ast.parse((ROOT / addon / "tests" / "__init__.py").read_text()))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    assert "test_structure" in files, f"{addon} has no structural test"
    assert sorted(files - imported) == []


@pytest.mark.parametrize("addon", ADDONS)
def test_all_tests_run_after_the_installation(addon):
    """Where they have all modules about them, and where `make test` runs them."""
    missing = []
    for path in (ROOT / addon / "tests").glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            is_case = isinstance(node, ast.ClassDef) and any(
                isinstance(part, ast.FunctionDef) and part.name.startswith("test_") for part in node.body
            )
            if (
                is_case
                and "at_install" not in "".join(map(ast.unparse, node.decorator_list))
                and not _inherits_tag(node)
            ):
                missing.append(f"{path.name}: {node.name}")
    assert missing == []


def _inherits_tag(node):
    """The bases of `common.py` files and of the structural test are tagged themselves."""
    return not {"TransactionCase", "HttpCase", "BaseCase"} & {ast.unparse(base).split(".")[-1] for base in node.bases}


@pytest.mark.parametrize("addon", ADDONS)
def test_an_addon_tells_what_it_is_for(addon):
    for page in ("DESCRIPTION", "USAGE", "CONFIGURE"):
        assert len((ROOT / addon / "readme" / f"{page}.md").read_text()) > 80, page
    with Image.open(ROOT / addon / "static" / "description" / "icon.png") as icon:
        assert icon.size == (128, 128)


@pytest.mark.parametrize("addon", BRIDGES)
def test_a_bridge_installs_by_itself(addon):
    assert database.manifest(addon)["auto_install"] is True


@pytest.mark.parametrize("addon", [addon for addon in ADDONS if (ROOT / addon / "security").is_dir()])
def test_access_rights_name_a_group(addon):
    path = ROOT / addon / "security" / "ir.model.access.csv"
    with path.open() as file:
        for row in csv.DictReader(file):
            assert row["group_id:id"] or row.get("group_id/id"), row


@pytest.mark.parametrize("addon", ADDONS)
def test_nothing_is_left_to_do(addon):
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    files = (path for path in (ROOT / addon).rglob("*") if path.suffix in (".py", ".js", ".xml", ".scss", ".md"))
    assert [str(path) for path in files if marks.search(path.read_text())] == []


# --- tours --------------------------------------------------------------------------------------------------------------


def tours(addon):
    """{name: file} of the tours that an addon registers."""
    found = {}
    for path in sorted((ROOT / addon / "static" / "tests" / "tours").rglob("*.js")):
        for name in re.findall(r"""web_tour\.tours["'`]\)\s*\.add\(\s*["'`]([^"'`]+)""", path.read_text()):
            found[name] = path
    return found


def source_of_tests(addon):
    return "\n".join(path.read_text() for path in sorted((ROOT / addon / "tests").glob("*.py")))


@pytest.mark.parametrize("addon", ADDONS)
def test_every_tour_is_started_by_a_test(addon):
    started = source_of_tests(addon)
    assert [name for name in tours(addon) if f'"{name}"' not in started and f"'{name}'" not in started] == []
    for path in (ROOT / addon / "static" / "tests" / "tours").rglob("*.js"):
        # A file without a tour is one of steps that tours share.
        shared = re.search(r"^export ", path.read_text(), re.M)
        assert path in tours(addon).values() or shared, f"{path.name} registers no tour"


@pytest.mark.parametrize("addon", ADDONS)
def test_tours_are_in_the_assets_of_tests(addon):
    patterns = database.manifest(addon).get("assets", {}).get("web.assets_tests", [])
    covered = {path for pattern in patterns for path in ROOT.glob(pattern)}
    assert [path.name for path in tours(addon).values() if path not in covered] == []


@pytest.mark.parametrize("addon", ADDONS)
def test_no_tour_forgives_an_error(addon):
    """Odoo fails a tour at the first console error unless a test filters it; conftest.py adds what Odoo overlooks."""
    assert not re.search(r"error_checker|IGNORED_MSGS|mute_logger\(.*browser", source_of_tests(addon))


def models_of(definition):
    """The names of models that a class names as its own, or extends."""
    for node in definition.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) in ("_name", "_inherit"):
            for value in ast.walk(node.value):
                if isinstance(value, ast.Constant):
                    yield value.value


def test_each_method_that_the_documents_tell_to_extend_is_there_and_explained():
    told = re.findall(r"`([a-z_.]+)\.(_[a-z_]+)`", (ROOT / "docs" / "architecture.md").read_text())
    explained = {
        (model, method.name)
        for addon in ADDONS
        for path in (ROOT / addon / "models").glob("*.py")
        for definition in ast.parse(path.read_text()).body
        if isinstance(definition, ast.ClassDef)
        for model in models_of(definition)
        for method in definition.body
        if isinstance(method, ast.FunctionDef) and ast.get_docstring(method)
    }
    assert told
    assert [f"{model}.{method}" for model, method in told if (model, method) not in explained] == []
