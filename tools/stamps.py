"""A step is done when its stamp says so; the stamp is written last, so a killed step is simply done again."""

import hashlib
import shutil

from . import paths


def key(*parts):
    """A short digest of files' contents and of words."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes() if hasattr(part, "read_bytes") else str(part).encode())
        digest.update(b"\0")
    return digest.hexdigest()[:16]


def is_done(name, value):
    stamp = paths.STAMPS / name
    return stamp.is_file() and stamp.read_text() == value


def set_done(name, value):
    paths.STAMPS.mkdir(parents=True, exist_ok=True)
    temporary = paths.STAMPS / f".{name}.new"
    temporary.write_text(value)
    temporary.replace(paths.STAMPS / name)


def forget(name):
    (paths.STAMPS / name).unlink(missing_ok=True)


def remove(folder):
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)
