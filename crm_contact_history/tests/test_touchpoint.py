from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import ContactHistoryCase

A_DAY_AND_TEN_MINUTES = 24 + 10 / 60


class TouchpointCase(ContactHistoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Touchpoint = cls.env["crm.touchpoint"]
        cls.phone = cls.env.ref("crm_contact_history.channel_phone")
        cls.counter = cls.env.ref("crm_contact_history.channel_counter")
        cls.settled = cls.env.ref("crm_contact_history.outcome_done")
        cls.admin = new_test_user(cls.env, "boss-touchpoint", "crm_contact_history.group_front_desk_manager")

    @classmethod
    def call(cls, partner=None, **values):
        values = {"partner_id": (partner or cls.siti).id, "channel_id": cls.phone.id, "user_id": cls.agus.id, **values}
        return cls.Touchpoint.create(values)


@tagged("post_install", "-at_install")
class TestTouchpoint(TouchpointCase):
    def test_it_stands_in_the_history_with_its_own_channel_and_direction(self):
        self.call(subject="Asks for hampers", summary="Twenty of them", outcome_id=self.settled.id)
        self.call(channel_id=self.counter.id, direction="out", start=fields.Datetime.now() - timedelta(days=1))
        call, counter = self.history(self.siti, self.agus)
        self.assertEqual(
            [call[key] for key in ("kind", "channel", "direction", "title", "text", "status", "user")],
            ["touchpoint", "phone", "in", "Asks for hampers", "Twenty of them", "Settled", "Agus"],
        )
        self.assertEqual([counter["channel"], counter["direction"], counter["title"]], ["counter", "out", "Counter"])

    def test_the_history_follows_every_change_as_a_rebuild_does(self):
        calls = [self.call() for _i in range(6)]
        self.Entry._sync()
        calls[0].channel_id = self.counter
        calls[1].direction = "out"
        calls[2].partner_id = self.rina
        calls[3].active = False
        calls[4].start -= timedelta(days=3)
        calls[5].unlink()
        kept = self.rows()
        self.assertEqual(kept, self.rebuilt_rows())
        self.assertEqual(len(self.history(self.siti)), 3)

    def test_a_call_of_an_unknown_number_is_logged_and_enters_the_history_once_it_is_known_who_it_was(self):
        call = self.call(partner_id=False, phone="0812 999 888 77")
        self.assertEqual(self.history(self.siti), [])
        call.partner_id = self.siti
        self.assertEqual(self.kinds(self.siti), ["touchpoint"])

    def test_a_company_shows_what_was_logged_with_its_people(self):
        self.call(self.rina)
        self.assertEqual(self.kinds(self.mill), ["touchpoint"])

    def test_a_call_of_a_day_and_ten_minutes_is_so_from_the_form_to_the_pivot(self):
        with Form(self.Touchpoint.with_user(self.agus)) as form:
            form.partner_id = self.siti
            form.duration = A_DAY_AND_TEN_MINUTES
        call = form.save()
        call.invalidate_recordset()
        self.assertEqual(call.duration_text, "24:10")
        self.call(duration_text="24:10")
        [total] = self.Touchpoint.formatted_read_group(
            [("partner_id", "=", self.siti.id)], ["channel_id"], ["duration:sum"]
        )
        self.assertAlmostEqual(total["duration:sum"] * 60, 2 * (24 * 60 + 10), places=6)

    def test_a_contact_takes_neither_less_than_nothing_nor_forever(self):
        call = self.call()
        for hours in (-1, 800, float("nan"), float("inf")):
            with self.assertRaises(ValidationError), self.cr.savepoint(), mute_logger("odoo.sql_db"):
                call.duration = hours
                call.flush_recordset()
        call.invalidate_recordset()
        self.assertEqual(call.duration, 0)

    def test_what_lies_ahead_is_not_logged(self):
        with self.assertRaisesRegex(ValidationError, "not taken place yet"):
            self.call(start=fields.Datetime.now() + timedelta(days=2))

    def test_a_year_that_is_a_slip_of_the_pen_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "cannot be meant"):
            self.call(start=datetime(26, 1, 31, 10))

    def test_a_word_is_no_telephone_number(self):
        with self.assertRaisesRegex(ValidationError, "no telephone number"):
            self.call(phone="call me")

    def test_a_document_is_linked_only_by_who_may_read_it(self):
        order = self.order(user_id=self.chief.id)
        mine = self.call().with_user(self.agus)
        with self.assertRaisesRegex(ValidationError, "document that you may read"):
            mine.document_ref = order
        order.user_id = self.agus
        mine.document_ref = order
        self.assertEqual(mine.document_ref, order)

    def test_an_administrator_adds_a_way_of_contact_with_its_icon_and_the_desk_logs_by_it(self):
        values = {"name": "Messenger", "code": "Our Messenger", "icon": "fa-comments"}
        with self.assertRaises(AccessError):
            self.env["crm.touchpoint.channel"].with_user(self.agus).create(values)
        channel = self.env["crm.touchpoint.channel"].with_user(self.admin).create(values)
        self.Touchpoint.with_user(self.agus).log_contact(self.siti.id, channel.code)
        [entry] = self.history(self.siti, self.agus, channels=["our_messenger"])
        self.assertEqual((entry["channel_label"], entry["channel_icon"]), ("Messenger", "fa-comments"))

    def test_a_file_kept_with_a_call_is_read_with_it(self):
        call = self.call(summary="Sends a drawing")
        file = {"name": "drawing.txt", "raw": b"oak", "res_model": call._name, "res_id": call.id}
        self.env["ir.attachment"].with_user(self.agus).create(file)
        [entry] = self.history(self.siti, self.agus)
        told = self.Entry.with_user(self.agus).history_read(entry["id"])
        self.assertEqual([one["name"] for one in told["attachments"]], ["drawing.txt"])

    def test_a_follow_up_is_one_click_and_never_doubled(self):
        call = self.call(subject="Call back").with_user(self.agus)
        call.action_follow_up()
        call.action_follow_up()
        self.assertEqual(self.siti.activity_ids.mapped("summary"), ["Call back"])
        self.assertEqual(call.follow_up_id.user_id, self.agus)
        call.follow_up_id.action_feedback("Done")
        call.action_follow_up()
        self.assertEqual(len(self.siti.activity_ids), 1)

    def test_one_call_of_the_exchange_is_logged_once(self):
        self.call(call_ref="pbx-1")
        with self.assertRaises(Exception), self.cr.savepoint(), mute_logger("odoo.sql_db"):  # noqa: B017
            self.call(call_ref="pbx-1")
        self.assertEqual(self.Touchpoint.search_count([("call_ref", "=", "pbx-1")]), 1)

    def test_the_code_of_a_channel_in_use_stays(self):
        self.call()
        with self.assertRaisesRegex(ValidationError, "in use"):
            self.phone.code = "telephone"
        self.env.ref("crm_contact_history.channel_letter").code = "post"

    def test_a_code_is_made_plain_and_nonsense_refused(self):
        channels = self.env["crm.touchpoint.channel"]
        self.assertEqual(channels.create({"name": "Fax", "code": " Tele-Fax 2 "}).code, "tele_fax_2")
        for values in ({"code": "!!"}, {"code": "x" * 40}, {"code": "fax", "icon": "<b>"}):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                channels.create({"name": "Fax", **values})

    def test_three_merged_contacts_keep_all_that_was_logged(self):
        twins = self.env["res.partner"].create([{"name": "Siti R."}, {"name": "S. Rahmawati"}])
        calls = self.call() | self.call(twins[0]) | self.call(twins[1])
        self.Entry._sync()
        self.env["base.partner.merge.automatic.wizard"]._merge((self.siti | twins).ids, self.siti)
        calls.invalidate_recordset()
        self.assertEqual(calls.partner_id | calls.commercial_partner_id, self.siti)
        self.assertEqual(self.kinds(self.siti), ["touchpoint"] * 3)
        self.assertEqual(self.rows(), self.rebuilt_rows())

    def test_contacts_of_a_person_merged_into_a_company_stand_under_the_company(self):
        twin = self.env["res.partner"].create({"name": "Rina W."})
        call = self.call(twin)
        self.env["base.partner.merge.automatic.wizard"]._merge((self.rina | twin).ids, self.rina)
        call.invalidate_recordset()
        self.assertEqual(call.commercial_partner_id, self.mill)

    def test_what_was_logged_with_a_deleted_contact_goes_with_him(self):
        call = self.call()
        self.siti.unlink()
        self.assertFalse(call.exists())

    def test_100_contacts_cost_as_many_queries_as_one(self):
        few, many = self.siti, self.env["res.partner"].create({"name": "Many"})
        self.call(few)
        values = {"partner_id": many.id, "channel_id": self.phone.id, "user_id": self.agus.id}
        self.Touchpoint.create([values] * 100)
        self.history(few, limit=100)
        self.assertEqual(
            self.count_queries(lambda: self.history(many, limit=100)),
            self.count_queries(lambda: self.history(few, limit=100)),
        )


