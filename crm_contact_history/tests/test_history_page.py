from datetime import datetime
from unittest.mock import patch

from odoo.tests import tagged

from ..models import contact_history_page
from .common import ContactHistoryCase


@tagged("post_install", "-at_install")
class TestHistoryPage(ContactHistoryCase):
    def pages(self, **options):
        """Titles, page by page to the end."""
        pages, before = [], None
        while before is not False:
            page = self.Entry.history_page(self.siti.id, before=before, **options)
            pages.append([entry["title"] for entry in page["entries"]])
            before = page["next"]
        return pages

    def test_pages_follow_each_other_without_gap_or_double_also_in_one_second(self):
        orders = [self.order(date_order=datetime(2024, 1, 1)) for _i in range(7)]
        pages = self.pages(limit=3)
        self.assertEqual([len(page) for page in pages], [3, 3, 1])
        self.assertCountEqual([title for page in pages for title in page], [order.name for order in orders])

    def test_the_last_full_page_knows_that_it_is_the_last(self):
        for _i in range(4):
            self.order()
        self.assertEqual([len(page) for page in self.pages(limit=2)], [2, 2])

    def test_kinds_hold_the_page_to_them(self):
        order = self.order()
        self.mail_to(self.siti, order)
        self.assertEqual(self.kinds(self.siti, kinds=["quotation"]), ["quotation"])

    def test_a_short_page_says_where_to_go_on(self):
        mine = self.order(user_id=self.agus.id, date_order=datetime(2020, 1, 1))
        for _i in range(6):
            self.order(user_id=self.chief.id)
        Entry = self.Entry.with_user(self.agus)
        with patch.object(contact_history_page, "SCAN_LIMIT", 4):
            first = Entry.history_page(self.siti.id, limit=2)
            self.assertEqual(first["entries"], [])
            second = Entry.history_page(self.siti.id, limit=2, before=first["next"])
        self.assertEqual([entry["title"] for entry in second["entries"]], [mine.name])

    def test_a_year_that_is_a_slip_of_the_pen_ends_no_history(self):
        for year in (2024, 26, 25):
            self.order(date_order=datetime(year, 1, 1))
        self.assertEqual([len(page) for page in self.pages(limit=1)], [1, 1, 1])
        shown = [entry["happened_at"] for entry in self.history(self.siti)]
        self.assertEqual(shown[1:], ["0026-01-01 00:00:00", "0025-01-01 00:00:00"], "as a browser reads it")

    def test_a_contact_who_is_gone_has_an_empty_history(self):
        gone = self.env["res.partner"].create({"name": "Gone"})
        gone_id = gone.id
        gone.unlink()
        self.assertEqual(self.Entry.history_page(gone_id), {"entries": [], "next": False})

    def test_limits_out_of_range_are_brought_into_it(self):
        self.order()
        for limit in (-5, 0, 10**9):
            self.assertEqual(len(self.history(self.siti, limit=limit)), 1)

    def test_a_page_counts_nothing_skips_nothing_and_loads_no_more_than_itself(self):
        for _i in range(12):
            self.order()
        self.Entry._sync()
        first = self.Entry.history_page(self.siti.id, limit=3)
        asked, origin = [], type(self.env.cr).execute

        def execute(cr, query, *args, **kwargs):
            result = origin(cr, query, *args, **kwargs)
            asked.append((str(getattr(query, "code", query)).lower(), cr.rowcount))
            return result

        self.env.invalidate_all()
        with patch.object(type(self.env.cr), "execute", execute):
            page = self.Entry.history_page(self.siti.id, limit=3, before=first["next"])
        self.assertEqual(len(page["entries"]), 3)
        of_entries = [(query, rows) for query, rows in asked if "contact_history_entry" in query]
        self.assertTrue(of_entries)
        for query, rows in of_entries:
            self.assertNotRegex(query, r"count\(|offset [1-9%]")
            self.assertLessEqual(rows, 4, query)  # and one that tells whether there are more
