import itertools
import re

from odoo.tests import BaseCase, tagged
from odoo.tools import file_path

FOLDER = "crm_analytics/static/src/retention_dashboard"
# Pages behind the colours: Odoo's own, white paper, and Odoo's dark one.
PAGES = ("#F9FAFB", "#FFFFFF", "#262A36")
# What is left of linear red, green and blue to people without one kind of cones (Machado, Oliveira and Fernandes 2009,
# severity 1).
EYES = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "no blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def linear(color):
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(color):
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear(color), strict=True))


def contrast(one, other):
    """:returns: as WCAG has it: 1 (the same) to 21 (black on white)"""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def seen(color, eye):
    """:returns: L*, a*, b* of what such an eye sees of a colour"""
    parts = linear(color)
    red, green, blue = (
        min(1, max(0, sum(weight * part for weight, part in zip(row, parts, strict=True)))) for row in eye
    )
    x, y, z = (
        value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116
        for value in (
            (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047,
            0.2126 * red + 0.7152 * green + 0.0722 * blue,
            (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883,
        )
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@tagged("post_install", "-at_install")
class TestPalette(BaseCase):
    """The colours of charts, whatever eyes look at them, on whatever page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        palette, styles = (cls.text_of(f"{FOLDER}/{name}") for name in ("palette.js", "retention_dashboard.scss"))
        named = dict(re.findall(r"const (\w+) = \"(#\w{6})\"", palette))
        scale = re.findall(r"\[(\d+), (\d+), (\d+)\],", palette)
        arrows = dict(re.findall(r"(\$o-retention-\w+): (#\w{6});", styles))
        cls.pairs = [(named["BLUE"], named["ORANGE"]), (arrows["$o-retention-good"], arrows["$o-retention-bad"])]
        cls.scale = ["#" + "".join(f"{int(part):02x}" for part in color) for color in scale]
        cls.colors = [*named.values(), *arrows.values(), *cls.scale]

    @classmethod
    def text_of(cls, path):
        with open(file_path(path)) as file:
            return file.read()

    def test_each_colour_stands_out_from_a_light_and_from_a_dark_page(self):
        self.assertEqual(len(self.colors), 2 + 2 + 4)
        for color, page in itertools.product(self.colors, PAGES):
            self.assertGreaterEqual(contrast(color, page), 3, (color, page))

    def test_two_colours_of_one_chart_are_told_apart_by_every_eye(self):
        for (one, other), (name, eye) in itertools.product(self.pairs, EYES.items()):
            distance = sum((a - b) ** 2 for a, b in zip(seen(one, eye), seen(other, eye), strict=True)) ** 0.5
            self.assertGreater(distance, 40, (name, one, other))

    def test_a_palette_that_is_not_safe_would_be_found(self):
        """Red and green of one lightness, to an eye that sees no green."""
        distance = sum(
            (a - b) ** 2
            for a, b in zip(seen("#B5651D", EYES["no green"]), seen("#7A7A00", EYES["no green"]), strict=True)
        )
        self.assertLess(distance**0.5, 40)
        self.assertLess(contrast("#E69F00", PAGES[0]), 3)

    def test_no_other_colour_is_fixed_in_a_style_or_a_component(self):
        from pathlib import Path

        folder = Path(file_path(FOLDER))
        for path in [*folder.rglob("*.scss"), *folder.rglob("*.js"), *folder.rglob("*.xml")]:
            fixed = [color for color in re.findall(r"#[0-9A-Fa-f]{6}\b", path.read_text()) if color not in self.colors]
            self.assertFalse(fixed, path.name)
