"""How the tests are run: the linters beside the installation, the long files first."""

import collections
import sys
import time

import pytest

import conftest
from tools import paths
from tools.run import beside

Item = collections.namedtuple("Item", "nodeid")


def python(program):
    return [sys.executable, "-c", program]


@pytest.mark.parametrize("code", [0, 3])
def test_what_runs_beside_is_shown_at_its_end_with_its_exit_code(code, capsys):
    with beside(python(f"print('a finding'); raise SystemExit({code})")) as verdict:
        assert "a finding" not in capsys.readouterr().out
        assert verdict() == code
    assert "a finding" in capsys.readouterr().out


def test_what_runs_beside_ends_with_what_it_runs_beside_of():
    begun = time.monotonic()
    with pytest.raises(ZeroDivisionError), beside(python("import time; time.sleep(60)")):
        raise ZeroDivisionError
    assert time.monotonic() - begun < 30


def test_the_long_files_are_begun_first_then_those_of_the_most_tests():
    few, many, long = "crm_loyalty/tests/test_a.py", "crm_loyalty/tests/test_b.py", conftest.LONG[0]
    items = [
        Item(f"{file}::test_{number}") for file, count in ((few, 1), (many, 3), (long, 2)) for number in range(count)
    ]
    order = [item.nodeid for item in conftest.begun_first(items)]
    assert order == [f"{long}::test_0", f"{long}::test_1", *(f"{many}::test_{n}" for n in range(3)), f"{few}::test_0"]


def test_each_long_file_is_there():
    assert [file for file in conftest.LONG if not (paths.ROOT / file).is_file()] == []
