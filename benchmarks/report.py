"""The table: printed, and kept in docs/benchmarks.md, the newest per size."""

import os
import re
from datetime import date

from odoo import release

from tools import paths

from . import odoo_side
from .figures import duration, in_words

PAGE = paths.ROOT / "docs" / "benchmarks.md"
KEPT = ("S", "M", "L")  # sizes with a section of their own
HEADER = """# Benchmarks

`make bench SIZE=S` (or M, L) makes the data, times the two sides of each row in turns and replaces its section here.

Read the **ratios**: both sides ran on the same machine, in the same minutes, on the same data. The times beside them
say what the ratio is made of and are no promise. How it is done:

* **Data** (`benchmarks/data/`): 36 months of a growing, seasonal trade with few heavy and many one-time customers, made
  by SQL, the same for each run of a size. Without our addons: Odoo's own modules only. With them: the same database,
  our addons installed upon it, as a shop with years of orders would.
* **Runs**: each side in a process of its own, in turns (A B, B A …), after two warm-up rounds, garbage collector off
  while the clock runs. Each round is one transaction, undone afterwards; what a commit would flush and check is inside
  the clock, writing to disk is not.
* **Ratio of time**: our median by the other's; in brackets the quartiles of the rounds' own ratios. *Of processor*: the
  same of the processor time that Odoo's process and its database connection took, which other programs on the machine
  disturb least: where the two differ much, believe this one.
* *Queries*, *first call* and *memory* are ours : the other's. The first call is of a fresh process whose registry is
  loaded (caches of Odoo cold, PostgreSQL's as it happens); memory is what it added to the process's peak.
* **Same result**: each round compares what both sides return; a row whose sides disagree fails, and nothing is kept.
"""


def machine(database):
    """What the figures were measured on, in words."""
    odoo_side.configure(database)
    with odoo_side.environment(database) as env:
        env.cr.execute("SHOW server_version")
        [postgres] = env.cr.fetchone()
    return (
        f"{date.today().isoformat()}, Odoo {release.version}, PostgreSQL {postgres.split()[0]}, {os.cpu_count()} CPUs "
        f"(load {os.getloadavg()[0]:.1f} when it began)"
    )


def section(size, machine, measured, left_out):
    """The Markdown of one size."""
    lines = [
        f"## Size {size.name}: {size.customers:,} customers, {size.orders:,} orders, {size.messages:,} messages",
        "",
        f"{machine}.",
        "",
        "| | Ours; the other | Ratio of time | Of processor | Queries | First call | Memory | Rounds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [_line(row, times) for row, times in measured.items()]
    lines += [
        f"| {row.title} | {row.ours.what}; {row.baseline.what} | {word} | | | | | |" for row, word in left_out.items()
    ]
    return "\n".join(lines)


def _line(row, times):
    ours, baseline = times.ours, times.baseline
    low, high = times.spread()
    cells = [
        row.title,
        f"{_way(row.ours, ours)}; {_way(row.baseline, baseline)}",
        f"**{in_words(times.ratio())}**: {times.ratio():.3g} [{low:.3g} – {high:.3g}]{_slowest(times)}",
        f"{times.ratio('cpu'):.3g}" if times.ratio("cpu") else "",
        f"{ours.median('queries'):.0f} : {baseline.median('queries'):.0f}",
        f"{duration(ours.first.seconds)} : {duration(baseline.first.seconds)}",
        f"{_megabytes(ours.first.memory)} : {_megabytes(baseline.first.memory)}",
        f"{len(ours.samples)}",
    ]
    return f"| {' | '.join(cells)} |"


def _slowest(times):
    """The same of the slowest twentieth of its parts, where the row times them."""
    ours, baseline = times.ours.slow(), times.baseline.slow()
    return f"; p95 of one **{in_words(ours / baseline)}**, {duration(ours)} : {duration(baseline)}" if baseline else ""


def _way(side, measured):
    return f"{side.what}: {duration(measured.median('seconds'))} (best {duration(measured.best())})"


def _megabytes(number):
    return f"{number / 1e6:,.0f} MB"


def keep_row(size, text, page=PAGE):
    """Replace one row of the size's section, or add it: `text` is a section that has this row only."""
    old = page.read_text() if page.exists() else ""
    found = re.search(rf"(?s)<!-- size {size.name} -->\n(.*?)\n<!-- end of size {size.name} -->", old)
    if not found:
        return keep(size, text, page)
    *_head, new = text.splitlines()
    title = new.split(" | ")[0]
    lines = found[1].splitlines()
    places = [place for place, line in enumerate(lines) if line.split(" | ")[0] == title]
    end = max(place for place, line in enumerate(lines) if line.startswith("|")) + 1
    lines[slice(places[0], places[0] + 1) if places else slice(end, end)] = [new]
    return keep(size, "\n".join(lines), page)


def keep(size, text, page=PAGE):
    """Replace the size's section of the page; other sizes' stay."""
    old = page.read_text() if page.exists() else ""
    sections = dict(re.findall(r"(?s)<!-- size (\w+) -->\n(.*?)\n<!-- end of size \1 -->", old))
    sections[size.name] = text
    kept = [
        f"<!-- size {name} -->\n{sections[name]}\n<!-- end of size {name} -->\n" for name in KEPT if name in sections
    ]
    page.parent.mkdir(exist_ok=True)
    page.write_text("\n".join([HEADER, *kept]))
