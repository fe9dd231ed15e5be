from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from .test_touchpoint import TouchpointCase

OPTIONS = {"quoting": '"', "separator": ",", "has_headers": True, "encoding": "utf-8"}
HEADER = "Name or e-mail or phone,Channel,Direction,When,Duration (h:mm),Subject,Outcome"
FIELDS = ("contact_term", "channel_id", "direction", "start", "duration_text", "subject", "outcome_id")


@tagged("post_install", "-at_install")
class TestTouchpointImport(TouchpointCase):
    def load(self, text, names=FIELDS, dryrun=False):
        importer = self.env["base_import.import"].with_user(self.agus)
        record = importer.create(
            {"res_model": "crm.touchpoint", "file": text.encode(), "file_name": "calls.csv", "file_type": "text/csv"}
        )
        with mute_logger("odoo.sql_db", "odoo.models"):
            return record.execute_import(list(names), [], dict(OPTIONS), dryrun=dryrun)

    def load_row(self, **values):
        good = {
            "contact_term": "siti@rahmawati.example",
            "channel_id": "phone",
            "direction": "From the customer",
            "start": "2026-01-12 09:30:00",
            "duration_text": "24:10",
            "subject": "Asks",
            "outcome_id": "done",
        }
        row = ",".join(str({**good, **values}[name]) for name in FIELDS)
        return self.load(f"{HEADER}\n{row}\n")

    def assert_refused(self, sentence, **values):
        before = self.Touchpoint.search_count([])
        result = self.load_row(**values)
        self.assertFalse(result.get("ids"))
        self.assertRegex(" ".join(message["message"] for message in result["messages"]), sentence)
        self.assertEqual(self.Touchpoint.search_count([]), before)

    def test_the_example_file_is_recognised_column_by_column_and_imported(self):
        self.env["res.partner"].create(
            [
                {"name": "Budi", "phone": "+62 813-2040-7702", "country_id": self.env.ref("base.id").id},
            ]
        )
        [template] = self.Touchpoint.get_import_templates()
        with file_open(template["template"].removeprefix("/"), filter_ext=(".csv",)) as file:
            text = file.read()
        importer = self.env["base_import.import"].create(
            {"res_model": "crm.touchpoint", "file": text.encode(), "file_name": "x.csv", "file_type": "text/csv"}
        )
        preview = importer.parse_preview(dict(OPTIONS))
        matched = [preview["matches"][column] for column in range(len(preview["headers"]))]
        self.assertEqual([path[0] for path in matched], [*FIELDS[:6], "summary", "outcome_id"])
        result = self.load(text, [path[0] for path in matched])
        self.assertEqual(result["messages"], [])
        logged = self.Touchpoint.browse(result["ids"])
        logged.invalidate_recordset()
        self.assertEqual(logged.mapped("duration_text"), ["00:05", "01:15", "00:02"])
        self.assertEqual(logged.partner_id.mapped("ref"), [False, False, "PVJ-01"])

    def test_24_10_is_24_hours_and_ten_minutes(self):
        [logged_id] = self.load_row()["ids"]
        self.assertAlmostEqual(self.Touchpoint.browse(logged_id).duration * 60, 1450, places=6)

    def test_the_contact_is_found_by_name_email_phone_or_reference(self):
        for term in ("Siti Rahmawati", "SITI@rahmawati.example", "+62 812 2345 6701"):
            [logged_id] = self.load_row(contact_term=term)["ids"]
            self.assertEqual(self.Touchpoint.browse(logged_id).partner_id, self.siti, term)
        [logged_id] = self.load_row(contact_term="PVJ-01")["ids"]
        self.assertEqual(self.Touchpoint.browse(logged_id).partner_id, self.mill)

    def test_a_contact_that_is_nobody_or_several_is_never_guessed(self):
        self.assert_refused("No contact has the name.*Nobody Here", contact_term="Nobody Here")
        self.env["res.partner"].create({"name": "Siti Rahmawati"})
        self.assert_refused("2 contacts answer to", contact_term="Siti Rahmawati")

    def test_wrong_values_are_named_and_import_nothing(self):
        self.assert_refused("smoke signal", channel_id="smoke signal")
        self.assert_refused("luck", outcome_id="luck")
        self.assert_refused("sideways", direction="sideways")
        self.assert_refused("“ten past” is no duration", duration_text="ten past")
        self.assert_refused("no duration", duration_text="1:75")
        self.assert_refused("no duration", duration_text="-1:00")
        self.assert_refused("31 days", duration_text="9999:00")
        self.assert_refused("yesterday", start="yesterday")
        self.assert_refused("not taken place", start="2999-01-01 00:00:00")
        self.assert_refused("No contact", contact_term="x" * 5000)

    def test_one_wrong_row_stops_the_file(self):
        rows = [
            f"siti@rahmawati.example,phone,From the customer,2026-01-12 09:{at:02}:00,0:05,Row {at}," for at in range(9)
        ]
        rows[5] = rows[5].replace("phone", "pigeon")
        result = self.load("\n".join([HEADER, *rows]))
        self.assertFalse(result["ids"])
        self.assertEqual([message["record"] for message in result["messages"]], [5])
        self.assertFalse(self.Touchpoint.search([("subject", "=like", "Row %")]))

    def test_a_person_without_the_right_imports_nothing(self):
        importer = self.env["base_import.import"].with_user(self.clerk)
        record = importer.create(
            {
                "res_model": "crm.touchpoint",
                "file": f"{HEADER}\n".encode(),
                "file_name": "x.csv",
                "file_type": "text/csv",
            }
        )
        result = record.execute_import(list(FIELDS), [], dict(OPTIONS))
        self.assertFalse(result.get("ids"))
