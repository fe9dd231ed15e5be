from datetime import datetime
from unittest.mock import patch

from markupsafe import Markup
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..models import contact_history_page
from .common import ContactHistoryCase

MAIL = Markup("<p>Your <b>Gayo</b> is on its way: 100 % Arabica &amp; fresh</p>")
HUGE = 10**30
MALICIOUS = "'; DROP TABLE res_partner; --"
NONSENSE = {
    "partner_id": ("x", None, False, True, [1], {}, 1.5, MALICIOUS),
    "before": ("x", 1, [1], ["x", 1], [None, None], ["2024-01-01 00:00:00", "x"], [MALICIOUS, 1], {"a": 1}),
    "limit": ("x", [1], {}, 1.5, True),
    "kinds": ("email", ["no-such-kind"], [1], [None], [[]], {"a": 1}, [MALICIOUS], ["email"] * 101),
    "channels": ("phone", ["no-such-channel"], [1], [MALICIOUS]),
    "directions": ("in", ["up"], [1], [MALICIOUS]),
    "user_ids": (1, ["x"], [None], [[1]], [True], {"a": 1}, list(range(1, 200))),
    "audience": ("everybody", 1, ["customer"], MALICIOUS),
    "text": ("x", "x" * 81, 1, ["ab"], "   x   "),
    "until": ("x", "2024-13-01 00:00:00", 1, ["x"], "0001-01-01 00:00:00", "2024-01-01", MALICIOUS),
}


