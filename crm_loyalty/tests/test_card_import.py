import base64
import csv
import gc
import io
import tracemalloc
from datetime import date, timedelta
from unittest.mock import patch

import openpyxl
from odoo import Command
from odoo.addons.crm_loyalty.models import loyalty_card_import as importing
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import ClubCase

HEADER = "card_number,name,email,phone,reference,tier,points,start,end"


class ImportCase(ClubCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.siti.write({"email": "siti@rahmawati.example", "ref": "C-1", "phone": "+62 811 2345 678"})
        cls.rows = cls.env["loyalty.card.import.row"]
        cls.memberships = cls.env["loyalty.membership"]

    def upload(self, content, user=None, **vals):
        """An import with this file."""
        content = content.encode() if isinstance(content, str) else content
        return (
            self.env["loyalty.card.import"]
            .with_user(user or self.manager)
            .create({"club_id": self.club.id, "file": base64.b64encode(content), **vals})
        )

    def check(self, *lines, header=HEADER, **vals):
        """An import of these lines, checked."""
        run = self.upload("\n".join([header, *lines]), **vals)
        run.action_check()
        return run

    def rows_of(self, run):
        return self.rows.search([("import_id", "=", run.id)])

    def refusals(self, run):
        return [row.refusal for row in self.rows_of(run)]

    def member(self, code):
        return self.memberships.search([("card_id.code", "=", code)])


@tagged("post_install", "-at_install")
class TestCardImport(ImportCase):
    """What is read, checked, taken and refused."""

    def test_a_known_customer_gets_the_card_with_tier_points_and_days(self):
        start, end = self.today - timedelta(days=30), self.today + timedelta(days=300)
        run = self.check(f"K-1,,siti@rahmawati.example,,,gold,1250.5,{start},{end}")
        self.assertEqual((run.state, run.ok_count, run.refused_count), ("checked", 1, 0))
        self.assertFalse(self.member("K-1"))
        run.action_import()
        membership = self.member("K-1")
        self.assertEqual((membership.partner_id, membership.tier_id), (self.siti, self.gold))
        self.assertEqual((membership.date_start, membership.date_end, membership.way_in), (start, end, "import"))
        self.assertEqual(membership.state, "running")
        self.assertEqual(membership.card_id.points, 1250.5)
        self.assertEqual(membership.log_ids.mapped("event"), ["enrolled"])
        self.assertEqual((run.state, run.done_count, run.ok_count, run.file), ("done", 1, 0, False))

    def test_what_is_written_by_sql_is_what_the_orm_would_work_out(self):
        self.club.grace_days = 10
        later = self.today + timedelta(days=40)
        run = self.check(
            f"K-1,,siti@rahmawati.example,,,gold,1,{self.today},{later}",
            f"K-2,Later,,,,,2,{later},",
            f"K-3,Life,,,,,3,{self.today},",
        )
        run.action_import()
        members = self.member("K-1") | self.member("K-2") | self.member("K-3")
        self.assertEqual(members.mapped("state"), ["running", "future", "running"])
        stored = [name for name, field in members._fields.items() if field.store and field.compute]
        self.assertIn("next_change_on", stored)
        written = members.read(stored)
        for name in stored:
            self.env.add_to_compute(members._fields[name], members)
        self.env.flush_all()
        self.assertEqual(members.read(stored), written)
        enrolled = self.club._enrol(self.budi)
        skipped = {"id", "create_date", "write_date", "create_uid", "write_uid"}
        self.env.cr.execute("SELECT * FROM loyalty_membership WHERE id IN %s", [(enrolled.id, self.member("K-3").id)])
        names = [column.name for column in self.env.cr.description]
        both = [dict(zip(names, row, strict=True)) for row in self.env.cr.fetchall()]
        filled = [{name for name, value in row.items() if value is not None} - skipped for row in both]
        self.assertEqual(filled[0], filled[1], "a column that enrolling fills and importing does not, or the reverse")

    def test_points_are_opening_entries_of_the_ledger_and_expire_as_the_club_says(self):
        self.club.points_months = 12
        self.check("K-1,,siti@rahmawati.example,,,,80,,").action_import()
        [entry] = self.member("K-1").card_id.ledger_entry_ids
        self.assertEqual((entry.kind, entry.points, entry.partner_id), ("opening", 80, self.siti))
        self.assertEqual(entry.expires_on, self.club._points_expire_on(self.club._today()))

    def test_an_unknown_customer_is_made_or_refused_as_the_import_says(self):
        line = "K-1,Dewi,dewi@lestari.example,+62 812 8765 432,C-77,,,,"
        self.assertEqual(
            self.refusals(self.check(line, create_missing=False)),
            ["No customer has this e-mail address, number or reference."],
        )
        self.check(line).action_import()
        dewi = self.member("K-1").partner_id
        self.assertEqual((dewi.name, dewi.email, dewi.ref), ("Dewi", "dewi@lestari.example", "C-77"))
        self.assertEqual(self.member("K-1").tier_id, self.green)

    def test_a_customer_is_found_by_reference_e_mail_or_phone(self):
        for line in ("K-1,,,,C-1,,,,", "K-1,,SITI@Rahmawati.example,,,,,,", "K-1,,,+62 8112345678,,,,,"):
            self.assertEqual(self.rows_of(self.check(line)).partner_id, self.siti, line)

    def test_a_contact_stands_for_its_company_where_the_club_says_so(self):
        self.rina.email = "rina@tekstil.example"
        self.check("K-1,,rina@tekstil.example,,,,,,").action_import()
        self.assertEqual(self.member("K-1").partner_id, self.textile)

    def test_nobody_is_guessed(self):
        self.env["res.partner"].create([{"name": "Twin", "email": "twin@example.com"}] * 2)
        self.budi.ref = "C-2"
        run = self.check(
            "K-1,,twin@example.com,,,,,,",
            "K-2,,siti@rahmawati.example,,C-2,,,,",
            "K-3,,siti@rahmawati.example,,C-1,,,,",
        )
        several, different, agreed = self.refusals(run)
        self.assertIn("Several customers", several)
        self.assertIn("different customers", different)
        self.assertFalse(agreed)

    def test_of_several_with_one_number_the_address_tells(self):
        self.budi.phone = self.siti.phone
        run = self.check("K-1,,siti@rahmawati.example,+62 811 2345 678,,,,,", "K-2,,,+62 811 2345 678,,,,,")
        self.assertEqual(self.rows_of(run)[0].partner_id, self.siti)
        self.assertIn("Several customers", self.refusals(run)[1])

    def test_every_wrong_row_is_refused_with_its_reason(self):
        self.club._enrol(self.budi)
        self.budi.ref = "C-2"
        taken = self.env["loyalty.card"].create({"program_id": self.club.program_id.id, "code": "TAKEN"})
        left = self.club._enrol(self.textile)
        left._end("left")
        self.textile.ref = "C-3"
        lines = {
            ",Dewi,d1@x.example,,,,,,": "card number is missing",
            "é!,Dewi,d2@x.example,,,,,,": "is no card number",
            f"{taken.code},Dewi,d3@x.example,,,,,,": "taken already",
            "K-04,Dewi,nonsense,,,,,,": "is no e-mail address",
            "K-05,Dewi,,123,,,,,": "is no telephone number",
            "K-06,,,,,,,,": "whose card is it",
            "K-07,,d7@x.example,,,,,,": "needs a name",
            "K-08,Dewi,d8@x.example,,,Platinum,,,": "no tier “Platinum”",
            "K-09,Dewi,d9@x.example,,,,many,,": "is no number of points",
            "K-10,Dewi,d10@x.example,,,,-5,,": "is no number of points",
            'K-11,Dewi,d11@x.example,,,,"1,000",,': "is no number of points",
            "K-12,Dewi,d12@x.example,,,,nan,,": "is no number of points",
            "K-13,Dewi,d13@x.example,,,,1e12,,": "is no number of points",
            "K-14,Dewi,d14@x.example,,,,,31.12.2026,": "is no date",
            "K-15,Dewi,d15@x.example,,,,,2026-02-30,": "is no date",
            "K-16,Dewi,d16@x.example,,,,,2024-01-01,2024-12-31": "over since 2024-12-31",
            "K-17,Dewi,d17@x.example,,,,,2035-01-01,2034-01-01": "end before it begins",
            "K-18,,,,C-2,,,,": "a member already, with card",
            "K-19,,,,C-3,,,,": "from before",
            "K-20,Dewi,d20@x.example,,,,,,,too much": "more cells than the header",
            f"K-21,{'x' * 400},d21@x.example,,,,,,": "Too long",
            "K-22,De\x00wi,d22@x.example,,,,,,": "no text",
            "K-23,Dewi,d23@x.example,,,,,,": "",
        }
        run = self.check(*lines)
        self.assertEqual((run.row_count, run.ok_count), (len(lines), 1))
        for (line, sentence), refusal in zip(lines.items(), self.refusals(run), strict=True):
            self.assertIn(sentence, refusal or "", line)
            self.assertEqual(bool(refusal), bool(sentence), line)
        run.action_import()
        self.assertEqual(len(self.memberships.search([("way_in", "=", "import")])), 1)

    def test_the_same_number_or_customer_twice_is_refused_both_times(self):
        run = self.check(
            "K-1,A,a@x.example,,,,,,",
            "k-1,B,b@x.example,,,,,,",
            "K-2,C,c@x.example,,,,,,",
            "K-3,C,C@x.example,,,,,,",
            "K-4,,siti@rahmawati.example,,,,,,",
            "K-5,,,,C-1,,,,",
        )
        self.assertEqual(
            self.refusals(run),
            [
                "Line 3 has the same card number.",
                "Line 2 has the same card number.",
                "Line 5 is about the same customer.",
                "Line 4 is about the same customer.",
                "Line 7 is about the same customer.",
                "Line 6 is about the same customer.",
            ],
        )

    def test_a_file_that_cannot_be_read_says_why_and_leaves_nothing(self):
        for content, sentence in (
            (b"", "Choose a file"),
            ("\n\n", "is empty"),
            (HEADER, "no rows below"),
            ("card_number,colour\n1,red", "not known: colour"),
            ("name,email\nDewi,d@x.example", "no column card_number"),
            ("card_number,name,Name\nK-1,a,b", "columns twice: name"),
            ("card_number,name\nK-1,Jos\xe9".encode("latin-1"), "not written in the chosen encoding"),
            (b"\x00\x01\x02\x03" * 50, "not written in the chosen encoding"),
            (b"PK\x03\x04 no spreadsheet", "no spreadsheet"),
            ("card_number,name\nK-1," + "x" * 1_100_000, "longer than a million"),
        ):
            if sentence == "Choose a file":
                with self.assertRaisesRegex(UserError, sentence):
                    self.upload(content).action_check()
                continue
            run = self.upload(content)
            run.action_check()
            if run.state == "loading":
                run.sudo()._load(lambda *_args, **_kwargs: True)
            self.assertIn(sentence, run.problem)
            self.assertEqual((run.state, run.row_count, self.rows_of(run).ids), ("draft", 0, []))
            with self.assertRaises(UserError):
                run.action_import()

    def test_other_encodings_separators_and_spreadsheets_are_read(self):
        text = "Card Number;Name;E-Mail;Points;Valid Until\nK-1;José;jose@x.example;12,5;31/12/2031\n"
        how = {"decimal": "comma", "date_format": "dmy"}
        book = openpyxl.Workbook()
        book.active.append(["card_number", "name", "email", "points", "end"])
        book.active.append(["K-1", "José", "jose@x.example", 12.5, date(2031, 12, 31)])
        spreadsheet = io.BytesIO()
        book.save(spreadsheet)
        for content, vals in (
            (text.encode(), how),
            (text.encode("utf-8-sig"), how),
            (text.encode("utf-16"), how),
            (text.encode("cp1252"), {**how, "encoding": "cp1252"}),
            (text.replace(";", "\t").encode(), how),
            (spreadsheet.getvalue(), {}),
        ):
            run = self.upload(content, **vals)
            run.action_check()
            self.assertFalse(run.problem)
            [row] = self.rows_of(run)
            self.assertEqual(
                (row.name, row.points_value, row.date_end), ("José", 12.5, date(2031, 12, 31)), row.refusal
            )

    def test_a_cell_without_end_costs_its_row_and_not_the_import(self):
        for broken in ('K-2,"Dewi,d2@x.example,,,,,,', 'K-2,"' + "y" * 90_000 + '",,,,,,,'):
            run = self.check("K-1,Dewi,d1@x.example,,,,,,", broken, "K-3,Budi,d3@x.example,,,,,,")
            self.assertEqual((run.row_count, run.ok_count), (3, 2))
            self.assertTrue(self.refusals(run)[1])

    def test_the_clubs_validity_holds_where_the_file_says_nothing(self):
        self.club.write({"validity": "rolling", "validity_months": 12})
        start = self.today - timedelta(days=10)
        self.check(f"K-1,,,,C-1,,,{start},").action_import()
        self.assertEqual(self.member("K-1").date_end, self.club._validity_end(start))

    def test_open_quotations_follow(self):
        order = self.quotation(self.siti)
        self.assertPrice(order, 100)
        self.check("K-1,,,,C-1,Gold,,,").action_import()
        self.assertPrice(order, 85)

    def test_what_changed_since_the_check_is_seen(self):
        run = self.check("K-1,,,,C-1,,,,", "K-2,Dewi,d@x.example,,,,,,", "K-3,Ani,a@x.example,,,,,,")
        self.club._enrol(self.siti)
        self.env["loyalty.card"].create({"program_id": self.club.program_id.id, "code": "K-2"})
        run.action_import()
        self.assertEqual((run.done_count, run.refused_count), (1, 2))
        self.assertIn("a member already", self.refusals(run)[0])
        self.assertIn("taken already", self.refusals(run)[1])

    def test_a_row_that_cannot_be_written_is_refused_and_the_others_taken_whole(self):
        run = self.check(*(f"K-{number},Name {number},n{number}@x.example,,,,5,," for number in range(10)))
        create = self.registry["res.partner"].create
        sentence = "Names with a 7 are not allowed."

        def refuse_one(partners, vals_list):
            if any(vals.get("name") == "Name 7" for vals in vals_list):
                raise ValidationError(sentence)
            return create(partners, vals_list)

        with patch.object(self.registry["res.partner"], "create", refuse_one):
            run.action_import()
        self.assertEqual((run.done_count, run.refused_count, run.state), (9, 1, "done"))
        self.assertEqual(self.rows_of(run).filtered("refusal").mapped("name"), ["Name 7"])
        self.assertFalse(self.member("K-7"))
        self.assertFalse(self.env["loyalty.card"].search([("code", "=", "K-7")]))
        self.assertEqual(sum(self.memberships.search([("way_in", "=", "import")]).card_id.mapped("points")), 45)

    def test_another_file_or_way_to_read_asks_for_another_check(self):
        run = self.check("K-1,,,,C-1,,,,")
        run.create_missing = False
        self.assertEqual((run.state, run.row_count), ("draft", 0))
        run.action_check()
        run.action_import()
        with self.assertRaises(UserError):
            run.file = base64.b64encode(b"x")
        for again in (run.action_check, run.action_import):
            with self.assertRaises(UserError):
                again()

    # ------------------------------------------------------------ rights, privacy

    def test_only_a_manager_of_the_company_imports(self):
        run = self.check("K-1,,,,C-1,,,,")
        company = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "crm_loyalty.group_club_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        for user in (self.clerk, self.employee, stranger):
            for work in ("action_check", "action_import", "action_download_refused", "read"):
                with self.assertRaises(AccessError, msg=(user.login, work)):
                    getattr(run.with_user(user), work)()
            if user != stranger:
                with self.assertRaises(AccessError):
                    self.rows.with_user(user).search([])
        self.assertFalse(self.rows.with_user(stranger).search([]))
        for operation in ("write", "create", "unlink"):
            self.assertFalse(self.rows_of(run).with_user(self.manager).has_access(operation))
        with self.assertRaises(AccessError):
            self.upload(HEADER, user=stranger)

    def test_the_rows_of_an_anonymised_customer_go(self):
        run = self.check("K-1,Siti,,,C-1,,,,", "K-2,Siti,siti@rahmawati.example,123,,,,,", "K-3,Budi,b@x.example,,,,,,")
        self.siti._anonymise()
        self.assertEqual(self.rows_of(run).mapped("name"), ["Budi"])

    def test_merging_contacts_keeps_the_rows(self):
        run = self.check("K-1,,,,C-1,,,,")
        run.action_import()
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((self.siti | self.budi).ids, self.budi)
        self.assertEqual(self.rows_of(run).partner_id, self.budi)

    def test_rows_are_deleted_some_weeks_later(self):
        run = self.check("K-1,,,,C-1,,,,")
        run.action_import()
        self.env.flush_all()
        self.env.cr.execute("UPDATE loyalty_card_import SET write_date = now() - interval '61 days'")
        run.invalidate_recordset()
        self.env["loyalty.card.import"]._gc_rows()
        self.assertFalse(self.rows_of(run))
        self.assertEqual((run.done_count, self.member("K-1").state), (1, "running"))


@tagged("post_install", "-at_install")
class TestCardImportAtWork(ImportCase):
    """Many rows, in batches, by the scheduled job; killed and gone on with."""

    def many(self, count, **vals):
        return self.upload(
            "\n".join([HEADER, *(f"K-{n},Name {n},n{n}@x.example,,,,{n},," for n in range(count))]), **vals
        )

    def work(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_loyalty.ir_cron_card_import").method_direct_trigger()

    def start(self, count, batch=4):
        """An import whose file was checked and whose rows wait for the job."""
        for name, value in (("LOAD_BATCH", batch), ("TAKE_BATCH", batch), ("AT_ONCE", 0), ("AT_ONCE_BYTES", 0)):
            patcher = patch.object(importing, name, value)
            patcher.start()
            self.addCleanup(patcher.stop)
        run = self.many(count)
        run.action_check()
        return run

    def test_the_job_reads_and_imports_in_batches(self):
        run = self.start(10)
        self.assertEqual((run.state, run.row_count), ("loading", 0))
        self.work()
        self.assertEqual((run.state, run.row_count, run.ok_count), ("checked", 10, 10))
        run.action_import()
        self.assertEqual(run.state, "importing")
        self.work()
        self.assertEqual((run.state, run.done_count, run.ok_count, run.progress), ("done", 10, 0, 100))
        self.assertEqual(len(self.memberships.search([("way_in", "=", "import")])), 10)

    def test_a_job_killed_while_reading_goes_on_and_reads_nothing_twice(self):
        run = self.start(10)
        copied = importing.copy_rows
        calls = []

        def die_in_the_third(*args):
            calls.append(args)
            if len(calls) == 3:
                raise RuntimeError("killed")
            copied(*args)

        with patch.object(importing, "copy_rows", die_in_the_third), self.assertRaisesRegex(RuntimeError, "killed"):
            run.sudo()._load(lambda *_args, **_kwargs: self.env.flush_all() or True)
        self.env.invalidate_all()
        self.assertEqual((run.state, run.row_count, len(self.rows_of(run))), ("loading", 8, 8))
        self.work()
        self.assertEqual((run.state, run.ok_count), ("checked", 10))
        self.assertEqual(self.rows_of(run).mapped("number"), list(range(2, 12)))

    def test_the_time_of_a_job_is_up_and_the_next_goes_on(self):
        run = self.start(10)
        self.work()
        run.action_import()
        cron = self.registry["ir.cron"]
        with patch.object(cron, "_commit_progress", lambda *args, **kwargs: 0):
            self.env["loyalty.card.import"]._cron_work()
        self.assertEqual((run.state, run.done_count, run.progress), ("importing", 4, 40))
        self.work()
        self.assertEqual((run.state, run.done_count), ("done", 10))
        self.assertEqual(sum(self.memberships.search([("way_in", "=", "import")]).card_id.mapped("points")), 45)

    def test_memory_does_not_grow_with_the_rows(self):
        """What a batch has read is let go when it is committed: many batches need no more memory than a few."""
        self.patch(importing, "AT_ONCE_BYTES", 0)
        self.patch(importing, "AT_ONCE", 0)
        self.patch(importing, "LOAD_BATCH", 25)
        self.patch(importing, "TAKE_BATCH", 25)

        def commit(*_args, **_kwargs):
            self.env.cr.flush()  # as a commit does, the history's entries among it
            self.env.cr.clear()
            gc.collect()
            return 60

        def peak(press):
            """The most that is held while the job does what a button has asked for."""
            press()
            commit()
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            self.env["loyalty.card.import"]._cron_work()
            return tracemalloc.get_traced_memory()[1] - before

        def peaks(number, count):
            lines = [f"P{number}-{n},Name {n},p{number}.{n}@x.example,,,,{n},," for n in range(count)]
            run = self.upload("\n".join([HEADER, *lines])).sudo()
            read, taken = peak(run.action_check), peak(run.action_import)
            self.assertEqual((run.state, run.done_count), ("done", count))
            return read, taken

        self.patch(self.registry["ir.cron"], "_commit_progress", commit)
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        _warm, few, many = peaks(1, 50), peaks(2, 50), peaks(3, 350)
        # Kept until the end, a row takes a kilobyte as a line of the file, and several as a record.
        for little, much in zip(few, many, strict=True):
            self.assertLess(much - little, 300 * 250, f"{few} bytes at most for 50 rows, {many} for 350")

    def test_queries_of_a_batch_do_not_grow_with_its_rows(self):
        def queries(number, count):
            lines = [f"Q{number}-{n},Name {n},q{number}.{n}@x.example,,,,{n},," for n in range(count)]
            run = self.upload("\n".join([HEADER, *lines])).sudo()
            run._load(lambda *_args, **_kwargs: True)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            run._take_batch()
            self.env.flush_all()
            self.assertEqual(run.done_count, count)
            return self.env.cr.sql_log_count - before

        queries(0, 2)
        few = queries(1, 5)
        self.assertLessEqual(queries(2, 100), few + 2)


@tagged("post_install", "-at_install")
class TestCardImportReport(ImportCase, HttpCase):
    """The file of the refused rows."""

    def refused_file(self, run, login="club manager"):
        self.authenticate(login, login.ljust(8, "x"))
        return self.url_open(f"/crm_loyalty/card_import/{run.id}.csv")

    def test_the_file_names_each_refused_row_and_why(self):
        run = self.check("K-1,Dewi,nonsense,,,,,,", "K-2,Budi,b@x.example,,,,,,", "K-3,Ani,a@x.example,,,,-1,,")
        file = self.refused_file(run)
        header, *rows = csv.reader(io.StringIO(file.content.decode("utf-8-sig")))
        self.assertEqual(header[:3], ["card_number", "name", "email"])
        self.assertEqual([row[0] for row in rows], ["K-1", "K-3"])
        self.assertEqual([row[-2] for row in rows], ["2", "4"])
        self.assertIn("is no e-mail address", rows[0][-1])

    def test_a_cell_cannot_run_as_a_formula_and_comes_back_as_it_was(self):
        run = self.check('K-1,"=HYPERLINK(""http://x"")",bad,+62 811 2345 678,,,,,')
        [_header, row] = csv.reader(io.StringIO(self.refused_file(run).content.decode("utf-8-sig")))
        self.assertTrue(row[1].startswith("'="))
        again = self.check(",".join([row[0], '"' + row[1].replace('"', '""') + '"', "", row[3], "", "", "", "", ""]))
        self.assertEqual(self.rows_of(again).name, '=HYPERLINK("http://x")')
        self.assertEqual(self.rows_of(again).partner_id, self.siti)

    def test_the_file_is_for_managers_only(self):
        run = self.check("K-1,Dewi,nonsense,,,,,,")
        for login in ("clerk", "employee"):
            self.assertEqual(self.refused_file(run, login).status_code, 404)
        self.authenticate("club manager", "club manager")
        for number in (0, 10**9):
            self.assertEqual(self.url_open(f"/crm_loyalty/card_import/{number}.csv").status_code, 404)

    def test_the_example_file_can_be_imported(self):
        example = self.url_open("/crm_loyalty/static/import_templates/loyalty_cards.csv")
        run = self.upload(example.content)
        run.action_check()
        self.assertEqual((run.problem, run.row_count, run.refused_count), (False, 3, 0), self.refusals(run))
