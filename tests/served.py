"""`make run`, as a person types it, for tests that use the running server."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time

from tools import database, paths
from tools.run import die_with_parent


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def system_python():
    """A Python outside of our environment, as a newcomer has it."""
    return str(next(path for path in (sys._base_executable, shutil.which("python3")) if path))


class MakeRun:
    """A `make run` of a database of its own, in a process group of its own.

    :ivar seconds: how long it took until it served
    """

    def __init__(self, name, patience=900):
        self.name, self.port = name, free_port()
        self.log = paths.LOGS / f"make-run-{name}.log"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        # The tests run inside a `make test`, which has named its server; a newcomer has not.
        env = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "MAKE", "MFLAGS"))}
        start = time.monotonic()
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                ["make", "-s", "run", f"DB={name}", f"PORT={self.port}", f"PYTHON={system_python()}"],
                cwd=paths.ROOT,
                env=env,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        while "Odoo is at" not in self.told():
            if self.process.poll() is not None or time.monotonic() - start > patience:
                self.stop()
                raise AssertionError(f"make run did not serve:\n{self.told()}")
            time.sleep(0.2)
        self.seconds = time.monotonic() - start

    @property
    def url(self):
        return f"http://localhost:{self.port}"

    def told(self):
        return self.log.read_text()

    def stop(self, how=signal.SIGINT):
        """Ctrl-C in the terminal: the whole foreground group gets it."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, how)
            self.process.wait(60)
        return self.process.returncode

    def processes(self):
        """What still runs of it: every process that names its database on the command line."""
        found = subprocess.run(["pgrep", "-f", f"-d {self.name} "], capture_output=True, text=True)
        return found.stdout.split()


def forget(name):
    """No database of that name: the next `make run` makes it anew from the kept template."""
    database.drop(name)
