"""What a scanner reads from the member cards that crm_loyalty prints and shows."""

import pypdfium2
import zxingcpp
from odoo.addons.crm_loyalty.report.card_codes import bars, qr
from odoo.addons.crm_loyalty.report.card_pdf import Face, sheets, single
from odoo.tests import TransactionCase, tagged
from PIL import Image, ImageDraw

NUMBERS = ("0440000000016", "044000000000000000000011", "044e-1234-abcd-5678")


def scanned(image):
    return sorted((found.text, found.format.name) for found in zxingcpp.read_barcodes(image))


def both(*numbers):
    return sorted((number, kind) for number in numbers for kind in ("Code128", "QRCode"))


def face(number, **values):
    texts = {"club": "Kopi Braga Club", "tier": "Gold", "name": "Siti", "valid": "", "color": "#0f766e"}
    return Face(number=number, **{**texts, **values})


def page(content, number=0, dots_per_inch=300):
    return pypdfium2.PdfDocument(content)[number].render(scale=dots_per_inch / 72).to_pil()


@tagged("post_install", "-at_install")
class TestMemberCards(TransactionCase):
    def test_a_scanner_reads_bars_and_qr_of_a_printed_card(self):
        for number in NUMBERS:
            self.assertEqual(scanned(page(single([face(number)]))), both(number))

    def test_and_of_all_ten_on_a_sheet(self):
        numbers = [f"04400000000{number}" for number in range(10, 20)]
        self.assertEqual(scanned(page(sheets([face(number) for number in numbers]))), both(*numbers))

    def test_a_dark_club_makes_no_difference(self):
        self.assertEqual(scanned(page(single([face(NUMBERS[0], color="#000000")]))), both(NUMBERS[0]))

    def test_the_codes_on_the_phone_are_read_too(self):
        for number in NUMBERS:
            found, width = bars(number)
            image = Image.new("L", (width * 3, 200), 255)
            for x, bar in found:
                ImageDraw.Draw(image).rectangle((x * 3, 0, (x + bar) * 3 - 1, 199), 0)
            self.assertEqual(scanned(image), [(number, "Code128")])
            squares, side = qr(number)
            image = Image.new("L", (side * 4, side * 4), 255)
            for x, y in squares:
                ImageDraw.Draw(image).rectangle((x * 4, y * 4, x * 4 + 3, y * 4 + 3), 0)
            self.assertEqual(scanned(image), [(number, "QRCode")])

    def test_the_report_of_a_member_is_scanned(self):
        club = self.env["loyalty.club"]._create_with_programs(
            {"name": "Kopi Braga Club", "company_id": self.env.company.id},
            [{"name": "Gold", "discount": 0}],
            {"amount": 10, "value": 1},
        )
        siti = self.env["res.partner"].create({"name": "Siti"})
        membership = club._enrol(siti)
        content, _kind = self.env["ir.actions.report"]._render_qweb_pdf("crm_loyalty.card", membership.ids)
        self.assertEqual(scanned(page(content)), both(membership.card_code))
