import base64
import io

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools.pdf import PdfFileReader
from PIL import Image

from ..report.arabic import as_drawn
from ..report.card_fonts import ELLIPSIS, fit, pieces, width
from .common import ClubCase

MM = 72 / 25.4


def text_of(page):
    """What stands on a page; the library that Odoo uses names it differently on older Pythons."""
    return page.extract_text() if hasattr(page, "extract_text") else page.extractText()


class CardCase(ClubCase):
    def pdf(self, memberships, layout="card", user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.env.user)
        content, kind = reports._render_qweb_pdf(f"crm_loyalty.{layout}", memberships.ids)
        self.assertEqual(kind, "pdf")
        return PdfFileReader(io.BytesIO(content), strict=False)

    def pages(self, *args, **kwargs):
        """The text of each page."""
        return [text_of(page) for page in self.pdf(*args, **kwargs).pages]

    def logo(self):
        stream = io.BytesIO()
        Image.new("RGB", (300, 120), "#ffcc00").save(stream, "PNG")
        return base64.b64encode(stream.getvalue())


@tagged("post_install", "-at_install")
class TestCardPdf(CardCase):
    """Issue 4: the card as PDF, 85.6 × 54 mm, single and on sheets, with barcode and QR."""

    def assertSize(self, page, wide, high):
        left, bottom, right, top = (float(edge) / MM for edge in page["/MediaBox"])
        self.assertAlmostEqual(right - left, wide, 1)
        self.assertAlmostEqual(top - bottom, high, 1)

    def test_it_has_the_size_of_a_bank_card(self):
        [page] = self.pdf(self.club._enrol(self.siti)).pages
        self.assertSize(page, 85.6, 54)

    def test_it_tells_club_tier_name_number_and_last_day(self):
        self.club.write({"validity": "fixed", "validity_date": "2031-12-31"})
        membership = self.club._enrol(self.siti, tier=self.gold)
        [text] = self.pages(membership)
        number = membership.card_code
        for told in ("Kopi Braga", "Gold", "Siti", "12/31/2031", " ".join(number[i : i + 4] for i in range(0, 13, 4))):
            self.assertIn(told, text)

    def test_it_is_in_the_language_of_the_member(self):
        self.env["res.lang"]._activate_lang("id_ID")
        self.club.card_text = "Found? Hand it in."
        self.club.with_context(lang="id_ID").card_text = "Ketemu? Serahkan."
        self.siti.lang = "id_ID"
        both = self.pages(self.club._enrol(self.siti | self.budi))
        self.assertIn("Ketemu?", both[1])
        self.assertIn("Found?", both[3])

    def test_the_back_carries_the_text_of_the_club(self):
        self.club.card_text = "Found? Hand it in.\nThank you!"
        front, back = self.pages(self.club._enrol(self.siti))
        self.assertIn("Siti", front)
        for told in ("Found? Hand it in.", "Thank you!", self.company.name):
            self.assertIn(told, back)

    def test_ten_cards_stand_on_a_sheet_and_their_backs_follow(self):
        self.club.card_text = "Found? Hand it in."
        partners = self.env["res.partner"].create([{"name": f"Member {number:02}"} for number in range(12)])
        pdf = self.pdf(self.club._enrol(partners), "card_sheets")
        self.assertSize(pdf.pages[0], 210, 297)
        texts = [text_of(page) for page in pdf.pages]
        self.assertEqual([text.count("Member") for text in texts], [10, 0, 2, 0])
        self.assertEqual([text.count("Found?") for text in texts], [0, 10, 0, 2])

    def test_the_logo_stands_once_in_the_file_however_many_cards(self):
        self.club.card_logo = self.logo()
        partners = self.env["res.partner"].create([{"name": f"Member {number}"} for number in range(12)])
        pages = self.pdf(self.club._enrol(partners), "card_sheets").pages
        drawn = [page["/Resources"]["/XObject"] for page in pages]
        images = {of_page.raw_get(name).idnum for of_page in drawn for name in of_page}
        self.assertEqual(len(images), 1)

    def test_a_logo_that_cannot_be_printed_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "PNG or JPEG"):
            self.club.card_logo = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")

    def test_nonsense_as_color_and_too_long_a_text_are_refused(self):
        for color in ("red", "#12", "#12345g", "#fff;}"):
            with self.assertRaisesRegex(ValidationError, "six digits"):
                self.club.card_color = color
        with self.assertRaisesRegex(ValidationError, "a card holds 700"):
            self.club.card_text = "x" * 701

    def test_names_of_many_scripts_are_drawn(self):
        names = ("Đặng Thị Hồng", "Παπαδόπουλος", "Екатерина", "O’Neill-Łukasiewicz")
        partners = self.env["res.partner"].create([{"name": name} for name in names])
        for name, text in zip(names, self.pages(self.club._enrol(partners)), strict=True):
            self.assertIn(name, text)

    def test_asian_names_are_drawn_in_the_fonts_that_every_viewer_has(self):
        self.assertEqual(pieces("王小明"), (("STSong-Light", "王小明"),))
        self.assertEqual(pieces("田中さくら"), (("HeiseiKakuGo-W5", "田中さくら"),))
        self.assertEqual(
            [font for font, _letters in pieces("Kim 김철수")], ["card-Open_Sans-Regular.ttf", "HYGothic-Medium"]
        )

    def test_arabic_is_joined_and_runs_from_right_to_left(self):
        drawn = as_drawn("محمد 12")
        self.assertEqual(drawn, "12 ﺪﻤﺤﻣ")
        self.assertEqual(as_drawn("سلام"), "ﻡﻼﺳ".replace("ﻡ", "م"))
        self.assertTrue(all(font.startswith("card-Tajawal") for font, _letters in pieces("محمد")))
        self.assertEqual(as_drawn("Siti 12"), "Siti 12")

    def test_letters_that_no_font_has_are_left_out(self):
        self.assertEqual([letters for _font, letters in pieces("👍 Budi")], [" Budi"])
        self.siti.name = "สมชาย"
        self.assertTrue(self.pages(self.club._enrol(self.siti)))

    def test_long_texts_are_made_smaller_then_broken_then_cut(self):
        self.assertEqual(fit("Siti", 200, largest=11), (11, ("Siti",)))
        size, lines = fit("Raden Mas Panji Sosrokartono Kusumadiningrat Wongsonegoro", 150, lines=2, largest=11)
        self.assertLess(size, 11)
        self.assertEqual(len(lines), 2)
        for text in ("word " * 100, "x" * 500, "王" * 300):
            size, lines = fit(text, 150, lines=2, largest=11, smallest=6)
            self.assertEqual((size, len(lines), lines[-1][-1]), (6, 2, ELLIPSIS))
            self.assertTrue(all(width(line, size) <= 150 for line in lines))

    def test_an_ended_membership_is_not_printed(self):
        membership = self.club._enrol(self.siti)
        membership._end("moved away")
        with self.assertRaisesRegex(UserError, "ended memberships are not printed: Siti"):
            self.pdf(membership)
        with self.assertRaisesRegex(UserError, "Choose the memberships"):
            self.pdf(membership.browse())

    def test_who_may_not_read_the_membership_prints_no_card(self):
        membership = self.club._enrol(self.siti)
        stranger = new_test_user(self.env, "stranger", "base.group_portal")
        for user in (self.employee, stranger):
            with self.assertRaises(AccessError):
                self.pdf(membership, user=user)
        self.assertTrue(self.pdf(membership, user=self.clerk).pages)

    def test_one_card_and_a_hundred_cost_the_same_number_of_queries(self):
        self.club.card_logo = self.logo()
        reports = self.env["ir.actions.report"]

        def queries(count):
            partners = self.env["res.partner"].create([{"name": f"Member {number}"} for number in range(count)])
            memberships = self.club._enrol(partners)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            reports._render_qweb_pdf("crm_loyalty.card_sheets", memberships.ids)
            return self.env.cr.sql_log_count - before

        queries(2)
        self.assertEqual(queries(1), queries(100))


