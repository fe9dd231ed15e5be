"""Our addons as they were when a commit of before landed, taken from the history of this clone."""

import configparser
import io
import subprocess
import tarfile

from tools import paths
from tools.say import Problem


def git(*arguments):
    return subprocess.run(["git", *arguments], cwd=paths.ROOT, capture_output=True, check=False)


def unpacked(commit, folder):
    """The addons of a commit, in a folder.

    :raises Problem: where the history of this clone does not reach back to it: nothing is skipped for that
    """
    names = [*paths.ADDONS, *paths.BRIDGES]
    done = git("archive", "--format=tar", commit, *names)
    if done.returncode:
        raise Problem(
            f"This clone does not know the commit {commit}, from which the upgrade is tried: {done.stderr.decode().strip()}",
            "Fetch its whole history (`git fetch --unshallow`), or clone it anew without --depth.",
        )
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def addons_path(folder):
    """Odoo's option by which our addons are those of a folder."""
    config = configparser.ConfigParser()
    config.read(paths.ODOO_CONF)
    folders = config["options"]["addons_path"].split(",")
    return "--addons-path=" + ",".join(str(folder) if one == str(paths.ROOT) else one for one in folders)