@tagged("post_install", "-at_install")
class TestTouchpointAccess(TouchpointCase):
    def test_the_front_desk_reads_all_and_writes_its_own(self):
        mine, other = self.call(), self.call(user_id=self.chief.id)
        self.assertEqual(self.Touchpoint.with_user(self.agus).search([("partner_id", "=", self.siti.id)]), mine | other)
        mine.with_user(self.agus).subject = "Mine"
        with self.assertRaises(AccessError):
            other.with_user(self.agus).subject = "Not mine"
        with self.assertRaises(AccessError):
            mine.with_user(self.agus).unlink()

    def test_an_administrator_of_the_front_desk_writes_all(self):
        call = self.call().with_user(self.admin)
        call.subject = "Corrected"
        call.unlink()
        self.assertFalse(call.exists())

    def test_a_plain_employee_and_the_portal_read_nothing(self):
        self.call()
        portal = new_test_user(self.env, "portal-touchpoint", "base.group_portal", partner_id=self.siti.id)
        for user in (self.clerk, portal):
            with self.assertRaises(AccessError):
                self.Touchpoint.with_user(user).search([])
        self.assertEqual(self.history(self.siti, self.clerk), [])

    def test_another_company_sees_nothing_of_it(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        call = self.call(company_id=elsewhere.id)
        self.assertFalse(self.Touchpoint.with_user(self.admin).search([("id", "=", call.id)]))
        with self.assertRaises(AccessError):
            call.with_user(self.admin).read(["subject"])
        self.assertEqual(self.history(self.siti, self.admin), [])

    def test_a_contact_of_another_company_is_not_logged_here(self):
        self.siti.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assertRaises(UserError):
            self.call(company_id=self.env.company.id)
