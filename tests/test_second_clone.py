"""Another clone sets itself up from the kept downloads, without the network; `make clean` leaves nothing of it."""

import os
import shutil
import subprocess

import pytest

from tests.served import system_python
from tools import paths

# Whoever asks the network meets a closed door at once.
NO_NETWORK = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")


def run(clone, *command):
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "MAKE", "MFLAGS"))}
    env |= NO_NETWORK
    done = subprocess.run(command, cwd=clone, env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def files_of(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() or path.is_symlink()}


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """The files of this checkout, in another place, set up and started once."""
    folder = tmp_path_factory.mktemp("second") / "clone"
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=paths.ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, tracked.stdout.split("\0")):
        if (paths.ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(paths.ROOT / name, folder / name)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_without_the_network_it_becomes_ready_and_clean_removes_it_all(clone):
    before = files_of(clone)
    ask = "from tools import main, postgres; main.ready()\nwith postgres.running(): print('server answers')"
    told = run(clone, system_python(), "-c", ask)
    assert "server answers" in told
    assert (clone / ".local" / "odoo-data").is_dir()

    again = run(clone, system_python(), "-c", ask)
    assert "Python packages (venv): already done" in again
    assert "Odoo 19 from Debian's archive: already done" in again or "using" in again

    run(clone, "make", "-s", "clean", f"PYTHON={system_python()}")
    assert files_of(clone) == before
