"""Programs that the tests need besides Python: a real Chromium for the tours, wkhtmltopdf for PDF."""

import shutil

from . import debian
from .say import Problem, step

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def find():
    """The path of a Chromium, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def ensure():
    """Chromium and wkhtmltopdf, installed by apt where that is allowed; a missing one is never a reason to skip."""
    # Chromium comes without letters: with no font at all it would draw digits from wherever it finds them.
    _ensure("Chromium", ["chromium", "fonts-liberation"], find)
    _ensure("wkhtmltopdf", ["wkhtmltopdf"], lambda: shutil.which("wkhtmltopdf"))
    return find()


def _ensure(title, packages, found):
    if found():
        return
    if not debian.may_install():
        raise Problem(
            f"{title} is missing.", f"Type: sudo apt-get install --no-install-recommends {' '.join(packages)}"
        )
    with step(f"{title} (apt)"):
        debian.install(packages)
    if not found():
        raise Problem(f"apt installed {packages[0]}, yet {title} is not there.", "Install it by hand and run again.")
