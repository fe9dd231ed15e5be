"""A process of Odoo that is killed in the middle of its work, as by a power cut."""

import contextlib
import os
import signal
import subprocess
import time

from odoo.tests import get_db_name

from tools import odoo_run, paths

PATIENCE = 120  # seconds until what is waited for must have happened

# Of jobs that commit in batches: the moment between the work of a batch and its commit is when the process is killed.
SLOW_COMMITS = """
import time
Cron = type(env['ir.cron'])
origin = Cron._commit_progress
def slow(self, *args, **options):
    time.sleep(0.2)
    return origin(self, *args, **options)
Cron._commit_progress = slow
"""


def kill_when(script, has_come):
    """Run a script in Odoo's shell on the database of the tests, and kill the process (SIGKILL) at a moment.

    :param script: Python; ``env`` is the shell's
    :param has_come: says whether the moment has come
    :raises AssertionError: when the process ended before, or the moment never came
    """
    command = odoo_run.command("-d", get_db_name(), "--no-http", "--log-level=error")
    command.insert(3, "shell")
    process = subprocess.Popen(
        [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        text=True, cwd=paths.ROOT, env=odoo_run.environment(PYTHONPATH=str(paths.ROOT)), start_new_session=True,
    )  # fmt: skip
    process.stdin.write(script)
    process.stdin.close()
    try:
        deadline = time.monotonic() + PATIENCE
        while not (come := has_come()) and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.05)
        assert process.poll() is None, "the process ended before it was killed"
        assert come, "what was waited for did not happen"
    finally:
        with contextlib.suppress(ProcessLookupError):  # it ended by itself: said above
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)
