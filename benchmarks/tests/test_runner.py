"""The arithmetic and the table, on known numbers; and that a row whose sides disagree is never a result."""

import pytest

from benchmarks import report, runner
from benchmarks.figures import Sample, Times, duration, in_words, slowest_twentieth
from benchmarks.figures import Side as Measured
from benchmarks.row import Row, Side, all_rows, equal
from benchmarks.sizes import SIZES


def a_row(**values):
    side = Side("one way", lambda env, prepared: prepared)
    return Row("a_row", "A row", baseline=side, ours=side, difference=equal, **values)


def measured(baseline, ours):
    return Times(
        *(Measured([Sample(seconds, cpu=2 * seconds) for seconds in side], Sample(1.0)) for side in (baseline, ours))
    )


def test_the_ratio_is_of_the_medians():
    times = measured(baseline=[10.0, 90.0, 20.0], ours=[1.0, 2.0, 100.0])
    assert (times.ratio(), times.ratio("cpu"), times.ratio("queries")) == (0.1, 0.1, None)


def test_the_spread_is_the_quartiles_of_each_rounds_own_ratio():
    times = measured(baseline=[1.0, 2.0, 4.0, 8.0, 16.0], ours=[1.0, 4.0, 12.0, 32.0, 80.0])  # ratios 1 to 5
    assert times.spread() == (2.0, 4.0)


def test_one_round_has_no_spread():
    assert measured(baseline=[2.0], ours=[1.0]).spread() == (0.5, 0.5)


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (0.005, "200 × faster"),
        (0.5, "2.0 × faster"),
        (1.034, "+3.4 % time"),
        (0.9, "-10.0 % time"),
        (2.5, "2.5 × slower"),
    ],
)
def test_a_ratio_is_said_as_one_says_it(ratio, words):
    assert in_words(ratio) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.00123, "1.23 ms"), (0.0567, "56.7 ms"), (2.345, "2.35 s"), (55.1, "55 s")]
)
def test_a_duration_has_three_digits_at_most(seconds, words):
    assert duration(seconds) == words


class FakeWorker:
    """Answers as a worker process does, with the numbers it is given."""

    def __init__(self, log, name, seconds, result):
        self.log, self.name, self.seconds, self.result = log, name, seconds, result

    def __call__(self, method, row, side, number):
        self.log.append((side, number))
        return Sample(self.seconds, cpu=self.seconds), self.result


def measure(monkeypatch, results, runs=3):
    import contextlib

    log = []
    workers = iter([FakeWorker(log, "baseline", 2.0, results[0]), FakeWorker(log, "ours", 1.0, results[1])])
    monkeypatch.setattr(runner, "worker", lambda database: contextlib.nullcontext(next(workers)))
    return runner.measure(a_row(), {"core": "a", "addons": "b"}, runs), log


def test_both_sides_run_in_turns_and_warming_up_does_not_count(monkeypatch):
    times, log = measure(monkeypatch, ("same", "same"))
    assert log[:4] == [("baseline", -2), ("ours", -2), ("ours", -1), ("baseline", -1)]
    assert [side for side, number in log if number >= 0] == ["baseline", "ours", "ours", "baseline", "baseline", "ours"]
    assert (len(times.baseline.samples), times.baseline.median("seconds"), times.ratio()) == (3, 2.0, 0.5)


def test_a_row_whose_sides_disagree_fails(monkeypatch):
    with pytest.raises(runner.Failed, match="7,846 against 7,845"):
        measure(monkeypatch, ("7,846", "7,845"))


def test_the_page_keeps_the_newest_of_each_size(tmp_path):
    page = tmp_path / "benchmarks.md"
    rows = {a_row(): measured(baseline=[2.0], ours=[1.0])}
    for size, machine in (("S", "old"), ("L", "large"), ("S", "new")):
        text = report.section(SIZES[size], machine, rows, {})
        report.keep(SIZES[size], text, page)
    kept = page.read_text()
    assert kept.count("## Size S") == kept.count("## Size L") == 1
    assert kept.index("## Size S") < kept.index("## Size L")
    assert "new." in kept and "large." in kept and "old." not in kept
    assert "**2.0 × faster**: 0.5 [0.5 – 0.5]" in kept


def test_a_single_row_replaces_its_own_line_and_no_other(tmp_path):
    page, size = tmp_path / "benchmarks.md", SIZES["S"]
    row, other = a_row(), Row(**{**vars(a_row()), "name": "other", "title": "Another row"})
    slow, fast = measured(baseline=[2.0], ours=[4.0]), measured(baseline=[2.0], ours=[1.0])
    report.keep(size, report.section(size, "first", {row: slow, other: slow}, {}), page)
    report.keep_row(size, report.section(size, "second", {row: fast}, {}), page)
    lines = [line for line in page.read_text().splitlines() if line.startswith(("| A row", "| Another"))]
    assert ["2.0 × faster" in line for line in lines] == [True, False]
    report.keep_row(size, report.section(size, "third", {Row(**{**vars(row), "title": "New"}): fast}, {}), page)
    assert page.read_text().count("| New |") == 1


def test_the_slowest_twentieth_is_the_95th_percentile():
    assert slowest_twentieth([float(number) for number in range(101)]) == 95.0
    assert slowest_twentieth([]) == 0


def test_a_part_counts_at_its_best_round():
    rounds = [Sample(1.0, laps=[1.0, 9.0, 3.0]), Sample(1.0, laps=[5.0, 2.0, 3.0])]
    assert Measured(rounds, Sample(1.0)).slow() == slowest_twentieth([1.0, 2.0, 3.0])


def test_every_file_of_rows_is_found_and_names_its_sides():
    rows = all_rows()
    assert "order_confirmation" in rows
    for row in rows.values():
        assert row.baseline.what != row.ours.what or row.baseline.database != row.ours.database
        assert {row.baseline.database, row.ours.database} <= {"core", "addons"}
