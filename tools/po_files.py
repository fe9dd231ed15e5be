"""Translation files: what is missing or wrong in them, and bringing them up to date.

Runs in Odoo's Python environment (polib is Odoo's): `python -m tools.po_files LANGUAGE ADDON...`.
"""

import configparser
import re
import sys
from collections import Counter
from pathlib import Path

import polib

from . import paths

PLACEHOLDERS = re.compile(r"%%|%\([\w.]+\)[#0\- +]*[\d.]*[sdifrx]|%[#0\- +]*[\d.]*[sdifrx]|\$?\{[^{}]*\}")
TAGS = re.compile(r"<(/?[a-zA-Z][\w:-]*)")
# Whose Indonesian words are ours too, when we say exactly the same.
TEACHERS = (
    "base",
    "mail",
    "portal",
    "rating",
    "product",
    "sale",
    "crm",
    "sales_team",
    "loyalty",
    "sale_loyalty",
    "partnership",
)


def template(addon):
    return paths.ROOT / addon / "i18n" / f"{addon}.pot"


def translation(addon, language):
    return paths.ROOT / addon / "i18n" / f"{language}.po"


def texts(file):
    """{text: entry} of a file that is still in use."""
    return {entry.msgid: entry for entry in file if not entry.obsolete and entry.msgid}


def missing(exported, committed):
    """What the committed template lacks, or still has though nobody says it any more: sentences.

    :param exported: texts that Odoo finds in the addon
    :param committed: texts of the addon's .pot
    """
    for text in sorted(exported - committed):
        yield f"not in the .pot: {text!r}"
    for text in sorted(committed - exported):
        yield f"in the .pot, but no longer in the addon: {text!r}"


def untranslated(wanted, entries):
    """What keeps a translation from being complete and right: sentences.

    :param wanted: texts of the .pot
    :param entries: {text: entry} of the .po
    """
    for text in sorted(wanted):
        entry = entries.get(text)
        if entry is None or not entry.msgstr.strip():
            yield f"not translated: {text!r}"
        elif "fuzzy" in entry.flags:
            yield f"marked as fuzzy: {text!r}"
        else:
            yield from wrong(text, entry.msgstr)
    for text in sorted(entries.keys() - wanted):
        yield f"translated, but not in the .pot: {text!r}"


def wrong(text, translated):
    """Placeholders and tags that differ between a text and its translation: sentences."""
    for kind, pattern in (("placeholders", PLACEHOLDERS), ("tags", TAGS)):
        theirs, ours = Counter(pattern.findall(text)), Counter(pattern.findall(translated))
        if theirs != ours:
            yield f"other {kind} ({sorted((theirs - ours) + (ours - theirs))}) in the translation of {text!r}"
    for edge in (0, -1):
        if text[edge].isspace() != translated[edge].isspace():
            yield f"space at the {'end' if edge else 'beginning'} differs in the translation of {text!r}"


def update(addon, language, words):
    """Bring the .po in line with the .pot: new texts are added, old ones dropped, translations kept.

    :param words: {text: translation} of Odoo's own, used for texts that are exactly the same
    :returns: the texts that wait for a translator
    """
    source = polib.pofile(str(template(addon)))
    path = translation(addon, language)
    done = texts(polib.pofile(str(path))) if path.exists() else {}
    file = polib.POFile(wrapwidth=78)
    file.metadata = dict(source.metadata, Language=language)
    waiting = []
    for entry in source:
        old = done.get(entry.msgid)
        entry.msgstr = (old and old.msgstr) or words.get(entry.msgid, "")
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        file.append(entry)
        if not entry.msgstr:
            waiting.append(entry.msgid)
    file.save(str(path))
    return waiting


def known(language):
    """{text: translation} of the teachers."""
    found = {}
    for folder in _core_folders():
        for name in TEACHERS:
            path = folder / name / "i18n" / f"{language}.po"
            if path.exists():
                for entry in polib.pofile(str(path)).translated_entries():
                    found.setdefault(entry.msgid, entry.msgstr)
    return found


def _core_folders():
    import odoo  # here: everything else in this file works without Odoo

    inside = [Path(folder) / "addons" for folder in odoo.__path__]
    config = configparser.ConfigParser(interpolation=None)
    config.read(paths.ODOO_CONF)
    return [*inside, *map(Path, config["options"]["addons_path"].split(","))]


def main(language, *addons):
    words = known(language)
    for addon in addons:
        if template(addon).exists():
            waiting = update(addon, language, words)
            print(f"    {addon}: {len(waiting)} texts wait for a translation in {translation(addon, language).name}")
            for text in waiting:
                print(f"        {text!r}")


if __name__ == "__main__":
    main(*sys.argv[1:])
