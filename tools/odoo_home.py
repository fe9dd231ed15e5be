"""Step 2: Odoo 19 itself: given, installed, or unpacked from Debian's archive."""

import os
import re
import subprocess
import sys
from pathlib import Path

from . import cache, debian, paths, stamps
from .run import die_with_parent, need_space
from .say import Problem, line, skipped, step

# Odoo's static files link to these; Font Awesome must be 4.7 (stable's), newer ones have other file names.
LINKED = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "fonts-glyphicons-halflings",
)
# Debian strips this script, which web.assets_backend lists: without a file there every page logs an error.
STRIPPED = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
STABLE_WITH_FONT_AWESOME_4 = ("bookworm", "trixie")
PACKAGE_HOME = Path("usr/lib/python3/dist-packages")


def ensure():
    """Make `import odoo` work in our environment; return the folder that holds the package."""
    home = given() or installed()
    if home:
        skipped("Odoo 19", f"using {home}")
    else:
        home = paths.ODOO / PACKAGE_HOME
        if stamps.is_done("odoo", "19") and home.is_dir():
            skipped("Odoo 19 from Debian's archive")
        else:
            need_space(3)
            with step("Odoo 19 from Debian's archive (123 MB)"):
                _unpack()
    (paths.site_packages() / "odoo-home.pth").write_text(f"{home}\n")
    return home


def fetch_ahead():
    """Start the download in a process of its own, while the Python packages are being made.

    What goes wrong there is told later, when :func:`ensure` does the same in the foreground.

    :returns: the process, or None when there is nothing to download
    """
    if os.environ.get("ODOO_HOME") or stamps.is_done("odoo", "19") or cache.has("odoo-19") or installed():
        return None
    return subprocess.Popen(
        [sys.executable, "-m", "tools", "fetch-odoo"],
        cwd=paths.ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=die_with_parent,
    )


def fetch():
    """Odoo's packages in the cache.

    :returns: their paths
    """
    return cache.fetch("odoo-19", _download)


def addons_folders(home):
    """Core's addon folders beyond the one inside the package: a git checkout has its addons beside it."""
    beside = home / "addons"
    return [beside] if (beside / "sale" / "data").is_dir() else []


def given():
    if not (value := os.environ.get("ODOO_HOME")):
        return None
    home = Path(value).expanduser().resolve()
    for candidate in (home, home / PACKAGE_HOME):
        if (candidate / "odoo" / "release.py").is_file():
            return _checked(candidate)
    raise Problem(f"ODOO_HOME={value} holds no Odoo.", "Give the folder that holds `odoo/release.py`.")


def installed():
    command = [sys.executable, "-c", "import odoo.release as r; print(r.__file__)"]
    found = subprocess.run(command, capture_output=True, text=True, cwd="/")
    if found.returncode:
        return None
    return _checked(Path(found.stdout.strip()).parent.parent)


def _checked(home):
    found = re.search(r"(?m)^version_info\s*=\s*\(\s*(\d+),\s*(\d+)", (home / "odoo" / "release.py").read_text())
    version = ".".join(found.groups()) if found else "of an unknown version"
    if version != "19.0":
        raise Problem(f"{home} holds Odoo {version}.", "These addons need Odoo 19.0.")
    return home


def _unpack():
    packages = fetch()
    half = paths.LOCAL / "odoo.new"
    stamps.forget("odoo")
    stamps.remove(half)
    stamps.remove(paths.ODOO)
    debian.unpack(packages, half)
    core = half / PACKAGE_HOME / "odoo" / "addons"
    stub = core / STRIPPED
    stub.parent.mkdir(parents=True, exist_ok=True)
    if not stub.exists():
        stub.write_text("")
    if dead := _dead_links(core / "web"):
        raise Problem(f"Files that Odoo's web client links to are missing: {dead[:3]}.", "Report this, please.")
    half.rename(paths.ODOO)
    stamps.set_done("odoo", "19")
    line(f"    {next(p.name for p in packages if p.name.startswith('odoo'))}")


def _dead_links(folder):
    return [str(path) for path in folder.rglob("*") if path.is_symlink() and not path.exists()]


def _download(folder):
    debian.need_apt()
    codename = debian.os_release().get("VERSION_CODENAME")
    stable = codename if codename in STABLE_WITH_FONT_AWESOME_4 else STABLE_WITH_FONT_AWESOME_4[-1]
    archive = f"deb [signed-by={debian.keyring()}] {debian.mirror()}"
    apt = debian.PrivateApt(paths.LOCAL / "apt-debian", f"{archive} sid main\n{archive} {stable} main\n")
    apt.update()
    apt.download(["odoo-19", *LINKED, f"fonts-font-awesome/{stable}"], folder)
