"""Run other programs: their output shortened to what helps, their failures turned into one sentence."""

import contextlib
import ctypes
import errno
import os
import shutil
import signal
import subprocess
import tempfile

from . import paths
from .say import Problem, line, pulse

NO_SPACE = ("No space left on device", "Disk quota exceeded", "could not extend file")
NO_NETWORK = (
    "Temporary failure in name resolution",
    "Temporary failure resolving",
    "Could not resolve",
    "Network is unreachable",
    "Failed to establish a new connection",
    "Could not connect to",
    "getaddrinfo",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "Connection refused",
    "Unable to fetch some archives",
    "Some index files failed to download",
)


def need_space(gigabytes, folder=paths.ROOT):
    free = shutil.disk_usage(folder).free / 1e9
    if free < gigabytes:
        raise full_disk(f"{free:.1f} GB are free where {folder} lies, {gigabytes} GB are needed.")


def full_disk(detail=""):
    return Problem(f"The disk is full. {detail}".strip(), "Free some space and run the same command again.")


def explain(output, command):
    """The Problem that a failed program's output tells of."""
    if any(word in output for word in NO_SPACE):
        return full_disk()
    if any(word in output for word in NO_NETWORK):
        return Problem(
            "A download failed: the network or the package registry cannot be reached.",
            "Check the connection (and proxy settings) and run the same command again; it goes on from there.",
        )
    if "Release file for" in output and "is expired" in output:
        return Problem(
            "The mirror of Debian's archive is out of date: its lists have expired.",
            "Choose another with DEBIAN_MIRROR= (its address, as in sources.list).",
        )
    tail = "\n".join(output.strip().splitlines()[-15:])
    return Problem(f"`{' '.join(map(str, command))[:200]}` failed:\n{tail}", "")


def quiet(command, title=None, follow=None, **options):
    """Run a command to its end, showing only its last line as it works.

    :param follow: called with each line instead of showing it, for a command that tells how far it is
    :returns: what it printed
    :raises Problem: when it fails
    """
    lines = []
    with pulse(title or os.path.basename(str(command[0]))) as now:
        try:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                text=True,
                errors="replace",
                preexec_fn=die_with_parent,
                **options,
            )
        except OSError as error:
            if error.errno == errno.ENOENT:
                raise Problem(f"The program {command[0]} is not there.", "Install it and run again.") from error
            raise
        try:
            for text in process.stdout:
                lines.append(text)
                if text.strip():
                    (follow or now)(text.strip())
            process.wait()
        finally:
            stop(process)
    output = "".join(lines)
    if process.returncode:
        raise explain(output, command)
    return output


@contextlib.contextmanager
def beside(command, **options):
    """Run a command beside the work of the `with` block; it ends with the block at the latest.

    :returns: a function that waits for its end, shows all that it said, and returns its exit code
    """
    with tempfile.TemporaryFile("w+", errors="replace") as said:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=said,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            preexec_fn=die_with_parent,
            **options,
        )

        def verdict():
            code = process.wait()
            said.seek(0)
            line(said.read().rstrip())
            return code

        try:
            yield verdict
        finally:
            stop(process)


def die_with_parent():
    """Of a child, before it runs: end with us, even when we are killed (Linux: PR_SET_PDEATHSIG)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def stop(process, patience=10):
    """End a process that we started, kindly first."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
