"""Time the rows: both sides in turns (A B, B A, A B …), so that what else the machine does meets both alike."""

import contextlib
import multiprocessing

from tools.say import line

from . import report
from .figures import Times, duration, in_words
from .row import all_rows
from .worker import serve

WARM_UP = 2
FAILED = "**failed**"
TRACE = 15  # lines of a failed row's traceback


class Failed(Exception):
    """A row could not be measured, or its two sides disagree."""


class Worker:
    """The process of one side."""

    def __init__(self, database):
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs, database), daemon=True)
        self.process.start()
        theirs.close()

    def __call__(self, method, *arguments):
        self.pipe.send((method, arguments))
        try:
            ok, answer = self.pipe.recv()
        except EOFError:
            raise Failed(f"The worker process died with exit code {self.process.exitcode}.") from None
        if not ok:
            raise Failed(answer)
        return answer

    def close(self):
        self.pipe.close()
        self.process.join(10)
        if self.process.is_alive():
            self.process.terminate()


@contextlib.contextmanager
def worker(database):
    process = Worker(database)
    try:
        yield process
    finally:
        process.close()


def run(size, databases, only=None, runs=None, warm_up=WARM_UP):
    """Measure the rows and print the table; what was measured without a failure is kept in docs/benchmarks.md.

    :param size: a sizes.Size
    :param databases: `core` and `addons`: names of two databases with the data of that size
    :param only: the name of one row
    :param runs: rounds, instead of the row's or the size's number
    :param warm_up: rounds before those that count; 0 for a row that takes minutes and reads more than memory holds
    :returns: exit code: 1 when a row failed or its sides disagree; never for being slow
    """
    wanted = all_rows()
    if only:
        if only not in wanted:
            line(f"There is no row {only}; there are {', '.join(wanted)}.")
            return 2
        wanted = {only: wanted[only]}
    with worker(databases["addons"]) as addons:
        installed = addons("installed")
    machine = report.machine(databases["core"])
    measured, left_out = {}, {}
    for row in wanted.values():
        line(f"==> {row.title}")
        if missing := sorted(set(row.modules) - installed):
            left_out[row] = f"needs {', '.join(missing)}"
        else:
            try:
                measured[row] = measure(row, databases, runs or row.runs.get(size.name, size.runs), warm_up)
                line(f"    {in_words(measured[row].ratio())}")
                continue
            except Failed as failed:
                left_out[row] = FAILED
                line("\n".join(f"    {text}" for text in str(failed).strip().splitlines()[-TRACE:]))
        line(f"    {left_out[row]}")
    section = report.section(size, machine, measured, left_out)
    line(section)
    failed = FAILED in left_out.values()
    if not failed and size.name in report.KEPT:
        (report.keep_row if only else report.keep)(size, section)
    return int(failed)


def measure(row, databases, runs, warm_up=WARM_UP):
    """Both sides of a row, interleaved.

    :raises Failed: when a side raises, or a round's results differ
    """
    if row.setup:
        with worker(databases["addons"]) as process:
            process("setup", row.name)
    with worker(databases[row.baseline.database]) as baseline, worker(databases[row.ours.database]) as ours:
        sides = {"baseline": baseline, "ours": ours}
        times = Times()
        # Negative rounds warm the caches; the first round of all is shown as the cold call.
        for number in [*range(-warm_up, 0), *range(runs)]:
            samples = _round(row, sides, number)
            for name, sample in samples.items():
                side = getattr(times, name)
                if number == -warm_up:
                    side.first = sample
                if number >= 0:
                    side.samples.append(sample)
            if number >= 0:
                _tell(number + 1, runs, samples)
        return times


def _tell(number, runs, samples):
    ours, baseline = samples["ours"], samples["baseline"]
    line(
        f"    {number}/{runs}: {duration(ours.seconds)} : {duration(baseline.seconds)}"
        f"   processor {duration(ours.cpu)} : {duration(baseline.cpu)}   queries {ours.queries} : {baseline.queries}"
    )


def _round(row, sides, number):
    samples, results = {}, {}
    for side in sides if number % 2 == 0 else reversed(sides):
        samples[side], results[side] = sides[side]("time", row.name, side, number)
    if difference := row.difference(results["baseline"], results["ours"]):
        raise Failed(f"The two sides disagree: {difference}")
    return samples