@tagged("post_install", "-at_install")
class TestCardMail(CardCase):
    """Issue 4: the mail template of the card."""

    def mails(self):
        return self.env["mail.mail"].search([("subject", "ilike", "card of Kopi Braga")])

    def test_new_members_get_their_card_where_the_club_says_so(self):
        self.siti.email = "siti@rahmawati.example"
        self.club.send_card = True
        membership = self.club.with_user(self.clerk)._enrol(self.siti | self.budi)[0]
        [mail] = self.mails()  # Budi has no address
        self.assertEqual(mail.recipient_ids, self.siti)
        self.assertIn(membership.card_code, mail.body_html)
        [attachment] = mail.attachment_ids
        self.assertEqual(attachment.name, f"Card {membership.card_code}.pdf")
        self.assertTrue(base64.b64decode(attachment.datas).startswith(b"%PDF"))

    def test_nobody_gets_mail_of_a_club_that_does_not_say_so(self):
        self.siti.email = "siti@rahmawati.example"
        self.club._enrol(self.siti)
        self.assertFalse(self.mails())

    def test_the_mail_is_in_the_language_of_the_member(self):
        self.env["res.lang"]._activate_lang("id_ID")
        template = self.env.ref("crm_loyalty.mail_template_card")
        template.with_context(lang="id_ID").subject = "Kartu Anda, card of {{ object.club_id.name }}"
        self.siti.write({"email": "siti@rahmawati.example", "lang": "id_ID"})
        self.club._enrol(self.siti).action_send_card()
        self.assertIn("Kartu Anda", self.mails().subject)

    def test_a_clerk_sends_it_by_the_button(self):
        self.siti.email = "siti@rahmawati.example"
        memberships = self.club._enrol(self.siti | self.budi)
        told = memberships.with_user(self.clerk).action_send_card()["params"]
        self.assertIn("on its way to siti@rahmawati.example", told["message"])
        self.assertIn("Without e-mail address: Budi", told["message"])
        self.assertEqual(len(self.mails()), 1)

    def test_without_an_address_nothing_is_sent(self):
        with self.assertRaisesRegex(UserError, "No e-mail address: Budi"):
            self.club._enrol(self.budi).action_send_card()

    def test_a_customer_sends_himself_nothing(self):
        user = new_test_user(self.env, "siti", "base.group_portal", partner_id=self.siti.id)
        self.siti.email = "siti@rahmawati.example"
        with self.assertRaises(AccessError):
            self.club._enrol(self.siti).with_user(user).action_send_card()

    def test_staff_are_told_when_the_name_cannot_be_printed_and_the_number_is_there_all_the_same(self):
        names = {"Siti": True, "Łukasz Gęś": True, "محمد علي": True, "山田 太郎": True, "김민수": True}
        names.update({"דוד כהן": False, "สมชาย ใจดี": False, "राम शर्मा": False, "Dewi 😀": False})
        for name, printed in names.items():
            partner = self.env["res.partner"].create({"name": name})
            member = self.club._enrol(partner)
            self.assertEqual(member.with_user(self.clerk).is_name_on_card, printed, name)
            [text] = self.pages(member)
            number = member.card_code
            self.assertIn(" ".join(number[i : i + 4] for i in range(0, 13, 4)), text)