@tagged("post_install", "-at_install")
class TestHistoryFilters(ContactHistoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        order = cls.order(date_order=datetime(2024, 3, 2))
        cls.mail_to(cls.siti, order, body=MAIL)
        cls.mail_from(cls.siti, order, body="Thank you")
        cls.activity(cls.siti, "mail.mail_activity_data_call", user_id=cls.chief.id).action_feedback(
            feedback="Called her"
        )
        cls.note_on(cls.siti, body="Pays late")
        cls.Entry._sync()

    def test_directions_channels_and_people_hold_the_page_to_them(self):
        self.assertEqual(self.kinds(self.siti, directions=["in"]), ["email"])
        self.assertEqual(sorted(self.kinds(self.siti, channels=["phone", "email"])), ["activity", "email", "email"])
        self.assertEqual(self.kinds(self.siti, user_ids=[self.chief.id]), ["activity"])
        self.assertEqual(self.kinds(self.siti, user_ids=[self.agus.id]), [])

    def test_the_audience_tells_what_he_knows_from_what_only_we_know(self):
        self.assertEqual(self.kinds(self.siti, audience="internal"), ["note"])
        self.assertNotIn("note", self.kinds(self.siti, audience="customer"))
        self.assertEqual(len(self.kinds(self.siti, audience="customer")), 4)

    def test_until_jumps_to_what_was_before_a_moment(self):
        self.assertEqual(self.kinds(self.siti, until="2024-04-01 00:00:00"), ["quotation"])
        self.assertEqual(self.kinds(self.siti, until="2024-03-02 00:00:00"), [])

    def test_a_text_is_looked_for_in_what_the_sources_show(self):
        for text, kinds in (
            ("gayo", ["email", "quotation"]),
            ("CALLED HER", ["activity"]),
            ("pays late", ["note"]),
            ("Arabica & fresh", ["email"]),
            ("nowhere", []),
        ):
            self.assertEqual(sorted(self.kinds(self.siti, text=text)), kinds, text)

    def test_signs_that_mean_something_to_the_database_are_only_signs(self):
        self.assertEqual(self.kinds(self.siti, text="100 %"), ["email"])
        for text in ("%%", "__", "\\\\", "%a%", MALICIOUS):
            self.assertEqual(self.kinds(self.siti, text=text), [], text)

    def test_the_markup_of_a_mail_is_not_its_text(self):
        self.mail_to(self.siti, self.siti, body=Markup("<p>x</p>"))
        self.assertEqual(self.kinds(self.siti, text="<p>"), [])

    def test_a_text_that_is_rare_is_looked_for_further_on_each_page(self):
        old = self.order(date_order=datetime(2020, 1, 1), client_order_ref="Needle")
        for _i in range(8):
            self.order(date_order=datetime(2021, 1, 1))
        pages, before = 0, None
        with patch.object(contact_history_page, "SCAN_LIMIT", 4):
            while before is not False:
                page = self.Entry.history_page(self.siti.id, text="needle", before=before, limit=2)
                pages, before = pages + 1, page["next"]
        self.assertGreater(pages, 2)
        self.assertEqual([entry["title"] for entry in page["entries"]], [old.name])

    def test_a_text_finds_nothing_in_what_he_may_not_read(self):
        self.order(client_order_ref="Secret", user_id=self.chief.id)
        self.assertEqual(self.kinds(self.siti, user=self.agus, text="secret"), [])
        self.assertEqual(self.kinds(self.siti, user=self.chief, text="secret"), ["quotation"])

    def test_filters_keep_pages_without_gap_or_double(self):
        for _i in range(7):
            self.note_on(self.siti)
        seen, before = [], None
        while before is not False:
            page = self.Entry.history_page(self.siti.id, limit=3, audience="internal", before=before)
            seen += [entry["id"] for entry in page["entries"]]
            before = page["next"]
        self.assertEqual((len(seen), len(set(seen))), (8, 8))

    def test_an_entry_carries_the_name_and_icon_of_its_way_of_contact(self):
        [call] = self.history(self.siti, kinds=["activity"])
        self.assertEqual((call["channel"], call["channel_label"], call["channel_icon"]), ("phone", "Phone", "fa-phone"))

    # what one can filter by

    def test_the_filters_name_kinds_ways_directions_and_the_people_in_it(self):
        filters = self.Entry.with_user(self.chief).history_filters(self.siti.id)
        self.assertIn({"kind": "invoice", "label": "Invoice", "icon": "fa-file-text"}, filters["kinds"])
        self.assertIn({"channel": "phone", "label": "Phone", "icon": "fa-phone"}, filters["channels"])
        self.assertEqual([one["direction"] for one in filters["directions"]], ["in", "out", "internal"])
        self.assertIn({"id": self.chief.id, "name": "Chief"}, filters["people"])

    def test_it_can_be_held_to_this_contact_where_there_are_others_also_of_a_person_with_addresses(self):
        held = lambda partner: self.Entry.history_filters(partner.id)["has_contacts"]  # noqa: E731
        self.assertEqual([held(partner) for partner in (self.mill, self.rina, self.siti)], [True, False, False])
        self.env["res.partner"].create({"name": "Her shop", "type": "delivery", "parent_id": self.siti.id})
        self.assertTrue(held(self.siti))

    def test_people_whose_documents_he_may_not_read_are_not_named(self):
        self.order(self.rina, user_id=self.chief.id)
        self.assertEqual(self.Entry.with_user(self.agus).history_filters(self.rina.id)["people"], [])

    # nonsense

    def test_nonsense_is_answered_with_a_clear_sentence(self):
        for name, values in NONSENSE.items():
            for value in values:
                with self.subTest(name=name, value=value):
                    arguments = {"partner_id": self.siti.id, name: value}
                    with self.assertRaises(UserError, msg=f"{name}={value}") as raised:
                        self.Entry.history_page(**arguments)
                    self.assertGreater(len(str(raised.exception)), 20)

    def test_numbers_of_nobody_find_nothing(self):
        for number in (0, -1, HUGE, 2**31, "999999999"):
            self.assertEqual(self.Entry.history_page(number), {"entries": [], "next": False})
            self.assertEqual(self.kinds(self.siti, user_ids=[number]), [])
            with self.assertRaises(MissingError):
                self.Entry.history_read(number)
        self.assertEqual(self.Entry.history_page(self.siti.id, before=["2024-01-01 00:00:00", HUGE])["entries"], [])

    def test_a_cursor_of_another_contact_moves_only_the_beginning(self):
        self.order(self.rina)
        foreign = self.Entry.history_page(self.rina.id, limit=1)["entries"][0]
        page = self.Entry.history_page(self.siti.id, before=[foreign["happened_at"], foreign["id"]])
        self.assertTrue(page["entries"])
        self.assertEqual({entry["partner_id"] for entry in page["entries"]}, {self.siti.id})

    # reading in place

    def read_newest(self, kind, user=None):
        [entry] = self.history(self.siti, kinds=[kind], limit=1)
        return self.Entry.with_user(user or self.env.user).history_read(entry["id"])

    def test_a_mail_is_read_in_place_with_who_got_it_and_its_attachments(self):
        order = self.order(self.rina)
        message = self.mail_to(self.rina, order, body=Markup("<p>See</p>"), attachments=[("menu.txt", b"Kopi")])
        [entry] = self.history(self.rina, kinds=["email"])
        told = self.Entry.history_read(entry["id"])
        self.assertEqual(told["recipients"], ["Rina Wijaya"])
        self.assertEqual(told["author"], self.env.user.name)
        self.assertEqual([one["name"] for one in told["attachments"]], ["menu.txt"])
        self.assertEqual((told["model"], told["res_id"]), ("sale.order", order.id))
        self.assertIn("See", told["body"])
        self.assertTrue(message)

    def test_what_is_read_is_free_of_scripts(self):
        message = self.mail_to(self.siti, self.siti, body="x")
        evil = "<p onclick='x()'>hi<script>alert(1)</script><img src=x onerror=alert(1)></p>"
        self.env.cr.execute("UPDATE mail_message SET body = %s WHERE id = %s", [evil, message.id])
        self.env.invalidate_all()
        [entry] = [one for one in self.history(self.siti, kinds=["email"]) if one["model"] == "res.partner"]
        body = self.Entry.history_read(entry["id"])["body"]
        self.assertIn("hi", body)
        for poison in ("script", "onclick", "onerror"):
            self.assertNotIn(poison, body)

    def test_what_was_said_in_a_call_is_read_in_place(self):
        self.assertIn("Called her", self.read_newest("activity")["body"])

    def test_an_entry_whose_document_is_not_for_him_is_not_read(self):
        [entry] = self.history(self.siti, kinds=["quotation"])
        for user in (self.clerk, self.agus):
            self.env["sale.order"].browse(entry["res_id"]).user_id = self.chief
            with self.assertRaises(AccessError):
                self.Entry.with_user(user).history_read(entry["id"])

    def test_an_entry_of_another_company_is_not_read(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids = [Command.link(elsewhere.id)]
        self.order(self.rina, company_id=elsewhere.id, user_id=False)
        context = {"allowed_company_ids": [self.env.company.id, elsewhere.id]}
        [entry] = self.Entry.with_context(**context).history_page(self.rina.id)["entries"]
        with self.assertRaises(AccessError):
            self.Entry.with_user(self.chief).history_read(entry["id"])

    def test_an_entry_that_is_gone_is_told_so(self):
        order = self.order(self.rina)
        [entry] = self.history(self.rina)
        order.unlink()
        with self.assertRaises(MissingError):
            self.Entry.history_read(entry["id"])

    def test_the_portal_reads_nothing(self):
        portal = new_test_user(self.env, "portal-read", "base.group_portal", partner_id=self.siti.id)
        [entry] = self.history(self.siti, kinds=["note"])
        Entry = self.Entry.with_user(portal)
        for attempt in (Entry.history_read, Entry.history_filters, Entry.history_page):
            with self.assertRaises(AccessError):
                attempt(entry["id"])
