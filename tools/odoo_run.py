"""How Odoo is called: one generated configuration, one command line."""

import os
import re

from . import odoo_home, paths, postgres
from .run import quiet
from .say import Bar

# A run that ends by itself and starts no crons.
ONE_OFF = ("--stop-after-init", "--max-cron-threads=0", "--no-http")


def write_config(home):
    """The configuration of every local run. The root's odoo.conf is another thing: it is for real servers."""
    for folder in (paths.DATA_DIR, paths.LOGS):
        folder.mkdir(parents=True, exist_ok=True)
    folders = [*odoo_home.addons_folders(home), paths.ROOT]
    paths.ODOO_CONF.write_text(
        "[options]\n"
        f"addons_path = {','.join(map(str, folders))}\n"
        f"data_dir = {paths.DATA_DIR}\n"
        "http_interface = 127.0.0.1\n"
        f"db_template = {'template0' if postgres.is_given() else postgres.TEMPLATE}\n"
        "unaccent = True\n"
        "max_cron_threads = 1\n"
        "limit_time_real = 1200\n"
        "limit_time_cpu = 1200\n"
        "admin_passwd = admin\n"
        "server_wide_modules = base,rpc,web\n"
    )


def command(*arguments):
    return [paths.venv_python(), "-m", "odoo", "-c", paths.ODOO_CONF, *arguments]


def environment(**more):
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONUNBUFFERED": "1", **more}


def to_end(title, *arguments):
    """A run of Odoo that ends by itself: an installation, an upgrade, a shell script."""
    bars = {}

    def follow(text):
        # "Loading module sale (34/80)", counted anew in each round of loading; the first round is Odoo's base alone.
        if found := re.search(r"Loading module \w+ \((\d+)/(\d+)\)", text):
            done, total = map(int, found.groups())
            if total > 1:
                bars.setdefault(total, Bar(title, total)).at(done)

    return quiet(command(*arguments), title, follow=follow, env=environment(), cwd=paths.ROOT)
