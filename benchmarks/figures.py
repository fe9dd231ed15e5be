"""The arithmetic of a row."""

from dataclasses import dataclass, field
from statistics import median, quantiles


@dataclass
class Times:
    """What was measured of one row; lists in order of the rounds, seconds and bytes.

    :param first: of baseline and ours, the first call in a fresh process: registry loaded, all else cold
    """

    baseline: list = field(default_factory=list)
    ours: list = field(default_factory=list)
    first: tuple = (0.0, 0.0)
    memory: tuple = (0, 0)

    def ratio(self):
        """Our median as a part of the baseline's: below one we are faster."""
        return median(self.ours) / median(self.baseline)

    def spread(self):
        """The quartiles of the rounds' own ratios: each round's two runs follow each other and share the machine's mood."""
        ratios = [ours / baseline for baseline, ours in zip(self.baseline, self.ours, strict=True)]
        if len(ratios) == 1:
            return ratios[0], ratios[0]
        low, _middle, high = quantiles(ratios, n=4, method="inclusive")
        return low, high


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
