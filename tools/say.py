"""How the tools talk: a line per step, a bar for long work, one sentence and a remedy when something is wrong."""

import contextlib
import shutil
import sys
import time


class Problem(Exception):
    """Something that the person at the keyboard can mend.

    :param sentence: what is wrong, in one sentence
    :param remedy: what to do, in one sentence
    """

    def __init__(self, sentence, remedy=""):
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy

    def __str__(self):
        return f"{self.sentence} {self.remedy}".strip()


def line(text):
    print(text, flush=True)


@contextlib.contextmanager
def step(title):
    """Announce a step and, once through, how long it took."""
    line(f"==> {title}")
    start = time.monotonic()
    yield
    line(f"    done in {time.monotonic() - start:.1f} s")


def skipped(title, why="already done"):
    line(f"==> {title}: {why}")


class Bar:
    """A progress bar: redrawn in place on a terminal, a line per tenth elsewhere."""

    def __init__(self, title, total):
        self.title, self.total = title, max(1, total)
        self.shown = -1
        self.live = sys.stdout.isatty()

    def at(self, done):
        percent = min(100, int(100 * done / self.total))
        if self.live and percent != self.shown:
            width = max(10, min(40, shutil.get_terminal_size().columns - len(self.title) - 20))
            filled = "#" * (width * percent // 100)
            print(f"\r    {self.title} [{filled:<{width}}] {percent:3d} %", end="", flush=True)
            if percent == 100:
                print(flush=True)
            self.shown = percent
        elif not self.live and percent // 10 != self.shown // 10:
            line(f"    {self.title}: {percent} %")
            self.shown = percent


@contextlib.contextmanager
def pulse(title):
    """For work that cannot say how far it is: a function to call with a short word on what it does now."""
    live = sys.stdout.isatty()
    last = [time.monotonic()]

    def now(word):
        moment = time.monotonic()
        if live and moment - last[0] > 0.1:
            print(f"\r    {title}: {word[:70]:<70}", end="", flush=True)
            last[0] = moment
        elif not live and moment - last[0] > 10:
            line(f"    {title}: {word[:100]}")
            last[0] = moment

    yield now
    if live:
        print("\r" + " " * (len(title) + 78) + "\r", end="", flush=True)
