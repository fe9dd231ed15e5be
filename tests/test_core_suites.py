"""`make test-core` tells apart what our addons break, what fails without them too, and what failed once by chance."""

import pytest

from tools import core_suites

REPORT = """<testsuites><testsuite>
<testcase classname="crm.tests.test_a.TestA" name="test_good" file="../odoo/addons/crm/tests/test_a.py"/>
<testcase classname="crm.tests.test_a.TestA" name="test_bad" file="../odoo/addons/crm/tests/test_a.py"><failure/></testcase>
<testcase classname="crm.tests.test_a.TestA" name="test_odd" file="../odoo/addons/crm/tests/test_a.py"><error/></testcase>
<testcase classname="crm.tests.test_a.TestA" name="test_off" file="../odoo/addons/crm/tests/test_a.py"><skipped/></testcase>
</testsuite></testsuites>"""
GOOD, BAD, ODD, OFF = (f"crm/tests/test_a.py::TestA::test_{word}" for word in ("good", "bad", "odd", "off"))


@pytest.fixture
def runs(monkeypatch):
    """What each run of pytest finds, in order; the last two are with and without our addons."""
    results = []
    monkeypatch.setattr(core_suites, "_run", lambda *_arguments, **_options: results.pop(0))
    monkeypatch.setattr(core_suites.database, "addons_template", lambda: "with")
    monkeypatch.setattr(core_suites.database, "core_template", lambda: "without")
    return results


def test_a_report_is_read(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert core_suites._results(report) == {GOOD: True, BAD: False, ODD: False, OFF: None}


def test_what_fails_with_our_addons_only_counts(runs, capsys):
    runs += [{GOOD: True, BAD: False, OFF: None}, {BAD: False}, {BAD: True}]
    assert core_suites.run() == 1
    assert f"BROKEN BY OUR ADDONS: {BAD}" in capsys.readouterr().out


def test_what_fails_without_our_addons_too_does_not_count(runs, capsys):
    runs += [{GOOD: True, BAD: False}, {BAD: False}, {BAD: False}]
    assert core_suites.run() == 0
    assert "1 passed, 0 failed, 0 skipped, 1 that fail without" in capsys.readouterr().out


def test_what_failed_once_does_not_count(runs, capsys):
    runs += [{GOOD: True, BAD: False}, {BAD: True}]
    assert core_suites.run() == 0
    assert "2 passed, 0 failed" in capsys.readouterr().out


def test_a_test_that_is_gone_the_second_time_counts_as_broken(runs):
    runs += [{BAD: False}, {BAD: False}, {}]
    assert core_suites.run() == 1


def test_no_test_at_all_is_a_failure(runs):
    runs += [{}]
    assert core_suites.run() == 1
