"""Downloads, kept by what they contain.

`blobs/<sha256>/<file name>` holds each file once; `sets/<name>` lists the files of one download, written only when all
of them are there. A second clone sets itself up from here without the network. A file whose content is not what its
folder says (a half download, a bad disk) is thrown away and fetched again.
"""

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path

from . import paths

BLOBS = paths.CACHE / "blobs"
SETS = paths.CACHE / "sets"


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(1 << 20), b""):
            digest.update(chunk)
    return digest.hexdigest()


def _add(path):
    digest = sha256(path)
    folder = BLOBS / digest
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{os.getpid()}.new"
    shutil.copyfile(path, temporary)
    temporary.replace(folder / path.name)
    return {"name": path.name, "sha256": digest}


def _get(entry):
    """The file of an entry, or None when it is missing or damaged."""
    path = BLOBS / entry["sha256"] / entry["name"]
    if not path.is_file():
        return None
    if sha256(path) != entry["sha256"]:
        path.unlink()
        return None
    return path


def fetch(name, download):
    """The files of the set `name`, downloaded at most once.

    :param name: tells what is in the set; another content needs another name
    :param download: called with an empty folder to fill when the set is not here in full
    :returns: the paths of the files
    """
    index = SETS / f"{name}.json"
    if index.is_file():
        try:
            files = [_get(entry) for entry in json.loads(index.read_text())]
        except (ValueError, KeyError, TypeError):
            files = [None]
        if files and all(files):
            return files
    SETS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=paths.CACHE, prefix=".download-") as folder:
        download(Path(folder))
        entries = [_add(path) for path in sorted(Path(folder).iterdir()) if path.is_file()]
    temporary = index.with_suffix(f".{os.getpid()}.new")
    temporary.write_text(json.dumps(entries, indent=1))
    temporary.replace(index)
    return [BLOBS / entry["sha256"] / entry["name"] for entry in entries]


def has(name):
    """Whether the set `name` was downloaded before; its files are checked when they are fetched."""
    return (SETS / f"{name}.json").is_file()


def link_all(files, folder):
    """The files side by side in one folder, as pip and dpkg want them."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in files:
        target = folder / path.name
        if not target.exists():
            target.symlink_to(path)
    return folder
