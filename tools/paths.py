"""Where things live. Everything that we make is under LOCAL (git-ignored) or in the user's cache folder."""

import hashlib
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "crm-for-odoo"

VENV = LOCAL / "venv"
LINT_VENV = LOCAL / "venv-lint"
ODOO = LOCAL / "odoo"
STAMPS = LOCAL / "stamps"
LOGS = LOCAL / "logs"
DATA_DIR = LOCAL / "odoo-data"
ODOO_CONF = LOCAL / "odoo.conf"
PGDATA = LOCAL / "postgres"
SCREENS = LOCAL / "screens"
PURCHASES = LOCAL / "cdnow"

# A unix socket's path may have 107 characters at most, a clone's folder any number: hence a short name elsewhere.
SOCKETS = Path(tempfile.gettempdir()) / (f"crm-{os.getuid()}-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]}")

ADDONS = ("crm_contact_history", "crm_loyalty", "crm_service_desk", "crm_analytics")
# Small addons that Odoo installs by itself where what they join is installed.
BRIDGES = ("crm_contact_history_sms", "crm_service_desk_stock", "crm_analytics_pos")
PYTHONS = ((3, 10), (3, 13))


def venv_python(venv=VENV):
    return venv / "bin" / "python"


def site_packages(venv=VENV):
    # Asked of the folder, not of the running Python: the tools start under the system's.
    found = sorted(venv.glob("lib/python3.*/site-packages"))
    if not found:
        from .say import Problem

        raise Problem(f"{venv} holds no Python environment.", "Run `make setup`.")
    return found[0]


def python_tag():
    return f"py{sys.version_info[0]}.{sys.version_info[1]}"
