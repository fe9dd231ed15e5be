"""Step 5: the server, in the foreground; Ctrl-C ends it and all that was started for it."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request

from . import demo, odoo_run, paths, postgres
from .run import die_with_parent, stop
from .say import Problem, line, step

LOGINS = "admin/admin, agent/agent, customer/customer, partner/partner"
PATIENCE = 120  # seconds until the first page must answer


def run(ready):
    """Set up what is missing, serve until told to stop.

    :raises Problem: when the port is taken, or the server ends by itself
    """
    port = _port()
    _check_free(port)
    ready()
    with postgres.running():
        demo.ensure()
        _check_free(port)  # the set-up may have taken minutes
        _serve(port)


def _port():
    given = os.environ.get("PORT") or "8069"
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise Problem(f"PORT={given} is not a port.", "Give a number from 1 to 65535, for example PORT=8070.")
    return int(given)


def _check_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Problem(f"Port {port} is reserved for root.", "Choose one above 1023, for example PORT=8070.")
        except OSError:
            raise Problem(f"Port {port} is in use by another program.", f"Choose another: `make run PORT={port + 1}`.")


def _serve(port):
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    log_path = paths.LOGS / "server.log"
    arguments = ["-d", demo.name(), f"--db-filter=^{demo.name()}$", f"--http-port={port}", "--no-database-list"]
    with open(log_path, "a") as log:
        process = subprocess.Popen(
            [str(part) for part in odoo_run.command(*arguments)],
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd=paths.ROOT,
            env=odoo_run.environment(),
            preexec_fn=die_with_parent,
            start_new_session=True,  # Ctrl-C reaches us; we then end it in order
        )
        try:
            with step("Server"):
                _wait_until_it_answers(process, port, log_path)
            line(f"\nOdoo is at http://localhost:{port}   logins: {LOGINS}   (Ctrl-C stops it)")
            process.wait()
            raise Problem("The server has ended by itself.", f"Its last words are in {log_path}.")
        finally:
            stop(process)


def _wait_until_it_answers(process, port, log_path):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Problem("The server did not start.", f"Its last words are in {log_path}.")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/web/login", timeout=60) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise Problem(f"The server did not answer within {PATIENCE} seconds.", f"See {log_path}.")
