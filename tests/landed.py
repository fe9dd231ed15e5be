"""Our addons as they were when a commit of before landed, taken from the history of this clone."""

import configparser
import subprocess

from tools import paths
from tools.say import Problem


def git(*arguments):
    done = subprocess.run(["git", *arguments], cwd=paths.ROOT, capture_output=True, check=False)
    if done.returncode:
        raise Problem(
            f"git {arguments[0]} failed: {done.stderr.decode().strip()}.", "Look at the history of this clone."
        )
    return done.stdout


def is_known(commit):
    """Whether the history reaches back to it: that of sources that were downloaded does not."""
    there = subprocess.run(
        ["git", "cat-file", "-e", f"{commit}^{{commit}}"], cwd=paths.ROOT, capture_output=True, check=False
    )
    return there.returncode == 0


def unpacked(commit, folder):
    """The addons of a commit, in a folder."""
    there = git("ls-tree", "--name-only", commit).splitlines()
    names = [name for name in (*paths.ADDONS, *paths.BRIDGES) if name.encode() in there]
    subprocess.run(["tar", "-x", "-C", folder], input=git("archive", "--format=tar", commit, *names), check=True)
    return folder


def addons_path(folder):
    """Odoo's option by which our addons are those of a folder."""
    config = configparser.ConfigParser()
    config.read(paths.ODOO_CONF)
    folders = config["options"]["addons_path"].split(",")
    return "--addons-path=" + ",".join(str(folder) if one == str(paths.ROOT) else one for one in folders)
