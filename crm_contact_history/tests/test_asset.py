from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import ContactHistoryCase


class AssetCase(ContactHistoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Asset = cls.env["customer.asset"]
        cls.vehicle = cls.env.ref("crm_contact_history.asset_type_vehicle")
        cls.oil = cls.env["product.product"].create({"name": "Oil 5W-30", "type": "consu"})
        cls.filter = cls.env["product.product"].create({"name": "Oil filter", "type": "consu"})
        cls.budi = cls.env["res.partner"].create({"name": "Budi Santoso"})
        cls.ujang, cls.asep = (
            new_test_user(cls.env, f"{name.lower()}-mechanic", "crm_contact_history.group_front_desk", name=name)
            for name in ("Ujang", "Asep")
        )
        cls.car = cls.asset("D 1234 AB", cls.budi)

    @classmethod
    def asset(cls, identifier, partner=None, **values):
        values = {"identifier": identifier, "partner_id": partner and partner.id, "type_id": cls.vehicle.id, **values}
        return cls.Asset.create(values)

    @classmethod
    def service(cls, days_ago=0, staff=None, work="Oil change", products=(), **values):
        lines = [Command.create({"product_id": product.id}) for product in products]
        values = {"asset_id": cls.car.id, "work": work, "line_ids": lines, **values}
        values["user_ids"] = (staff or cls.ujang).ids
        return cls.env["customer.asset.service"].create(
            {"date": fields.Datetime.now() - timedelta(days=days_ago), **values}
        )


@tagged("post_install", "-at_install")
class TestAsset(AssetCase):
    def test_the_workshop_from_the_plate_to_the_usual_mechanic_and_the_last_oil(self):
        self.service(200, self.ujang)
        self.service(100, self.ujang, products=[self.filter])
        self.service(10, self.asep, products=[self.oil], reading=48200)
        [found] = self.env["res.partner"].with_user(self.agus).front_desk_search("d1234ab")
        self.assertEqual((found["partner_id"], found["reason"]), (self.budi.id, "Plate or serial number"))
        self.assertEqual((found["model"], found["record_id"], found["is_exact"]), ("customer.asset", self.car.id, True))
        [car] = self.budi.with_user(self.agus).front_desk_card()["assets"]
        self.assertEqual((car["identifier"], car["usual_staff"]), ("D 1234 AB", "Ujang"))
        self.assertEqual(
            [car["last_service"][key] for key in ("work", "products", "staff", "reading")],
            ["Oil change", "Oil 5W-30", "Asep", "48,200"],
        )
        self.assertEqual(len(car["services"]), 3)

    def test_a_plate_is_found_in_any_spelling_and_by_its_last_digits(self):
        for term in ("D 1234 AB", "d1234ab", "D-1234-AB", "d.1234.ab", "D1234", "1234AB"):
            found = self.env["res.partner"].with_user(self.agus).front_desk_search(term)
            self.assertIn(self.budi.id, [result["partner_id"] for result in found], term)
        self.assertEqual(self.env["res.partner"].with_user(self.agus).front_desk_search("D 9999 ZZ"), [])

    def test_the_whole_plate_stands_before_one_that_only_begins_so(self):
        self.asset("D 1234 ABX", self.siti)
        found = self.env["res.partner"].with_user(self.agus).front_desk_search("d-1234-ab")
        self.assertEqual([result["partner_id"] for result in found], [self.budi.id, self.siti.id])

    def test_the_look_up_of_a_plate_has_its_indexes(self):
        self.env["customer.asset"].flush_model()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for pattern, index in (("D1234%", "identifier_idx"), ("%234AB%", "identifier_part_idx")):
            self.env.cr.execute("EXPLAIN SELECT id FROM customer_asset WHERE identifier_key LIKE %s", [pattern])
            self.assertIn(index, str(self.env.cr.fetchall()))

    def test_one_plate_stands_once_in_a_company_however_it_is_written(self):
        with self.assertRaises(Exception), self.cr.savepoint(), mute_logger("odoo.sql_db"):  # noqa: B017
            self.asset("d-1234-ab", self.siti)
        self.asset("d-1234-ab", self.siti, type_id=self.env.ref("crm_contact_history.asset_type_device").id)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.asset("d-1234-ab", self.siti, company_id=elsewhere.id)

    def test_a_contract_number_is_compared_as_written(self):
        contract = self.env.ref("crm_contact_history.asset_type_contract")
        one = self.asset("no. 12/b", self.siti, type_id=contract.id)
        other = self.asset("No 12b", self.siti, type_id=contract.id)
        self.assertEqual((one + other).mapped("identifier_key"), ["NO. 12/B", "NO 12B"])
        found = self.env["res.partner"].with_user(self.agus).front_desk_search("NO. 12/B")
        self.assertEqual([result["partner_id"] for result in found], [self.siti.id])

    def test_nonsense_is_no_identifier(self):
        for identifier in ("--", " . ", "x" * 65):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.asset(identifier, self.siti)
        self.assertEqual(self.Asset.search([("partner_id", "=", self.siti.id)]), self.Asset)

    def test_a_service_stands_in_the_history_of_him_who_owned_it_then(self):
        self.service(30, work="Brakes")
        self.car.partner_id = self.siti
        self.service(work="Tyres", date=fields.Datetime.now() + timedelta(seconds=2))
        self.assertEqual([entry["title"] for entry in self.history(self.budi, self.agus)], ["Brakes · D 1234 AB"])
        self.assertEqual([entry["title"] for entry in self.history(self.siti, self.agus)], ["Tyres · D 1234 AB"])
        self.assertEqual(self.history(self.siti, self.agus)[0]["user"], "Ujang")
        self.assertEqual(self.rows(), self.rebuilt_rows())

    def test_a_change_of_owner_keeps_who_had_it_until_when(self):
        before = fields.Datetime.now()
        self.car.with_user(self.agus).partner_id = self.siti
        now, former = self.car.owner_ids.sorted("id", reverse=True)
        self.assertEqual(
            (former.partner_id, former.start, now.partner_id, now.end), (self.budi, False, self.siti, False)
        )
        self.assertEqual(former.end, now.start)
        self.assertGreaterEqual(now.start, before.replace(microsecond=0))
        self.env.flush_all()
        self.assertEqual(self.env["res.partner"].front_desk_search("D1234AB")[0]["partner_id"], self.siti.id)

    def test_correcting_the_day_of_the_sale_moves_the_services_in_between(self):
        repair = self.service(10, work="Brakes")
        self.car.partner_id = self.siti
        sold = fields.Datetime.now() - timedelta(days=20)
        new, old = self.car.owner_ids.sorted("id", reverse=True)
        self.car.owner_ids = [Command.update(old.id, {"end": sold}), Command.update(new.id, {"start": sold})]
        self.assertEqual(repair.partner_id, self.siti)
        self.assertEqual(self.kinds(self.siti), ["service"])

    def change(self, partner, days_ago):
        wizard = self.env["customer.asset.new.owner"].with_user(self.agus)
        action = self.car.with_user(self.agus).action_new_owner()
        form = Form(wizard.with_context(**action["context"]))
        form.partner_id = partner
        form.since = fields.Datetime.now() - timedelta(days=days_ago)
        return form.save().action_change()

    def test_the_owner_changes_on_the_day_that_is_said(self):
        before, after = self.service(10), self.service(2)
        self.change(self.siti, 5)
        self.assertEqual((self.car.partner_id, before.partner_id, after.partner_id), (self.siti, self.budi, self.siti))
        self.assertEqual(len(self.car.owner_ids), 2)
        self.assertEqual((self.kinds(self.budi), self.kinds(self.siti)), (["service"], ["service"]))

    def test_an_owner_who_cannot_be_is_refused_with_the_reason(self):
        self.change(self.siti, 5)
        for partner, days_ago, sentence in (
            (self.siti, 1, "already"),
            (self.budi, -1, "lies ahead"),
            (self.budi, 9, "changed last on"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                self.change(partner, days_ago)
        self.assertEqual((self.car.partner_id, len(self.car.owner_ids)), (self.siti, 2))

    def test_it_has_one_owner_at_a_time(self):
        owners = self.env["customer.asset.owner"]
        yesterday = fields.Datetime.now() - timedelta(days=1)
        with self.assertRaisesRegex(ValidationError, "one owner at a time"), self.cr.savepoint():
            owners.create({"asset_id": self.car.id, "partner_id": self.siti.id, "start": yesterday})
        with self.assertRaisesRegex(ValidationError, "cannot cease"), self.cr.savepoint():
            self.car.owner_ids.write({"start": yesterday, "end": yesterday - timedelta(days=1)})
        self.assertEqual(self.car.partner_id, self.budi)

    def test_a_day_at_the_end_of_the_calendar_is_refused_and_the_card_opens_still(self):
        ends = (datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59))
        service = self.service()
        for moment in ends:
            for record, name in ((service, "date"), (self.car.owner_ids, "start"), (self.car.owner_ids, "end")):
                with self.assertRaisesRegex(ValidationError, "cannot be meant"), self.cr.savepoint():
                    record[name] = moment
        for moment, zone in zip(ends, ("America/Lima", "Asia/Jakarta"), strict=True):
            self.order(self.budi, date_order=moment)
            self.agus.tz = zone
            card = self.budi.with_user(self.agus).with_context(tz=zone).front_desk_card()
            self.assertEqual(len(card["assets"]), 1)

    def test_an_owner_added_without_a_day_takes_over_now(self):
        self.car.owner_ids = [
            Command.create({"partner_id": self.siti.id}),
            Command.create({"partner_id": self.rina.id}),
        ]
        self.assertEqual(self.car.partner_id, self.rina)
        self.assertEqual(len(self.car.owner_ids.filtered("end")), 2)

    def test_100_assets_cost_hardly_more_queries_than_one(self):
        def make(number, letter):
            values = {"type_id": self.vehicle.id, "partner_id": self.siti.id}
            self.Asset.create([{**values, "identifier": f"{letter} {at}"} for at in range(number)])

        make(1, "A")
        one, many = self.count_queries(lambda: make(1, "B")), self.count_queries(lambda: make(100, "C"))
        self.assertLess(many - one, 15)

    def test_the_form_takes_the_properties_of_its_kind(self):
        with Form(self.Asset.with_user(self.agus)) as form:
            form.type_id = self.vehicle
            form.identifier = "B 77 XY"
            form.partner_id = self.siti
        asset = form.save()
        asset.properties = {"engine": "1.5 Diesel"}
        self.assertEqual(asset.properties["engine"], "1.5 Diesel")

    def test_nonsense_in_a_service_is_refused(self):
        service = self.service()
        for values in ({"reading": -1}, {"cost": -1}):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                service.write(values)
        with self.assertRaises(ValidationError):
            service.line_ids = [Command.create({"product_id": self.oil.id, "quantity": 0})]

    def test_merged_contacts_keep_their_assets_owners_and_services(self):
        twins = self.env["res.partner"].create([{"name": "Budi S."}, {"name": "B. Santoso"}])
        others = self.asset("B 1 A", twins[0]) | self.asset("B 2 A", twins[1])
        self.service(work="Brakes")
        self.service(work="Tyres", asset_id=others[0].id)
        self.Entry._sync()
        self.env["base.partner.merge.automatic.wizard"]._merge((self.budi | twins).ids, self.budi)
        assets = self.car | others
        assets.invalidate_recordset()
        self.assertEqual(assets.partner_id | assets.commercial_partner_id | assets.owner_ids.partner_id, self.budi)
        self.assertEqual(sorted(self.kinds(self.budi)), ["service", "service"])
        self.assertEqual(self.rows(), self.rebuilt_rows())

    def test_a_deleted_contact_takes_what_only_he_owned_and_leaves_what_others_had(self):
        only_his = self.asset("B 1 A", self.budi)
        self.service(asset_id=only_his.id)
        shared = self.asset("B 2 A", self.siti)
        shared.partner_id = self.budi
        self.budi.unlink()
        self.assertFalse(only_his.exists())
        self.assertTrue(shared.exists())
        self.assertEqual(shared.owner_ids.partner_id, self.siti)

    def test_a_deleted_asset_leaves_no_entry_in_the_history(self):
        self.service()
        self.assertEqual(self.kinds(self.budi), ["service"])
        self.car.unlink()
        self.assertEqual(self.history(self.budi), [])


@tagged("post_install", "-at_install")
class TestAssetCard(AssetCase):
    def card(self, partner=None, user=None, **options):
        return (partner or self.budi).with_user(user or self.agus).front_desk_card(**options)["assets"]

    def test_the_asset_he_was_found_by_stands_first_else_the_one_served_last(self):
        old, new = self.asset("B 1 A", self.budi), self.asset("B 2 A", self.budi)
        self.service(50, asset_id=old.id)
        self.service(5, asset_id=new.id)
        self.assertEqual([car["id"] for car in self.card()], [new.id, old.id, self.car.id])
        self.assertEqual([car["id"] for car in self.card(asset_id=old.id)], [old.id, new.id, self.car.id])

    def test_an_asset_of_somebody_else_is_not_shown_by_asking_for_it(self):
        other = self.asset("B 1 A", self.siti)
        for asked in (other.id, "x", -1, 10**30, [1], {}):
            self.assertEqual([car["id"] for car in self.card(asset_id=asked)], [self.car.id])

    def test_a_company_shows_what_its_people_bring(self):
        van = self.asset("B 1 A", self.rina)
        self.assertEqual([car["id"] for car in self.card(self.mill)], [van.id])

    def test_ten_assets_with_many_services_cost_as_many_queries_as_one_with_one(self):
        self.service(products=[self.oil])
        rich = self.env["res.partner"].create({"name": "Rich"})
        for at in range(10):
            fleet = self.asset(f"F {at}", rich)
            for day in range(8):
                self.service(day, asset_id=fleet.id, products=[self.oil, self.filter])
        self.count_queries(lambda: self.card(rich))
        one, ten = (
            self.count_queries(lambda p=p: p.with_user(self.agus)._front_desk_assets()) for p in (self.budi, rich)
        )
        self.assertEqual(one, ten)

    def test_a_plain_employee_sees_none_and_another_company_neither(self):
        self.assertEqual(self.card(user=self.clerk), [])
        with self.assertRaises(AccessError):
            self.Asset.with_user(self.clerk).search([])
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.asset("B 9 A", self.budi, company_id=elsewhere.id)
        self.assertEqual([car["id"] for car in self.card()], [self.car.id])

    def test_a_contact_of_another_company_is_no_owner_here(self):
        self.siti.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assertRaises(UserError):
            self.car.partner_id = self.siti

    def test_only_an_administrator_deletes_an_asset(self):
        with self.assertRaises(AccessError):
            self.car.with_user(self.agus).unlink()
