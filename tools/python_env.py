"""Step 1: a virtual environment with pinned packages, from nothing but python3: no pip, no venv package needed."""

import importlib
import platform
import subprocess
import sys

from . import cache, debian, paths, stamps
from .run import need_space, quiet
from .say import Problem, skipped, step

REQUIREMENTS = paths.ROOT / "requirements"
CONSTRAINTS = REQUIREMENTS / "constraints.txt"


def check_python():
    low, high = paths.PYTHONS
    if not low <= sys.version_info[:2] <= high:
        raise Problem(
            f"Odoo 19 runs on Python {low[0]}.{low[1]} to {high[0]}.{high[1]}; this is {sys.version.split()[0]}.",
            "Name another with PYTHON=, for example `make run PYTHON=python3.12`.",
        )


def ensure(venv=paths.VENV, files=("odoo", "dev")):
    """The environment `venv` with the packages of the named requirement files; done once per content of these."""
    check_python()
    requirements = [REQUIREMENTS / f"{name}.txt" for name in files]
    wanted = stamps.key(paths.python_tag(), *requirements, CONSTRAINTS)
    title = f"Python packages ({venv.name})"
    if stamps.is_done(venv.name, wanted) and paths.venv_python(venv).exists():
        skipped(title)
        return
    need_space(2)
    with step(title):
        stamps.forget(venv.name)
        if not _works(venv):
            stamps.remove(venv)
            _create(venv)
        wheels = cache.fetch(
            f"wheels-{'-'.join(files)}-{paths.python_tag()}-{_platform()}-{wanted}",
            lambda folder: _download(venv, requirements, folder),
        )
        shelf = paths.LOCAL / "wheels" / wanted
        stamps.remove(shelf)
        cache.link_all(wheels, shelf)
        quiet(
            [
                paths.venv_python(venv),
                "-m",
                "pip",
                "install",
                "--no-compile",  # most of it is never imported, the rest is compiled as it is
                "--no-index",
                "--find-links",
                shelf,
                *_wanted(requirements),
            ],
            "install",
        )
        stamps.set_done(venv.name, wanted)


def beside(requirement_file):
    """Packages that only some runs see: a folder with them, to be put on PYTHONPATH. Their own needs are not looked at."""
    requirements = REQUIREMENTS / f"{requirement_file}.txt"
    folder = paths.LOCAL / f"packages-{requirement_file}"
    wanted = stamps.key(paths.python_tag(), requirements)
    title = f"Python packages ({requirement_file})"
    if stamps.is_done(folder.name, wanted) and folder.exists():
        skipped(title)
        return folder
    pip = [paths.venv_python(), "-m", "pip"]

    def download(target):
        quiet([*pip, "download", "--no-deps", "--only-binary", ":all:", "-d", target, "-r", requirements], "download")

    with step(title):
        stamps.forget(folder.name)
        stamps.remove(folder)
        wheels = cache.fetch(f"wheels-{requirement_file}-{paths.python_tag()}-{_platform()}-{wanted}", download)
        quiet([*pip, "install", "--no-deps", "--no-index", "--no-compile", "--target", folder, *wheels], "install")
        stamps.set_done(folder.name, wanted)
    return folder


def wheel_file(requirement_file):
    """A wheel that is only read, never installed: its path in the cache."""
    requirements = [REQUIREMENTS / f"{requirement_file}.txt"]

    def download(folder):
        pip = [paths.venv_python(), "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
        quiet([*pip, "-d", folder, *_wanted(requirements)], "download")

    return cache.fetch(f"wheels-{requirement_file}-{stamps.key(*requirements)}", download)[0]


def _wanted(requirements):
    return [part for path in requirements for part in ("-r", path)] + ["-c", CONSTRAINTS]


def _platform():
    return f"{platform.system()}-{platform.machine()}".lower()


def _works(venv):
    try:
        command = [str(paths.venv_python(venv)), "-c", "import pip, sys; print(*sys.version_info[:2])"]
        found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    except (OSError, subprocess.CalledProcessError):
        return False
    return found == [str(number) for number in sys.version_info[:2]]


def _create(venv):
    venv.parent.mkdir(parents=True, exist_ok=True)
    try:
        importlib.import_module("ensurepip")  # absent where Debian's python3-venv is not installed
        quiet([sys.executable, "-m", "venv", venv], "venv")
    except ImportError:
        quiet([sys.executable, "-m", "venv", "--without-pip", venv], "venv")
        folder = debian.unpack(debian.from_system_sources("pip", ["python3-pip-whl"]), paths.LOCAL / "debian-pip")
        wheel = next((folder / "usr/share/python-wheels").glob("pip-*.whl"))
        quiet([paths.venv_python(venv), f"{wheel}/pip", "install", "--no-index", wheel], "pip")


def _download(venv, requirements, folder):
    # `pip wheel` also builds the few packages that are published as source only (pure Python all of them).
    pip = [paths.venv_python(venv), "-m", "pip", "wheel", "--wheel-dir", folder]
    quiet([*pip, *_wanted(requirements)], "download")
