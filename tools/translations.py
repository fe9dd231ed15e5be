"""`python3 -m tools translations`: export the texts of our addons anew and bring id.po in line, so that only the new
texts are left to translate."""

import os
import re
import subprocess

from . import database, odoo_run, paths
from .run import quiet
from .say import line, step

LANGUAGE = "id"

OURS = (*paths.ADDONS, *paths.BRIDGES)


def run():
    """:returns: the exit code"""
    name = database.clone(database.addons_template(), f"crm_i18n_{os.getpid()}")
    try:
        with step("Texts of our addons (.pot)"):
            installed = [addon for addon in OURS if database.is_installed(addon, name)]
            _export(name, installed)
        bridges = [addon for addon in OURS if addon not in installed]
        with step("Texts of the bridges to what this database does not have (.pot)"):
            odoo_run.to_end("install", "-d", name, "-i", ",".join(bridges), *odoo_run.ONE_OFF, "--without-demo=true")
            _export(name, bridges)
        with step(f"Translations ({LANGUAGE}.po)"):
            _update()
    finally:
        database.drop(name)
    line("Fill in what is empty in the .po files; `make test K=translation` tells whether they are complete.")
    return 0


def _export(name, addons):
    before = {addon: _template(addon).read_text() for addon in addons if _template(addon).exists()}
    for addon in addons:
        _template(addon).parent.mkdir(exist_ok=True)
    python, module, odoo, config, file = odoo_run.command()
    quiet([python, module, odoo, "i18n", "export", config, file, "-d", name, *addons], "export", cwd=paths.ROOT)
    for addon, old in before.items():
        # The hour of the export alone is no change.
        if _without_dates(old) == _without_dates(_template(addon).read_text()):
            _template(addon).write_text(old)


def _update():
    command = [paths.venv_python(), "-m", "tools.po_files", LANGUAGE, *OURS]
    subprocess.run([str(part) for part in command], check=True, cwd=paths.ROOT)


def _template(addon):
    return paths.ROOT / addon / "i18n" / f"{addon}.pot"


def _without_dates(text):
    return re.sub(r'(?m)^"(POT-Creation-Date|PO-Revision-Date):.*$', "", text)
