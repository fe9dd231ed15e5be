"""For all tests: no console error in any tour, also where Odoo's own check looks away; what is shared is made once.

Odoo fails a tour at the first `console.error` and at the first uncaught exception. It overlooks what the browser itself
reports (a script, image or request that fails, a breach of the content policy), and only logs what comes after a tour's
last step. Both are failures here.
"""

import collections
import contextlib
import functools
import inspect
import re
import shutil

import pytest
import pytest_odoo

from tests import tours
from tools import assets, database
from tools.paths import ADDONS, BRIDGES, ROOT

# What takes a worker long, the longest first: begun at the end, one of them would leave the other worker without work.
LONG = (
    "tests/test_journey.py",
    "tests/test_install_with_data.py",
    "tests/test_landed_upgrade.py",
    "tests/test_install_empty.py",
    "tests/test_till_and_stock.py",
    "tests/test_make_run.py",
    "tests/test_points_in_the_shop.py",
    "tests/test_second_clone.py",
    "tests/test_ledger_upgrade.py",
)
# The page's own business, not ours: a request that the end of the tour cuts off.
CUT_OFF = re.compile(r"net::ERR_(ABORTED|CONNECTION_REFUSED|FAILED|INTERNET_DISCONNECTED)")


@contextlib.contextmanager
def own_files(original, name):
    """Files of its own for each worker's copy of the database.

    pytest-odoo lets the workers share the original's; then the clean-up of one (a scheduled job) removes what the test of
    another has just written.
    """
    if original != name:
        database.link_files(original, name)
    yield
    if original != name:
        shutil.rmtree(database.filestore(name), ignore_errors=True)


pytest_odoo._shared_filestore = own_files


def pytest_ignore_collect(collection_path, config):
    """A bridge's own tests run in a database that holds what it joins: see `tests/test_till_and_stock.py`."""
    addon = collection_path.relative_to(ROOT).parts[:1]
    if addon and addon[0] in BRIDGES and not database.is_installed(addon[0], config.getoption("--odoo-database")):
        return True
    return None


def overlooked(browser_class, test_class):
    """Patch Odoo's browser so that each use of it fails on what was overlooked; returns a function that undoes it."""
    seen = []
    originals = {
        (browser_class, name): getattr(browser_class, name)
        for name in ("__init__", "_handle_console", "_handle_exception")
    } | {(test_class, "browser_js"): test_class.browser_js}

    def start(browser, *arguments, **options):
        originals[browser_class, "__init__"](browser, *arguments, **options)
        browser._handlers["Log.entryAdded"] = functools.partial(reported, browser)
        browser._websocket_send("Log.enable")

    def reported(browser, entry, **_more):
        text = f"{entry.get('text')} {entry.get('url', '')}"
        if entry["level"] == "error" and not browser._result.done() and not CUT_OFF.search(text):
            seen.append(f"the browser reports: {text}")

    def after_the_end(name):
        def handle(browser, *arguments, **options):
            late = browser._result.done() and (
                name == "_handle_exception" or (arguments or [options.get("type")])[0] == "error"
            )
            if late:
                text = str(arguments or options)
                if not re.search("failed to fetch|connectionlosterror", text, re.IGNORECASE):
                    seen.append(f"after the last step: {text[:500]}")
            originals[browser_class, name](browser, *arguments, **options)

        return handle

    def is_odoos(test):
        """Odoo's own suites, which `make test-core` runs, live by Odoo's own rules."""
        parts = type(test).__module__.split(".")
        return parts[:2] == ["odoo", "addons"] and parts[2] not in (*ADDONS, *BRIDGES)

    def browser_js(test, *arguments, **options):
        seen.clear()
        originals[test_class, "browser_js"](test, *arguments, **options)
        if is_odoos(test):
            return
        if unexpected := [text for text in seen if not re.search(getattr(test, "browser_may_report", r"(?!)"), text)]:
            test.fail("Errors in the console:\n" + "\n".join(unexpected))

    browser_class.__init__ = start
    browser_class._handle_console = after_the_end("_handle_console")
    browser_class._handle_exception = after_the_end("_handle_exception")
    test_class.browser_js = browser_js

    def undo():
        for (owner, name), original in originals.items():
            setattr(owner, name, original)

    return undo


@pytest.fixture(scope="session", autouse=True)
def no_console_error():
    from odoo.tests.common import ChromeBrowser, HttpCase

    undo = overlooked(ChromeBrowser, HttpCase)
    yield
    undo()


@pytest.fixture(scope="session", autouse=True)
def swift_tours(tmp_path_factory):
    from odoo.tests.common import ChromeBrowser

    with tours.swift(ChromeBrowser, tmp_path_factory.mktemp("browser")):
        yield


@functools.cache
def has_tour(owner):
    """Whether a class of tests opens a browser, in a method of its own or of one that it inherits."""
    ours = [each for each in owner.__mro__ if each.__module__.startswith(("odoo.addons.", "tests."))]
    return any(re.search(r"\b(start_tour|browser_js)\(", inspect.getsource(each)) for each in ours)


@pytest.fixture(scope="session")
def made_assets():
    """The scripts and styles of the pages, made and kept before the first tour where they have changed."""
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tests.common import get_db_name

    with Registry(get_db_name()).cursor() as cursor:
        assets.make(api.Environment(cursor, SUPERUSER_ID, {})["ir.qweb"])


def pytest_configure(config):
    config.option.loadscopereorder = False  # of the workers' tests: ours is below


def pytest_sessionstart():
    """Before the first test file is read: the users that tests make are not invited by a mail, which takes longer to write
    than the user himself. What is about invitations makes its users otherwise."""
    from odoo import tests as odoo_tests
    from odoo.tests import common

    make = common.new_test_user

    @functools.wraps(make)
    def new_test_user(env, login="", groups="base.group_user", context=None, **values):
        context = context or {}
        user = make(env, login, groups, context={"no_reset_password": True, **context}, **values)
        return user.with_env(env).with_context(**context)

    common.new_test_user = odoo_tests.new_test_user = new_test_user


def begun_first(items):
    """The tests in the order in which files are given to the workers: the long ones, then those of the most tests."""
    count = collections.Counter(item.nodeid.split("::")[0] for item in items)
    place = {file: number for number, file in enumerate(LONG)}

    def key(item):
        file = item.nodeid.split("::")[0]
        return place.get(file, len(LONG)), -count[file]

    return sorted(items, key=key)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    if hasattr(config, "workerinput"):
        items[:] = begun_first(items)
    for item in items:
        if getattr(item, "cls", None) and has_tour(item.cls):
            item.fixturenames.insert(0, "made_assets")
