"""`make run`: serves, says where, stops all that it started and nothing else, and goes on after a kill."""

import os
import signal
import socket
import subprocess
import time
import urllib.request

import pytest

from tests.served import MakeRun, forget, system_python
from tools import paths, postgres

NAME = "crm_run_test"


@pytest.fixture(scope="module", autouse=True)
def no_database_left():
    forget(NAME)
    yield
    forget(NAME)


@pytest.fixture(scope="module")
def first(no_database_left):
    """The first run, already ended by Ctrl-C."""
    run = MakeRun(NAME)
    with urllib.request.urlopen(f"{run.url}/web/login") as page:
        run.page = page.read().decode()
    run.code = run.stop()
    return run


def test_it_serves_and_tells_the_address_and_the_logins(first):
    assert "oe_login_form" in first.page
    assert f"Odoo is at http://localhost:{first.port}" in first.told()
    assert "admin/admin, agent/agent, customer/customer, partner/partner" in first.told()


def test_ctrl_c_ends_the_server_and_frees_the_port(first):
    assert first.code != 0
    assert "stopped." in first.told()
    assert not first.processes()
    with socket.socket() as probe:
        # As a server does: what the browser's last connection leaves behind for a minute is in nobody's way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", first.port))
        probe.listen()


def test_ctrl_c_does_not_stop_the_database_server_that_others_use(first):
    assert postgres.is_running() or postgres.is_given()
    assert subprocess.run(["psql", "-d", "postgres", "-c", "SELECT 1"], capture_output=True).returncode == 0


def test_the_second_run_does_nothing_again(first):
    second = MakeRun(NAME)
    second.stop()
    steps = [line for line in second.told().splitlines() if line.startswith("==> ")]
    assert all("already" in step or "using" in step for step in steps if not step.startswith("==> Server"))
    assert second.seconds < first.seconds + 15


def test_a_killed_run_leaves_no_server_and_the_next_one_serves(first):
    killed = MakeRun(NAME)
    subprocess.run(["pkill", "-KILL", "-P", str(killed.process.pid)], check=True)  # the tool itself, not its server
    killed.process.wait(30)
    deadline = time.monotonic() + 30
    while killed.processes() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not killed.processes()
    again = MakeRun(NAME)
    assert again.stop(signal.SIGINT) != 0


def test_a_database_server_of_the_users_own_is_used_when_named():
    done = subprocess.run(
        ["make", "-s", "setup", f"PYTHON={system_python()}"], cwd=paths.ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert f"PostgreSQL: using the server at {os.environ['PGHOST']}" in done.stdout
