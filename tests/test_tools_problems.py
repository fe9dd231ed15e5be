"""What goes wrong outside of us ends in one clear sentence with the remedy, and a non-zero exit."""

import os
import socket
import subprocess
import sys

import pytest
from odoo.tools import config

from tests.served import system_python
from tools import database, paths, postgres, run, serve, test
from tools.say import Problem


def make(*arguments, cwd=paths.ROOT, **environment):
    env = {**os.environ, **environment}
    for name in environment:
        if env[name] is None:
            del env[name]
    return subprocess.run(
        ["make", "-s", *arguments, f"PYTHON={system_python()}"],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        timeout=100,
    )


def test_a_port_in_use_is_told_with_another_one_to_choose():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = make("run", f"PORT={port}")
    assert done.returncode != 0
    assert f"Port {port} is in use by another program. Choose another: `make run PORT={port + 1}`." in done.stderr


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "80 80"])
def test_a_port_that_is_none_is_told(port):
    done = make("run", f"PORT={port}")
    assert done.returncode != 0
    assert f"PORT={port} is not a port." in done.stderr


def test_another_python_than_odoo_runs_on_is_told():
    code = "import sys; sys.version_info = (3, 9, 2); from tools.main import main; sys.exit(main(['setup']))"
    done = subprocess.run([sys.executable, "-c", code], cwd=paths.ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Odoo 19 runs on Python 3.10 to 3.13" in done.stderr
    assert "PYTHON=" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_without_odoo_is_told(tmp_path):
    done = make("setup", ODOO_HOME=str(tmp_path))
    assert done.returncode != 0
    assert f"ODOO_HOME={tmp_path} holds no Odoo." in done.stderr


def test_another_release_of_odoo_is_told(tmp_path):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo" / "release.py").write_text("version_info = (18, 0, 0, 'final', 0, '')\n")
    done = make("setup", ODOO_HOME=str(tmp_path))
    assert done.returncode != 0
    assert "holds Odoo 18.0. These addons need Odoo 19.0." in done.stderr


def test_a_database_server_that_does_not_answer_is_told():
    done = make("setup", PGHOST="/nowhere", PGPORT="1", PGUSER="nobody")
    assert done.returncode != 0
    assert "The PostgreSQL server of PGHOST=/nowhere does not answer" in done.stderr
    assert "Check PGHOST" in done.stderr


def test_a_demo_size_that_does_not_exist_is_told_with_the_ones_that_do(monkeypatch):
    from tools import demo

    monkeypatch.setenv("DEMO", "huge")
    with pytest.raises(Problem, match="DEMO=huge is not known. Choose DEMO=small or DEMO=full."):
        demo.size()


def test_an_addon_that_does_not_exist_is_told_with_the_ones_that_do():
    from tools import test as tools_test

    with pytest.raises(Problem, match="There is no addon crm_nothing. Choose one of crm_contact_history"):
        tools_test.folders("crm_nothing")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full."),
        ("initdb: could not extend file: No space left on device", "The disk is full."),
        ("E: Temporary failure resolving 'mirror.example'", "A download failed: the network"),
        ("Failed to establish a new connection: [Errno 101] Network is unreachable", "A download failed: the network"),
        ("npm error code ENOTFOUND", "A download failed: the network"),
    ],
)
def test_what_programs_say_is_put_into_one_sentence(said, told):
    with pytest.raises(Problem) as raised:
        run.quiet([sys.executable, "-c", f"import sys; print({said!r}); sys.exit(3)"])
    assert str(raised.value).startswith(told)
    assert "run the same command again" in str(raised.value)


def test_a_disk_too_small_is_told_before_the_work_begins():
    with pytest.raises(Problem, match="The disk is full. .* GB are free .* are needed."):
        run.need_space(10**9)


def test_a_full_disk_in_the_middle_is_told_without_a_traceback():
    code = (
        "import sys, errno; from tools import main\n"
        "def command_setup(options): raise OSError(errno.ENOSPC, 'No space left on device')\n"
        "main.command_setup = command_setup; sys.exit(main.main(['setup']))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=paths.ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.strip() == "error: The disk is full. Free some space and run the same command again."


def test_a_missing_program_is_told():
    with pytest.raises(Problem, match="The program no-such-program is not there"):
        run.quiet(["no-such-program"])


def test_a_free_port_is_fine():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert serve._check_free(port) is None


def test_a_pid_file_of_a_killed_server_does_not_pass_for_a_running_one(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres.paths, "PGDATA", tmp_path)
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n/somewhere\n")
    assert not postgres.is_running()


def test_all_connections_that_the_workers_of_the_tests_may_keep_fit_into_the_server():
    """Fifty redemptions at once in one worker and fifty in the other: neither is told that the server is full."""
    pools = 2  # of each process of Odoo: one for reading and writing, one for reading only
    kept = test.WORKERS * pools * int(config["db_maxconn"])
    assert kept < int(database.psql("SHOW max_connections")), "raise max_connections of the server"
