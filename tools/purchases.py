"""Step 4b: real purchases. The CDNOW records (Fader and Hardie) as customers and confirmed sale orders.

23,570 people who first bought at a music shop in the first quarter of 1997, and each of their 69,659 purchases until
June 1998; a sample of every tenth of them is 2,357 people with 6,919 purchases. The files travel in a wheel that is
only read. Loading goes through Odoo's own models, in another process (tools/purchases_load.py): here is what needs no
Odoo.
"""

import datetime
import subprocess
import typing
import zipfile
from collections import deque

from . import odoo_run, paths, python_env
from .run import die_with_parent, explain, stop
from .say import Bar, Problem, skipped

FILES = {"small": "CDNOW_sample.txt", "full": "CDNOW_master.txt"}
LAST_DAY = datetime.date(1998, 6, 30)


class Purchase(typing.NamedTuple):
    """One purchase of one customer; a customer may well buy twice on the same day."""

    customer: int  # the customer's number in the full records, in the sample too
    day: datetime.date
    quantity: int
    cents: int


def read(sample):
    """The purchases, in the order of the file: by customer, then by day.

    :param bool sample: only every tenth customer
    :returns: an iterator of Purchase
    """
    name = FILES["small" if sample else "full"]
    with zipfile.ZipFile(python_env.wheel_file("data")) as wheel:
        inside = next(path for path in wheel.namelist() if path.endswith(f"/datasets/{name}"))
        lines = wheel.read(inside).decode("ascii").splitlines()
    for text in lines:
        words = text.split()
        if not words or not words[0].isdigit():
            continue  # the title line and the empty last line
        # The sample has the customer's number within the sample as an extra second column.
        customer, day, quantity, amount = words[0], *words[-3:]
        units, cents = amount.split(".")
        yield Purchase(
            int(customer),
            datetime.datetime.strptime(day, "%Y%m%d").date(),
            int(quantity),
            int(units) * 100 + int(cents),
        )


def load(database, size="small", shift=False, first=0):
    """Load the purchases into a database that holds the addons; what is there already is left alone.

    :param size: "small" (the sample) or "full"
    :param shift: move all dates by the same number of days, so that the newest purchases are of today. The first
        load decides: a later one, of a killed load or of the other size, keeps to the same number of days.
    :param first: only so many customers (0: all)
    :raises Problem: when the size is unknown or the load fails
    """
    if size not in FILES:
        raise Problem(f"There is no DEMO={size}.", f"Choose one of {', '.join(FILES)}.")
    command = loading_command(database, size, shift, first)
    process = subprocess.Popen(
        command,
        cwd=paths.ROOT,
        env=odoo_run.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        preexec_fn=die_with_parent,
    )
    try:
        told = _follow(process)
    finally:
        stop(process)
    if process.returncode < 0:
        raise Problem(
            f"The load was stopped from outside (signal {-process.returncode}).",
            "Run the same command again; it goes on after the last batch.",
        )
    if process.returncode:
        raise explain("\n".join(told), command)


def loading_command(database, size, shift, first):
    words = (paths.venv_python(), "-m", "tools.purchases_load", database, size, "shift" if shift else "keep", first)
    return [str(word) for word in words]


def _follow(process):
    """Show a loading process's progress until it ends; the last lines it printed beside that are returned."""
    told, bars = deque(maxlen=30), {}
    for text in process.stdout:
        words = text.rstrip("\n").split("\t")
        if words[0] == "progress" and len(words) == 4:
            _, title, done, total = words
            bar = bars.setdefault(title, Bar(title, int(total)))
            bar.at(int(done))
        elif words[0] == "nothing":
            skipped("Purchases")
        else:
            told.append(text.rstrip("\n"))
    process.wait()
    return told
