"""Packages of Debian's archive without root: a private apt with the system's mirror and Debian's own signatures.

Nothing is installed: packages are downloaded (apt checks the signature of the archive and the hash of each file) and
unpacked into a folder of the project.
"""

import contextlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from . import cache, paths
from .run import quiet
from .say import Problem

KEYRINGS = [Path("/usr/share/keyrings") / f"debian-archive-keyring.{ending}" for ending in ("gpg", "pgp")]
SOURCES = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]


def os_release():
    text = Path("/etc/os-release").read_text() if os.path.exists("/etc/os-release") else ""
    return dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', text, re.M))


class PrivateApt:
    """An apt with lists, cache and (where given) sources of its own; the system's are only read."""

    def __init__(self, folder, sources=None):
        self.folder, self.own_sources = folder, sources is not None
        for sub in ("state/lists/partial", "cache/archives/partial"):
            (folder / sub).mkdir(parents=True, exist_ok=True)
        (folder / "status").touch()
        settings = {
            "Dir::State": folder / "state",
            "Dir::State::status": folder / "status",
            "Dir::Cache": folder / "cache",
            "Acquire::Languages": "none",
            "APT::Sandbox::User": "",
            "APT::Update::Post-Invoke": "",
            "Acquire::Retries": "2",
        }
        if sources is not None:
            (folder / "sources.list").write_text(sources)
            settings |= {"Dir::Etc::sourcelist": folder / "sources.list", "Dir::Etc::sourceparts": "/dev/null"}
        # Hooks of the system's configuration (cleaning docker images, indexes for shops) are no business of ours.
        clear = (
            "#clear APT::Update::Post-Invoke;\n#clear APT::Update::Post-Invoke-Success;\n#clear DPkg::Post-Invoke;\n"
        )
        self.config = folder / "apt.conf"
        self.config.write_text("".join(f'{name} "{value}";\n' for name, value in settings.items()) + clear)
        self.env = {**os.environ, "APT_CONFIG": str(self.config), "LC_ALL": "C"}

    def update(self):
        # Somebody else's broken source among the system's is no reason to stop; ours are checked to the letter.
        own = ["--error-on=any"] if self.own_sources else []
        quiet(["apt-get", "update", *own], "package lists", env=self.env)

    def download(self, packages, folder):
        quiet(["apt-get", "download", *packages], "packages", cwd=folder, env=self.env)


def from_system_sources(name, packages):
    """Packages of the running system (Debian or Ubuntu), from its own mirrors, checked with its own keys."""
    codename = os_release().get("VERSION_CODENAME", "unknown")

    def download(folder):
        need_apt()
        # One per set: two may be fetched at the same time, and apt locks its lists.
        apt = PrivateApt(paths.LOCAL / f"apt-{name}")
        apt.update()
        apt.download(packages, folder)

    return cache.fetch(f"{name}-{codename}", download)


def need_apt():
    for program in ("apt-get", "dpkg"):
        if not shutil.which(program):
            raise Problem(
                f"`{program}` is not there: only Debian and Ubuntu can fetch Odoo's package by themselves.",
                "Give ODOO_HOME= a folder that holds Odoo 19, and PGHOST= a PostgreSQL server.",
            )


def mirror():
    """The address of Debian's archive: given, of the running system, or (on Ubuntu) as debootstrap knows it."""
    if given := os.environ.get("DEBIAN_MIRROR"):
        return given
    if os_release().get("ID") == "debian":
        for source in SOURCES:
            if source.suffix not in (".list", ".sources") or not source.is_file():
                continue
            text = source.read_text(errors="replace")
            for address in re.findall(r"(?m)^(?:URIs:|deb(?:\s+\[[^]]*\])?)\s+(\S+/debian)/?(?=\s)", text):
                return address
    folder = unpack(from_system_sources("debootstrap", ["debootstrap"]), paths.LOCAL / "debootstrap")
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if found := re.search(r"https?://[\w.]*debian[\w.]*/debian\b", path.read_text(errors="replace")):
            return found[0]
    raise Problem("No mirror of Debian's archive is known here.", "Give its address with DEBIAN_MIRROR=.")


def keyring():
    for path in KEYRINGS:
        if path.exists():
            return path
    folder = unpack(from_system_sources("debian-keyring", ["debian-archive-keyring"]), paths.LOCAL / "debian-keyring")
    for path in KEYRINGS:
        if (found := folder / path.relative_to("/")).exists():
            return found
    raise Problem("Debian's signing keys are missing.", "Install the package debian-archive-keyring.")


def unpack(packages, folder):
    need_apt()
    folder.mkdir(parents=True, exist_ok=True)
    for package in packages:
        subprocess.run(["dpkg", "-x", str(package), str(folder)], check=True, stdin=subprocess.DEVNULL)
    return folder


def may_install():
    """Whether apt may install programs on this machine by itself: as root on a system with apt."""
    return os.geteuid() == 0 and bool(shutil.which("apt-get"))


def install(packages):
    """Install packages of the running system; only after may_install()."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    with contextlib.suppress(Problem):  # a broken source of somebody else's; what we want may be there all the same
        quiet(["apt-get", "update"], "package lists", env=env)
    quiet(["apt-get", "install", "-y", "--no-install-recommends", *packages], "install", env=env)
