"""Screenshots for docs/: the browser journey once more, its pictures kept where the guide shows them."""

import os

from . import browser, paths, postgres, test

FOLDER = paths.ROOT / "docs" / "screens"


def run(ready):
    """Walk through the journey and keep its pictures.

    :returns: the exit code: a step that fails has no picture to keep
    """
    ready()
    browser.ensure()
    os.environ["CRM_SCREENS"] = str(FOLDER)
    with postgres.running():
        code, _counts = test.pytest(["tests/test_journey.py"], title="Journey with screenshots")
    return code
