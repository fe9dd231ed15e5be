"""Downloads are kept by their content: fetched once, checked when used, mended when damaged."""

import pytest

from tools import cache


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(cache.paths, "CACHE", tmp_path)
    monkeypatch.setattr(cache, "BLOBS", tmp_path / "blobs")
    monkeypatch.setattr(cache, "SETS", tmp_path / "sets")


class Registry:
    """A source of one file that counts how often it is asked."""

    def __init__(self, text="the whole file"):
        self.text, self.asked = text, 0

    def download(self, folder):
        self.asked += 1
        (folder / "package.whl").write_text(self.text)


def test_a_file_is_downloaded_once_and_then_kept():
    registry = Registry()
    first, second = (cache.fetch("packages", registry.download) for _ in range(2))
    assert first == second
    assert registry.asked == 1
    assert first[0].parent.name == cache.sha256(first[0])


def test_a_damaged_file_is_thrown_away_and_downloaded_again():
    registry = Registry()
    [kept] = cache.fetch("packages", registry.download)
    kept.write_text("half a fi")
    [kept] = cache.fetch("packages", registry.download)
    assert kept.read_text() == "the whole file"
    assert registry.asked == 2


def test_a_download_that_breaks_off_leaves_nothing_that_passes_for_whole():
    def breaks_off(folder):
        (folder / "package.whl").write_text("half a fi")
        raise ConnectionError

    with pytest.raises(ConnectionError):
        cache.fetch("packages", breaks_off)
    registry = Registry()
    [kept] = cache.fetch("packages", registry.download)
    assert kept.read_text() == "the whole file"
    assert registry.asked == 1


def test_an_unreadable_list_of_files_is_made_anew():
    registry = Registry()
    cache.fetch("packages", registry.download)
    (cache.SETS / "packages.json").write_text("{ half a li")
    cache.fetch("packages", registry.download)
    assert registry.asked == 2


def test_two_sets_share_a_file_of_the_same_content():
    [one] = cache.fetch("one", Registry().download)
    [two] = cache.fetch("two", Registry().download)
    assert one == two
