import base64
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tests.common import ChromeBrowser

from .common import PurchaseCase


class RetentionTourCase(HttpCase, PurchaseCase):
    """A manager, and a shop of whose four customers three came back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.env["res.company"].create({"name": "Kopi Braga"})
        cls.manager = new_test_user(cls.env, "manager", "sales_team.group_sale_manager", company_id=cls.shop.id,
                                    company_ids=cls.shop.ids)  # fmt: skip
        cls.people = cls.env["res.partner"].create([{"name": f"Customer {n}"} for n in range(4)])
        cls.people[0].country_id = cls.env.ref("base.id")
        for person in cls.people:
            cls.buy(person, "2024-01-10", company=cls.shop)
        for person in cls.people[:3]:
            cls.buy(person, "2024-02-10", company=cls.shop)
        cls.count()


@tagged("post_install", "-at_install")
class TestRetentionTour(RetentionTourCase):
    """The manager opens the dashboard in the browser."""

    def test_every_figure_opens_its_records_and_coming_back_keeps_the_filters(self):
        self.start_tour("/odoo/retention", "crm_analytics.retention_dashboard", login="manager")

    def test_while_figures_are_waited_for_or_missing_the_dashboard_says_so_and_tries_again(self):
        self.assertEqual(self.env["retention.model"]._fit(self.shop).state, "too_little")
        self.Build._request(self.shop)
        self.start_tour("/odoo/segment-sizes", "crm_analytics.retention_states", login="manager")

    def test_the_manager_has_a_new_purchase_counted(self):
        self.buy(self.siti, "2024-02-10", company=self.shop)
        self.env.flush_all()
        self.start_tour("/odoo/retention", "crm_analytics.retention_refresh", login="manager")
        self.assertEqual(self.queued(), 0)


@tagged("post_install", "-at_install")
class TestRetentionTourOfAllParts(RetentionTourCase):
    """The same with something in each part: figures of customers, moves, estimates, complaints, members, bad data."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = ("crm_service_desk.group_service_manager", "mass_mailing.group_mass_mailing_user")
        cls.manager.group_ids += cls.env.ref(groups[0]) + cls.env.ref(groups[1])
        cls.judge()
        cls.complain(cls.people[0])
        club = cls.env["loyalty.club"]._create_with_programs(
            {"name": "Bean Club", "company_id": cls.shop.id}, [], {"amount": 10, "value": 1}
        )
        club._enrol(cls.people[0]).date_start = "2024-01-01"
        cls.env["customer.purchase.issue"].create(
            {"company_id": cls.shop.id, "kind": "no_timezone", "res_model": "res.company", "count": 1}
        )

    @classmethod
    def judge(cls):
        """Two are at risk, one is loyal, one is lost; the first was a champion a month before."""
        of_shop = {"company_id": cls.shop.id}
        fit = cls.env["retention.model"].create({
            **of_shop,
            "fitted_on": "2024-02-29 01:00:00",
            "as_of": "2024-02-29",
            "state": "fitted",
            "name": "bg_nbd",
            "parameters": {"r": {"value": 0.243, "error": 0.01}},
        })  # fmt: skip
        for number, (person, kind) in enumerate(zip(cls.people, ("at_risk", "at_risk", "loyal", "lost"), strict=True)):
            cls.env["customer.metric"].create({
                **of_shop,
                "partner_id": person.id,
                "as_of": "2024-02-29",
                "segment": kind,
                "lifecycle": kind,
                "churn_risk": "low" if kind == "loyal" else "high",
                "r_score": 5 - number,
                "f_score": 3,
                "orders": 2,
                "retention_model_id": fit.id,
                "lifetime_value": 60.0 - 10 * number,
            })  # fmt: skip
        cls.env["customer.metric.snapshot"].create([
            {**of_shop, "partner_id": cls.people[0].id, "month": month, "segment": segment, "lifecycle": "loyal"}
            for month, segment in (("2024-01-01", "champions"), ("2024-02-01", "at_risk"))
        ])  # fmt: skip

    @classmethod
    def complain(cls, person):
        team = cls.env["service.team"].create({"name": "Desk", "company_id": cls.shop.id})
        ticket = cls.env["service.ticket"].create({
            "name": "Cold coffee",
            "type": "complaint",
            "partner_id": person.id,
            "team_id": team.id,
            "company_id": cls.shop.id,
            "date_received": "2024-02-12 05:00:00",
        })  # fmt: skip
        cls.env["service.feedback"].create({
            "ticket_id": ticket.id,
            "partner_id": person.id,
            "closed_on": "2024-02-12 06:00:00",
            "answered_on": "2024-02-12 07:00:00",
            "csat": 4,
            "ces": 6,
        })  # fmt: skip

    @contextmanager
    def printing(self):
        """Have what stands in the browser at the end of a tour printed by it: the texts of the pages."""
        # Imported here: a tool of ours, which who runs the other tests need not have.
        from pypdfium2 import PdfDocument

        pages, wait = [], ChromeBrowser._wait_code_ok

        def wait_and_print(browser, *args, **options):
            wait(browser, *args, **options)
            paper = {"preferCSSPageSize": True, "printBackground": True}
            answer = browser._websocket_request("Page.printToPDF", params=paper, timeout=60)
            document = PdfDocument(base64.b64decode(answer["data"]))
            pages.extend(page.get_textpage().get_text_bounded() for page in document)

        with patch.object(ChromeBrowser, "_wait_code_ok", wait_and_print):
            yield pages

    def test_each_part_opens_its_records_those_at_risk_are_called_and_all_is_saved_and_printed(self):
        link = "/odoo/retention?from=2024-02&to=2024-02"
        with self.printing() as pages:
            self.start_tour(link, "crm_analytics.retention_parts", login="manager", timeout=150)
        self.check_paper(" ".join("\n".join(pages).split()))
        planned = self.people.filtered("activity_ids")
        self.assertEqual(planned, self.people[:2])
        self.assertEqual({*planned.activity_ids.mapped("summary")}, {"Ask why he stays away"})

    def test_the_spreadsheet_dashboard_opens_with_the_figures_of_the_retention_dashboard(self):
        dashboard = self.env.ref("crm_analytics.spreadsheet_dashboard_customers")
        link = f"/odoo/dashboards?dashboard_id={dashboard.id}"
        self.start_tour(link, "crm_analytics.spreadsheet_dashboard", login="manager")

    def check_paper(self, text):
        for told in (
            "How many customers come back?",
            "February 2024 · Kopi Braga",
            "Feb 2024 – Feb 2024",  # the filter
            "Estimate of",
            "Customers who bought in the period.",  # what the first tile means
            "A cohort is all customers whose first purchase",  # what a part means
            "Lifetime value Customers Together",  # the table behind a chart
            "Customer 0",
        ):
            self.assertIn(told, text)
        for control in ("XLSX", "Print", "Show as table", "Plan calls", "Compared with the period before", "Clear all"):
            self.assertNotIn(control, text)


@tagged("post_install", "-at_install")
class TestRetentionTourOnAPhone(RetentionTourCase):
    """The same on a narrow screen, by keyboard."""

    browser_size = "390x844"

    def test_a_wrong_filter_is_explained_and_the_triangle_is_walked_by_keyboard(self):
        self.start_tour("/odoo/retention?grain=week", "crm_analytics.retention_phone", login="manager")
