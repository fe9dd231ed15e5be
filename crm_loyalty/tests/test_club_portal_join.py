import json

from odoo import Command
from odoo.addons.crm_loyalty.models import public_form_attempt
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .test_club_join import JoinCase


@tagged("post_install", "-at_install")
class TestClubPortalJoin(JoinCase):
    """Joining, leaving and taking one's data along, in the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budi.email = "budi@santoso.example"
        for login, partner in (("siti", cls.siti), ("budi", cls.budi), ("rina", cls.rina)):
            new_test_user(cls.env, login, "base.group_portal", partner_id=partner.id, email=partner.email)

    def setUp(self):
        super().setUp()
        self.log_in("siti")

    def log_in(self, login):
        self.authenticate(login, login * 2)

    def join(self, club=None, **data):
        club = club or self.club
        return self.post(f"/my/clubs/join/{club.id}", **{"consent": club._consent().version, **data})

    def leave(self, membership, **data):
        return self.post(f"/my/clubs/{membership.id}/leave", **data)

    def mine(self, partner=None):
        return self.memberships.search([("partner_id", "=", (partner or self.siti).id)])

    # ------------------------------------------------------------ join

    def test_a_customer_joins_and_sees_the_card(self):
        self.assertIn(f"/my/clubs/join/{self.club.id}", self.url_open("/my/clubs").text)
        self.assertIn("I can leave the club", self.url_open(f"/my/clubs/join/{self.club.id}").text)
        page = self.join()
        self.assertEqual(self.mine().way_in, "portal")
        self.assertIn(self.mine().card_code, page.text)
        self.assertEqual(self.requests.search([]).consent_id, self.club._consent())
        self.assertNotIn(f"/my/clubs/join/{self.club.id}", self.url_open("/my/clubs").text)

    def test_looking_at_the_page_joins_nothing(self):
        self.url_open(f"/my/clubs/join/{self.club.id}?consent=1")
        self.assertFalse(self.mine())

    def test_without_consent_nobody_joins(self):
        for consent in ("", "0", "99", "on", "-1"):
            page = self.join(consent=consent)
            self.assertEqual(page.status_code, 422)
            self.assertIn("tick that you agree", page.text)
        self.assertFalse(self.mine())

    def test_a_club_that_is_not_open_or_joined_already_is_not_found(self):
        closed = self.make_club("Closed Club")
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.env["loyalty.club"]._create_with_programs(
            {"name": "Foreign", "company_id": other.id, "enrolment": "open"}, [], {"amount": 10, "value": 1}
        )
        self.join()
        for club in (closed, foreign, self.club):
            self.assertEqual(self.url_open(f"/my/clubs/join/{club.id}").status_code, 404, club.name)
            self.assertEqual(self.join(club).status_code, 404, club.name)
        self.assertEqual(len(self.mine()), 1)

    def test_a_contact_joins_for_the_company_and_is_told_so(self):
        self.log_in("rina")
        self.assertIn("PT Tekstil", self.url_open(f"/my/clubs/join/{self.club.id}").text)
        self.join()
        self.assertEqual(self.mine(self.textile).way_in, "portal")

    @mute_logger("odoo.http")
    def test_another_page_cannot_join_or_leave_in_his_name(self):
        self.assertEqual(self.post(f"/my/clubs/join/{self.club.id}", csrf=False, consent="1").status_code, 400)
        self.join()
        self.assertEqual(self.post(f"/my/clubs/{self.mine().id}/leave", csrf=False).status_code, 400)
        self.assertEqual(self.mine().state, "running")

    def test_nonsense_is_answered_with_a_sentence(self):
        for url in ("/my/clubs/join/0", "/my/clubs/join/x", "/my/clubs/join/" + "9" * 30, "/my/clubs/0/leave"):
            self.assertEqual(self.url_open(url).status_code, 404, url)
            self.assertEqual(self.post(url).status_code, 404, url)
        self.assertEqual(self.join(card_number="9" * 500).status_code, 422)
        self.assertEqual(self.join(card_number="12x").status_code, 409)
        self.assertEqual(self.join(card_number="\x00").status_code, 409)

    def test_a_member_who_opens_the_public_page_sees_his_card_and_no_form(self):
        self.assertIn("Join with this account", self.url_open("/club/kopi-braga").text)
        self.join()
        page = self.url_open("/club/kopi-braga").text
        self.assertIn("You are a member already", page)
        self.assertIn(self.mine().card_code, page)
        self.assertIn(f"/my/clubs/{self.mine().id}", page)
        self.assertNotIn("We send you a link", page)
        self.log_in("budi")  # of another customer nothing is told
        page = self.url_open("/club/kopi-braga").text
        self.assertIn("We send you a link", page)
        self.assertNotIn(self.mine().card_code, page)

    def test_nobody_joins_without_a_login(self):
        self.authenticate(None, None)
        for url in (f"/my/clubs/join/{self.club.id}", "/my/clubs/data", "/my/clubs/data.json"):
            self.assertIn("/web/login", self.url_open(url, allow_redirects=False).headers["Location"])

    # ------------------------------------------------------------ leave

    def test_a_member_is_told_what_happens_and_leaves(self):
        membership = self.club._enrol(self.siti)
        membership.card_id._book(40, "gift", "a")
        page = self.url_open(f"/my/clubs/{membership.id}/leave")
        self.assertIn("40 Points", page.text)
        self.assertEqual(membership.state, "running")
        self.assertIn("You have left the club", self.leave(membership, reason="I move away").text)
        self.assertEqual((membership.state, membership.card_id.points), ("ended", 40))
        self.assertIn("I move away", membership.log_ids[:1].reason)

    def test_who_comes_back_has_the_old_card_and_points(self):
        self.join()
        card = self.mine().card_id
        card._book(40, "gift", "a")
        self.leave(self.mine())
        self.join()
        self.assertEqual((self.mine()[:1].card_id, self.mine()[:1].state), (card, "running"))
        self.assertEqual(card.points, 40)

    def test_nobody_ends_the_membership_of_another_or_of_the_company(self):
        shared = self.club._enrol(self.textile)
        others = self.club._enrol(self.siti)
        self.log_in("rina")
        for membership in (shared, others):
            self.assertEqual(self.url_open(f"/my/clubs/{membership.id}/leave").status_code, 404)
            self.assertEqual(self.leave(membership).status_code, 404)
            self.assertEqual(membership.state, "running")

    def test_an_ended_membership_is_not_left_again(self):
        membership = self.club._enrol(self.siti)
        self.leave(membership)
        self.assertEqual(self.leave(membership).status_code, 404)

    def test_the_reason_is_one_of_those_offered_to_customers(self):
        moved, rules = (self.env.ref(f"crm_loyalty.leave_reason_{name}") for name in ("moved", "rules"))
        membership = self.club._enrol(self.siti)
        page = self.url_open(f"/my/clubs/{membership.id}/leave").text
        self.assertIn(moved.name, page)
        self.assertNotIn(rules.name, page)
        self.leave(membership, leave_reason=moved.id)
        self.assertEqual((membership.leave_reason_id, membership.has_left), (moved, True))

    def test_a_reason_too_long_or_not_offered_is_refused(self):
        membership = self.club._enrol(self.siti)
        rules = self.env.ref("crm_loyalty.leave_reason_rules")
        for wrong in (
            {"reason": "x" * 201},
            {"reason": "a\x00b"},
            {"leave_reason": rules.id},
            {"leave_reason": "x"},
            {"leave_reason": 10**12},
        ):
            self.assertEqual(self.leave(membership, **wrong).status_code, 422)
        self.assertEqual(membership.state, "running")

    # ------------------------------------------------------------ my data

    def test_the_customer_takes_all_his_data_along(self):
        self.join()
        self.mine().card_id._book(40, "gift", "a", reason="He complained")
        answer = self.url_open("/my/clubs/data.json")
        data = json.loads(answer.text)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(data["customer"]["email"], "siti@rahmawati.example")
        [membership], [card], [wish] = data["memberships"], data["cards"], data["requests"]
        self.assertEqual((membership["club"], membership["tier"]), ("Kopi Braga Club", "Green"))
        self.assertEqual([row["event"] for row in membership["log"]], ["Enrolled"])
        self.assertEqual((card["points"], card["points_ledger"][0]["points"]), (40, 40))
        self.assertEqual(wish["consent"]["text"], self.club.consent_text)
        self.assertNotIn("complained", answer.text)
        page = self.url_open("/my/clubs/data")
        for text in (membership["card_number"], "Kopi Braga Club", "Enrolled", "+40", "I can leave the club"):
            self.assertIn(text, page.text)

    def test_large_numbers_and_days_are_written_as_the_customer_reads_them(self):
        self.join()
        self.mine().card_id._book(1_250_000, "gift", "a")
        for url in ("/my/clubs/data", f"/my/clubs/{self.mine().id}", f"/my/clubs/{self.mine().id}/points"):
            page = self.url_open(url).text
            self.assertIn("+1,250,000", page)
            self.assertIn(self.mine().date_start.strftime("%m/%d/%Y"), page)
            self.assertNotIn(str(self.mine().date_start), page)

    def test_nobody_takes_the_data_of_another_or_of_the_company_along(self):
        codes = self.club._enrol(self.siti | self.textile).mapped("card_code")
        for login in ("budi", "rina"):
            self.log_in(login)
            for url in ("/my/clubs/data", "/my/clubs/data.json", f"/my/clubs/data.json?partner_id={self.siti.id}"):
                text = self.url_open(url).text
                self.assertFalse([code for code in codes if code in text], (login, url))

    def test_a_customer_without_club_has_a_page_too(self):
        self.assertIn("None.", self.url_open("/my/clubs/data").text)

    def test_the_data_of_many_entries_cost_as_many_queries_as_those_of_few(self):
        def queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.siti.sudo()._club_data()
            return self.env.cr.sql_log_count - before

        self.join()
        card = self.mine().card_id
        card._book(1, "gift", "first")
        queries()
        few = queries()
        for number in range(30):
            card._book(1, "gift", f"more/{number}")
            self.make_club(f"Club {number}")._enrol(self.siti)
        self.assertLessEqual(queries(), few + 2)


@tagged("post_install", "-at_install")
class TestPrintedCards(JoinCase):
    """Cards printed beforehand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.batch = cls.env["loyalty.card.batch"].create({"name": "Spring", "club_id": cls.club.id, "count": 3})
        cls.batch.action_draw()
        cls.card = cls.batch.card_ids[:1]
        new_test_user(cls.env, "siti", "base.group_portal", partner_id=cls.siti.id)

    def enrol(self, partner, number, user=None):
        wizard = self.env["loyalty.enrol.wizard"].with_user(user or self.clerk)
        return wizard.create(
            {"partner_ids": partner.ids, "club_id": self.club.id, "card_number": number}
        ).action_enrol()

    def test_the_cards_belong_to_nobody_and_are_good_for_nothing_yet(self):
        cards = self.batch.card_ids
        self.assertEqual(len(set(cards.mapped("code"))), 3)
        self.assertEqual((cards.mapped("active"), cards.partner_id.ids), ([False] * 3, []))
        order = self.quotation(self.siti)
        self.assertIn("error", order._try_apply_code(self.card.code))

    def test_a_clerk_scans_the_card_when_he_enrols(self):
        printed = f"{self.card.code[:4]} {self.card.code[4:8]}-{self.card.code[8:]}"
        self.enrol(self.siti, printed)
        membership = self.memberships.search([("partner_id", "=", self.siti.id)])
        self.assertEqual((membership.card_id, membership.way_in), (self.card, "batch"))
        self.assertEqual((self.card.active, self.card.partner_id), (True, self.siti))
        self.assertEqual(self.batch.activated_count, 1)

    def test_without_a_number_a_new_one_is_drawn(self):
        self.enrol(self.siti, False)
        self.assertFalse(self.memberships.search([("partner_id", "=", self.siti.id)]).card_id.batch_id)

    def test_a_number_that_cannot_be_taken_is_refused_with_the_reason(self):
        other = self.make_club("Klub Teh")
        foreign = self.env["loyalty.card.batch"].create({"club_id": other.id, "count": 1})
        foreign.action_draw()
        self.enrol(self.budi, self.card.code)
        drawn_at_the_desk = self.club._enrol(self.textile).card_code
        mistyped = self.card.code[:-1] + str((int(self.card.code[-1]) + 1) % 10)
        for number, sentence in (
            (mistyped, "is no card number"),
            ("hello", "is no card number"),
            ("4" * 3000, "is no card number"),
            ("4539148803436467", "none of our printed cards"),
            (drawn_at_the_desk, "none of our printed cards"),
            (self.card.code, "given out already"),
            (foreign.card_ids.code, "is a card of Klub Teh"),
        ):
            with self.assertRaisesRegex(UserError, sentence, msg=number):
                self.enrol(self.siti, number)
        self.batch.action_withdraw()
        with self.assertRaisesRegex(UserError, "withdrawn"):
            self.enrol(self.siti, self.batch.card_ids[1].code)
        self.assertFalse(self.memberships.search([("partner_id", "=", self.siti.id)]))

    def test_one_card_is_for_one_member_who_has_none(self):
        with self.assertRaisesRegex(UserError, "for one member"):
            self.enrol(self.siti | self.budi, self.card.code)
        membership = self.club._enrol(self.siti)
        membership._end("left")
        with self.assertRaisesRegex(UserError, f"has card {membership.card_code}"):
            self.enrol(self.siti, self.card.code)

    def test_the_customer_types_it_on_the_public_page(self):
        self.ask(card_number=self.card.code)
        self.post(self.link(), card_number=self.card.code)
        self.assertEqual(
            (self.newest().membership_id.card_id, self.newest().membership_id.way_in), (self.card, "batch")
        )

    def test_whether_a_card_is_free_is_told_to_nobody_who_has_not_confirmed(self):
        self.enrol(self.budi, self.card.code)
        free = self.batch.card_ids[1]
        answers = {self.ask(card_number=number).url for number in (self.card.code, free.code)}
        self.assertEqual(len(answers), 1)

    def test_a_card_taken_meanwhile_is_said_and_another_typed(self):
        self.ask(card_number=self.card.code)
        link = self.link()
        self.enrol(self.budi, self.card.code)
        page = self.post(link, card_number=self.card.code)
        self.assertEqual(page.status_code, 409)
        self.assertIn("given out already", page.text)
        self.assertFalse(self.env["res.partner"].search([("email", "=", "dewi@lestari.example")]))
        free = self.batch.card_ids[1]
        self.assertIn(free.code, self.post(link, card_number=free.code).text)
        self.assertEqual(self.newest().membership_id.card_id, free)

    def test_the_customer_types_it_in_the_portal(self):
        self.authenticate("siti", "siti" * 2)
        self.post(f"/my/clubs/join/{self.club.id}", consent=self.club._consent().version, card_number=self.card.code)
        self.assertEqual(self.card.partner_id, self.siti)

    def test_card_numbers_cannot_be_guessed_in_the_portal(self):
        self.authenticate("siti", "siti" * 2)
        url, consent = f"/my/clubs/join/{self.club.id}", self.club._consent().version
        foreign = self.club._card_numbers(public_form_attempt.NUMBERS + 1)
        codes = [self.post(url, consent=consent, card_number=number).status_code for number in foreign]
        self.assertEqual(codes, [409] * public_form_attempt.NUMBERS + [429])
        page = self.post(url, consent=consent, card_number=self.card.code)
        self.assertEqual(page.status_code, 429)
        self.assertIn("Join without a card", page.text)
        self.assertFalse(self.card.partner_id)
        case = self.env["loyalty.abuse.case"].search([("kind", "=", "card_numbers")])
        self.assertEqual((case.partner_id, case.club_id, case.entry_count), (self.siti, self.club, 2))
        self.assertIn("2 card numbers too many", case.facts)
        self.post(url, consent=consent)  # without a card he joins
        self.assertTrue(self.club.membership_ids.filtered(lambda m: m.partner_id == self.siti))

    def test_card_numbers_cannot_be_guessed_by_a_link_of_the_public_page(self):
        self.ask(card_number=self.card.code)
        link = self.link()
        foreign = self.club._card_numbers(public_form_attempt.NUMBERS)
        self.assertEqual({self.post(link, card_number=number).status_code for number in foreign}, {409})
        page = self.post(link, card_number=self.card.code)
        self.assertEqual(page.status_code, 429)
        self.assertFalse(self.card.partner_id)
        case = self.env["loyalty.abuse.case"].search([("kind", "=", "card_numbers")])
        self.assertFalse(case.partner_id)
        self.assertEqual(case.with_user(self.manager).action_open_entries()["domain"], [(0, "=", 1)])
        case.with_user(self.manager).action_confirm_abuse()
        self.assertEqual(self.post(link).status_code, 429)  # nor by the number with which it was asked
        self.assertIn('name="card_number" value=""', page.text)
        self.post(link, card_number="")
        self.assertTrue(self.newest().membership_id)

    def test_the_printer_gets_the_numbers_that_nobody_has(self):
        self.enrol(self.siti, self.card.code)
        self.authenticate("club manager", "club manager")
        file = self.url_open(self.batch.with_user(self.manager).action_export()["url"])
        lines = file.content.decode("utf-8-sig").splitlines()
        self.assertEqual(lines[1:], [f"{card.code},Kopi Braga Club" for card in self.batch.card_ids - self.card])

    def test_the_file_is_for_managers_of_the_company_only(self):
        company = self.env["res.company"].create({"name": "Other"})
        new_test_user(
            self.env,
            "stranger",
            "crm_loyalty.group_club_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        for login in ("clerk", "employee", "siti", "stranger"):
            self.authenticate(login, login * 2 if login == "siti" else login.ljust(8, "x"))
            for number in (self.batch.id, 0, 10**9):
                file = self.url_open(f"/crm_loyalty/card_batch/{number}.csv")
                self.assertEqual(file.status_code, 404, (login, number))

    def test_a_clerk_draws_and_withdraws_nothing(self):
        draft = self.env["loyalty.card.batch"].create({"club_id": self.club.id, "count": 1})
        for work in (draft.with_user(self.clerk).action_draw, self.batch.with_user(self.clerk).action_withdraw):
            with self.assertRaisesRegex(Exception, "Only a club manager"):
                work()

    def test_drawn_numbers_are_not_drawn_again_changed_or_deleted(self):
        for work in (self.batch.action_draw, self.batch.unlink, lambda: self.batch.write({"count": 5})):
            with self.assertRaises(UserError):
                work()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env["loyalty.card.batch"].create({"club_id": self.club.id, "count": 20_001})

    def test_a_hundred_cards_cost_as_many_queries_as_one(self):
        def queries(count):
            batch = self.env["loyalty.card.batch"].create({"club_id": self.club.id, "count": count})
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            batch.action_draw()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(2)
        one = queries(1)
        self.assertLessEqual(queries(100), one + 2)
