"""Every text that a user may see can be translated, and is: in Indonesian.

`python3 -m tools translations` brings the files up to date; a person fills in the new texts.
"""

import io

import polib
import pytest
from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

from tools import po_files
from tools.paths import ADDONS, BRIDGES

LANGUAGE = "id"
OURS = (*ADDONS, *BRIDGES)


def texts_of(file):
    return po_files.texts(polib.pofile(str(file))) if file.exists() else {}


@tagged("post_install", "-at_install")
class TestTemplates(TransactionCase):
    """Of what is installed here; a bridge is where what it joins is, see `test_till_and_stock.py`."""

    def setUp(self):
        super().setUp()
        modules = self.env["ir.module.module"].search([("name", "in", OURS), ("state", "=", "installed")])
        self.ours = modules.mapped("name")

    def test_every_text_is_in_its_template(self):
        found = {}
        for addon in self.ours:  # one by one: of a record that two addons share, a joint export knows only one
            buffer = io.BytesIO()
            trans_export(None, [addon], buffer, "po", self.env)
            found[addon] = {entry.msgid for entry in polib.pofile(buffer.getvalue().decode())}
            self.assertTrue(found[addon], addon)
        problems = [
            f"{addon}: {problem}"
            for addon, exported in found.items()
            for problem in po_files.missing(exported, set(texts_of(po_files.template(addon))))
        ]
        self.assertFalse(problems, "\n" + "\n".join(problems))

    def test_odoo_loads_the_translation(self):
        """Odoo drops a translated text whose tags differ without a word; menus stand for all records."""
        self.env["res.lang"]._activate_lang("id_ID")
        self.env["ir.module.module"]._load_module_terms(self.ours, ["id_ID"])
        for addon in self.ours:
            entries = texts_of(po_files.translation(addon, LANGUAGE))
            menus = self.env["ir.model.data"].search([("module", "=", addon), ("model", "=", "ir.ui.menu")])
            for menu in self.env["ir.ui.menu"].browse(menus.mapped("res_id")):
                text = menu.with_context(lang="en_US").name
                with self.subTest(menu=text):
                    self.assertEqual(menu.with_context(lang="id_ID").name, entries[text].msgstr)


@pytest.mark.parametrize("addon", OURS)
def test_every_text_is_translated(addon):
    wanted = set(texts_of(po_files.template(addon)))
    assert wanted, f"{addon} has no template"
    assert list(po_files.untranslated(wanted, texts_of(po_files.translation(addon, LANGUAGE)))) == []


def entry(text, translated, **more):
    return {text: polib.POEntry(msgid=text, msgstr=translated, **more)}


@pytest.mark.parametrize(
    ("entries", "finding"),
    [
        ({}, "not translated"),
        (entry("Hello %(name)s", ""), "not translated"),
        (entry("Hello %(name)s", "Halo %(name)s", flags=["fuzzy"]), "fuzzy"),
        (entry("Hello %(name)s", "Halo %(nama)s"), "placeholders"),
        (entry("Hello %(name)s", "Halo <b>%(name)s</b>"), "tags"),
        (entry("Hello %(name)s", "Halo %(name)s "), "space"),
        (entry("Hello %(name)s", "Halo %(name)s") | entry("Gone", "Hilang"), "not in the .pot"),
    ],
)
def test_the_net_finds_what_is_wrong(entries, finding):
    assert finding in " ".join(po_files.untranslated({"Hello %(name)s"}, entries))


def test_the_net_lets_a_good_translation_pass():
    entries = entry("<b>%s</b> of ${total} {x}", "{x} <b>%s</b> dari ${total}") | entry("%s %% of", "%s %% dari")
    assert list(po_files.untranslated(set(entries), entries)) == []
    assert list(po_files.missing({"a"}, {"a"})) == []


def test_the_net_finds_a_text_that_is_not_exported():
    assert list(po_files.missing({"new"}, {"old"})) == [
        "not in the .pot: 'new'",
        "in the .pot, but no longer in the addon: 'old'",
    ]
