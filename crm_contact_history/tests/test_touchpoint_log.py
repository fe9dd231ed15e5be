from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .test_touchpoint import TouchpointCase


@tagged("post_install", "-at_install")
class TestTouchpointLog(TouchpointCase):
    def log(self, *args, user=None, **values):
        return self.Touchpoint.with_user(user or self.agus).log_contact(*args, **values)

    def test_one_call_logs_all_of_it(self):
        order = self.order(user_id=self.agus.id)
        logged = self.Touchpoint.browse(
            self.log(
                self.siti.id,
                "phone",
                subject="Where is my order?",
                summary="Comes tomorrow",
                direction="out",
                outcome="done",
                start="2026-01-31 14:05:00",
                minutes=90,
                res_model="sale.order",
                res_id=order.id,
            )
        )
        self.assertEqual(
            logged.read(["partner_id", "channel_id", "subject", "summary", "direction", "outcome_id"], load=None)[0],
            {
                "id": logged.id,
                "partner_id": self.siti.id,
                "channel_id": self.phone.id,
                "subject": "Where is my order?",
                "summary": "Comes tomorrow",
                "direction": "out",
                "outcome_id": self.settled.id,
            },
        )
        self.assertEqual(logged.start, fields.Datetime.to_datetime("2026-01-31 14:05:00"))
        self.assertEqual((logged.duration_text, logged.document_ref, logged.user_id), ("01:30", order, self.agus))

    def test_a_channel_is_enough_and_somebody_unknown_too(self):
        self.assertTrue(self.log(self.siti.id, "counter"))
        self.assertTrue(self.log(False, "counter"))

    def test_nonsense_is_refused_with_a_sentence_and_logs_nothing(self):
        order = self.order(user_id=self.agus.id)
        gone = self.order()
        gone_id = gone.id
        gone.unlink()
        good = {"partner_id": self.siti.id, "channel": "phone"}
        wrong = [
            *({"partner_id": value} for value in (0, -1, 10**30, "7", "x", [1], {}, 1.5, True, 2**31 - 1)),
            *({"channel": value} for value in ("", "smoke", None, 7, [], {}, "x" * 10_000, "sms")),
            *({"subject": value} for value in (7, ["a"], {}, "x" * 251)),
            *({"summary": value} for value in (7, ["a"], "x" * 50_001)),
            *({"direction": value} for value in ("", None, "internal", 1, [])),
            *({"outcome": value} for value in ("nothing", 10**30, [1], 2**31 - 1, True)),
            *({"start": value} for value in ("soon", "9999-12-31 00:00:00", 12, ["2026"], "2026-13-45")),
            *({"minutes": value} for value in (-1, "ten", 10**400, float("nan"), float("inf"), [], 44_641, True)),
            *({"res_model": value, "res_id": order.id} for value in ("res.users", "no.such", 7, "ir.attachment")),
            *({"res_model": "sale.order", "res_id": value} for value in (False, gone_id, -1, "1", 10**30)),
            {"res_id": order.id},
        ]
        before = self.Touchpoint.search_count([])
        for values in wrong:
            with self.assertRaises(UserError, msg=str(values)[:60]) as caught:
                self.log(**{**good, **values})
            self.assertGreater(len(str(caught.exception)), 15)
        self.assertEqual(self.Touchpoint.search_count([]), before)

    def test_only_the_front_desk_logs_and_only_about_what_it_may_read(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        portal = new_test_user(self.env, "portal-log", "base.group_portal", partner_id=self.rina.id)
        for user in (self.clerk, portal):
            with self.assertRaises(AccessError):
                self.log(self.siti.id, "phone", user=user)
        with self.assertRaises(AccessError):
            self.log(self.siti.id, "phone", res_model="sale.order", res_id=self.order(user_id=self.chief.id).id)
        self.siti.company_id = elsewhere
        with self.assertRaises(AccessError):
            self.log(self.siti.id, "phone")
