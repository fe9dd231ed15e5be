"""Tours, as Odoo runs them, with less waiting.

Each tour has a browser of its own, which reads the scripts of the page anew, and which Odoo asks without a pause whether
the page is ready: the server that makes the page, a thread of the same process, gets less done meanwhile.
"""

import contextlib
import functools
import time
from unittest.mock import patch

PAUSE = 0.05  # seconds between two questions
READY = {"type": "boolean", "value": True}


def with_pauses(wait_ready):
    @functools.wraps(wait_ready)
    def wait(browser, *arguments, **options):
        ask = browser._websocket_request

        def ask_and_rest(*what, **more):
            answer = ask(*what, **more)
            if answer and answer["result"] != READY:
                time.sleep(PAUSE)
            return answer

        with patch.object(browser, "_websocket_request", ask_and_rest):
            return wait_ready(browser, *arguments, **options)

    return wait


def with_kept_files(spawn_chrome, folder):
    """What the server allows a browser to keep (scripts and styles, by the hash in their addresses), kept for the next."""

    @functools.wraps(spawn_chrome)
    def spawn(browser, command):
        *program, page = command
        return spawn_chrome(browser, [*program, f"--disk-cache-dir={folder}", page])

    return spawn


@contextlib.contextmanager
def swift(browser_class, folder):
    """Patch Odoo's browser.

    :param folder: where the browsers of this process keep files for each other
    """
    with (
        patch.object(browser_class, "_wait_ready", with_pauses(browser_class._wait_ready)),
        patch.object(browser_class, "_spawn_chrome", with_kept_files(browser_class._spawn_chrome, folder)),
    ):
        yield
