"""The arithmetic of a row."""

from dataclasses import dataclass, field
from statistics import median, quantiles


@dataclass(frozen=True)
class Sample:
    """One round of one side.

    :param seconds: from call to return
    :param cpu: seconds of processor time of the Odoo process and its database connection, which others disturb little
    :param queries: statements sent to the database
    :param memory: bytes by which the process's peak grew
    :param laps: seconds of each of its parts, where the row times them (``row.Laps``)
    """

    seconds: float
    cpu: float = 0.0
    queries: int = 0
    memory: int = 0
    laps: list = field(default_factory=list)


@dataclass
class Side:
    """The rounds of one side, in order.

    :param first: the first call in a fresh process: registry loaded, all else cold
    """

    samples: list = field(default_factory=list)
    first: Sample = Sample(0.0)

    def median(self, figure):
        return median(getattr(sample, figure) for sample in self.samples)

    def slow(self):
        """The 95th percentile of the parts, each at its best round: what is slow by itself, not by what else ran."""
        return slowest_twentieth([min(laps) for laps in zip(*(sample.laps for sample in self.samples), strict=True)])

    def best(self):
        return min(sample.seconds for sample in self.samples)


@dataclass
class Times:
    """What was measured of one row."""

    baseline: Side = field(default_factory=Side)
    ours: Side = field(default_factory=Side)

    def ratio(self, figure="seconds"):
        """Our median as a part of the baseline's: below one we are faster. None where the baseline's is nothing."""
        baseline = self.baseline.median(figure)
        return self.ours.median(figure) / baseline if baseline else None

    def spread(self):
        """The quartiles of the rounds' own ratios: a round's two runs follow each other, in the same mood."""
        pairs = zip(self.baseline.samples, self.ours.samples, strict=True)
        ratios = [ours.seconds / baseline.seconds for baseline, ours in pairs]
        if len(ratios) == 1:
            return ratios[0], ratios[0]
        low, _middle, high = quantiles(ratios, n=4, method="inclusive")
        return low, high


def slowest_twentieth(seconds):
    """The 95th percentile."""
    return quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else sum(seconds)


def in_words(ratio):
    """A ratio as one says it: "12 × faster" or "+3 % time"."""
    if ratio <= 0.67:
        return f"{_two_digits(1 / ratio)} × faster"
    if ratio >= 1.5:
        return f"{_two_digits(ratio)} × slower"
    return f"{100 * (ratio - 1):+.1f} % time"


def _two_digits(number):
    return f"{number:,.0f}" if number >= 10 else f"{number:.1f}"


def duration(seconds):
    if seconds >= 10:
        return f"{seconds:.0f} s"
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"
