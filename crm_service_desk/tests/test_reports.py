import difflib
import io
import time
from datetime import datetime, timedelta
from unittest.mock import patch

from lxml import etree
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL
from odoo.tools.pdf import PdfFileReader

from .common import ServiceDeskCase, ServiceDeskHttpCase


class ReportCase(ServiceDeskCase):
    """Complaints of October 2026, in a team of which Lina is a member."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.write({"acknowledgement_template_id": False, "member_ids": cls.leader.ids})
        cls.seal = cls.env["service.root.cause"].create({"name": "Seal worn out"})

    @classmethod
    def complaint(cls, day=1, partner=None, **values):
        """A complaint received at noon of a day of October 2026."""
        values = {"date_received": datetime(2026, 10, day, 12), "root_cause_id": cls.seal.id, **values}
        return cls.new_ticket(partner, **values)

    def line(self, ticket, user=None):
        self.env.flush_all()
        lines = self.env["service.ticket.report"].with_user(user or self.manager)
        return lines.search([("ticket_id", "=", ticket.id)])

    def wizard(self, user=None, **values):
        values = {"date_from": "2026-10-01", "date_to": "2026-10-31", "company_id": self.company.id, **values}
        return self.env["service.register.wizard"].with_user(user or self.manager).create(values)

    def statements(self, action):
        """The SQL of ``action`` on a cold cache of records and a warm one of the registry, shortened."""
        action()
        self.env.flush_all()
        self.env.invalidate_all()
        seen, execute = [], type(self.env.cr).execute

        def spy(cursor, query, *args, **kwargs):
            seen.append(" ".join(str(query.code if isinstance(query, SQL) else query).split())[:150])
            return execute(cursor, query, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", spy):
            action()
            self.env.flush_all()
        return seen

    def assertSameQueries(self, action, few, many):
        self.statements(lambda: action(many))
        one, other = self.statements(lambda: action(few)), self.statements(lambda: action(many))
        self.assertEqual(len(one), len(other), "\n".join(difflib.unified_diff(one, other, "few", "many", lineterm="")))

    def register(self, wizard):
        self.env.flush_all()
        report = self.env["report.crm_service_desk.report_complaint_register"].with_user(wizard.env.user)
        return report._get_report_values(wizard.ids)["registers"][0]


@tagged("post_install", "-at_install")
class TestTicketReport(ReportCase):
    def test_the_same_complaint_of_the_same_customer_within_90_days_is_a_recurrence(self):
        first, again = self.complaint(1), self.complaint(20)
        late = self.new_ticket(date_received=datetime(2027, 2, 1), root_cause_id=self.seal.id)
        others = self.complaint(21, self.budi)
        self.assertEqual([self.line(ticket).repeated for ticket in (first, again, late, others)], [0, 100, 0, 0])

    def test_recurrence_is_told_by_root_cause_product_and_branch(self):
        latte, cake = self.env["product.product"].create([{"name": "Latte"}, {"name": "Cake"}])
        branch = self.env["res.partner"].create({"name": "Braga", "parent_id": self.company.partner_id.id})
        first = self.complaint(1, product_id=cake.id)
        again = self.complaint(20, product_id=latte.id, branch_id=branch.id)
        self.env.flush_all()
        for group, shares in {
            "root_cause_id": {self.seal: 50},
            "product_id": {cake: 0, latte: 100},
            "branch_id": {branch: 100, self.env["res.partner"]: 0},
        }.items():
            lines = self.env["service.ticket.report"].with_user(self.manager)
            domain = [("ticket_id", "in", (first | again).ids)]
            self.assertEqual(dict(lines._read_group(domain, [group], ["repeated:avg"])), shares, group)

    def test_every_screen_of_figures_opens_with_its_pivot_and_its_graph(self):
        self.complaint(1)
        opened = {}
        for menu in self.env.ref("crm_service_desk.menu_service_looking_back").child_id:
            action = menu.action
            if action._name == "ir.actions.act_window":
                model = self.env[action.res_model].with_user(self.manager)
                views = model.get_views(action.views)["views"]
                opened[menu.name] = {kind for kind in ("pivot", "graph") if kind in views}
                for kind in opened[menu.name]:
                    parts = etree.fromstring(views[kind]["arch"]).findall("field")
                    model.formatted_read_group([], *self.shown(model, parts))
        both = {"pivot", "graph"}
        both_of = {name for name, kinds in opened.items() if kinds >= both}
        wanted = {"Complaint Register", "Tickets in Figures", "Time in Stages", "Cost of Remedies", "Promises Kept"}
        self.assertLessEqual(wanted, both_of)
        self.assertIn("pivot", opened["Agents"])

    def shown(self, model, parts):
        """What a pivot or a graph groups by, and what it counts."""
        measures = [part.get("name") for part in parts if part.get("type") == "measure"]
        groups = [
            ":".join(filter(None, [part.get("name"), part.get("interval")]))
            for part in parts
            if part.get("type") != "measure" and not part.get("invisible")
        ]
        return groups, ["__count", *(f"{name}:{model._fields[name].aggregator}" for name in measures)]

    def test_how_many_days_make_a_recurrence_can_be_set(self):
        self.complaint(1)
        again = self.complaint(20)
        self.env["ir.config_parameter"].set_param("crm_service_desk.recurrence_days", "10")
        self.assertEqual(self.line(again).repeated, 0)

    def test_a_complaint_without_a_cause_and_a_question_are_no_recurrence_and_no_first_time(self):
        tickets = [self.complaint(1, root_cause_id=False), self.complaint(2, type="question")]
        rate = self.env["service.ticket.report"]._read_group(
            [("ticket_id", "in", [ticket.id for ticket in tickets])], aggregates=["repeated:avg"]
        )
        self.assertEqual(rate, [(False,)])

    def test_a_merged_ticket_counts_once(self):
        survivor, merged = self.complaint(1), self.complaint(2)
        merged.merged_into_id = survivor
        self.assertTrue(self.line(survivor))
        self.assertFalse(self.line(merged))

    def test_times_are_medians_and_ninth_tenths_of_those_that_have_one(self):
        tickets = [self.complaint(day) for day in range(1, 6)]
        for hours, ticket in zip((1, 2, 3, 100), tickets, strict=False):
            ticket.date_first_answer = ticket.date_received + timedelta(hours=hours)
        self.env.flush_all()
        [[median, ninth]] = self.env["service.ticket.report"]._read_group(
            [("ticket_id", "in", [ticket.id for ticket in tickets])],
            aggregates=["hours_to_answer:avg", "hours_to_answer_p90:avg"],
        )
        self.assertAlmostEqual(median, 2.5)
        self.assertAlmostEqual(ninth, 70.9)

    def test_reopened_is_a_share_of_the_tickets_that_were_ever_done(self):
        still_open, done, again = self.complaint(1), self.complaint(2), self.complaint(3)
        (done | again).stage_id = self.stage("closed")
        self.env.flush_all()
        again.stage_id = self.stage("in_progress")
        self.env.flush_all()
        lines = self.line(still_open) | self.line(done) | self.line(again)
        [[share]] = self.env["service.ticket.report"]._read_group(
            [("id", "in", lines.ids)], aggregates=["reopened:avg"]
        )
        self.assertEqual(share, 50)

    def test_time_in_stages_adds_up_to_the_life_of_the_ticket(self):
        ticket = self.new_ticket()
        self.env.cr.precommit.run()
        ticket.stage_id = self.stage("in_progress")
        self.env.flush_all()
        self.env.cr.precommit.run()
        moved = (
            self.env["mail.tracking.value"]
            .search([("mail_message_id.res_id", "=", ticket.id), ("mail_message_id.model", "=", "service.ticket")])
            .filtered(lambda value: value.field_id.name == "stage_id")
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE service_ticket SET create_date = create_date - interval '5 hours' WHERE id = %s", ticket.id)
        )
        self.env.cr.execute(
            SQL("UPDATE mail_tracking_value SET create_date = create_date - interval '2 hours' WHERE id = %s", moved.id)
        )
        stays = self.env["service.stage.time"].search([("ticket_id", "=", ticket.id)], order="begin")
        self.assertEqual(stays.mapped("meaning"), ["new", "in_progress"])
        self.assertAlmostEqual(stays[0].hours, 3, 1)
        self.assertAlmostEqual(stays[1].hours, 2, 1)
        self.assertFalse(stays[1].end)

    def test_costs_of_other_currencies_are_converted_at_the_rate_of_the_day(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].search([("currency_id", "=", euro.id)]).unlink()
        for day, rate in (("2026-10-01", 0.5), ("2026-11-01", 0.25)):
            self.env["res.currency.rate"].create(
                {"currency_id": euro.id, "name": day, "rate": rate, "company_id": self.company.id}
            )
        abroad = self.env["res.company"].create({"name": "Kopi Wien", "currency_id": euro.id})
        customer = self.env["res.partner"].create({"name": "Resi"})
        ticket = self.new_ticket(customer, company_id=abroad.id)
        remedy = self.env["service.remedy"].create({"ticket_id": ticket.id, "kind": "visit", "cost": 30})
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE service_remedy SET state = 'done', done_on = '2026-10-15' WHERE id = %s", remedy.id)
        )
        line = self.env["service.remedy.report"].search([("remedy_id", "=", remedy.id)])
        self.assertEqual((line.cost, line.currency_id), (60, self.company.currency_id))


@tagged("post_install", "-at_install")
class TestReportAccess(ReportCase):
    REPORTS = ("service.ticket.report", "service.stage.time", "service.remedy.report")

    def test_a_leader_counts_his_teams_and_a_manager_all(self):
        theirs = self.env["service.team"].create({"name": "Board", "member_ids": self.manager.ids})
        own, other = self.complaint(1, team_id=self.team.id), self.complaint(2, team_id=theirs.id)
        for ticket in (own, other):
            remedy = self.env["service.remedy"].create({"ticket_id": ticket.id, "kind": "apology"})
            self.env.flush_all()
            self.env.cr.execute(SQL("UPDATE service_remedy SET state = 'done' WHERE id = %s", remedy.id))
        for name in self.REPORTS:
            for user, seen in ((self.leader, own), (self.manager, own | other)):
                lines = self.env[name].with_user(user).search([("ticket_id", "in", (own | other).ids)])
                self.assertEqual(lines.ticket_id, seen, f"{name} by {user.name}")

    def test_agents_employees_and_customers_read_no_report(self):
        for name in self.REPORTS:
            for user in (self.agent, self.employee, self.siti_user):
                with self.assertRaises(AccessError):
                    self.env[name].with_user(user).search([])

    def test_no_figure_crosses_companies(self):
        other = self.env["res.company"].create({"name": "Kopi Dago"})
        dago = new_test_user(
            self.env,
            "dago",
            groups="crm_service_desk.group_service_manager",
            company_id=other.id,
            company_ids=other.ids,
        )
        self.complaint(1)
        for name in self.REPORTS:
            self.assertFalse(self.env[name].with_user(dago).search([]), name)
        with self.assertRaises(AccessError):
            self.wizard(dago)

    def test_nobody_prints_the_choice_of_somebody_else(self):
        wizard = self.wizard(self.manager)
        with self.assertRaises(AccessError):
            self.register(wizard.with_user(self.leader))


@tagged("post_install", "-at_install")
class TestComplaintRegister(ReportCase):
    def test_it_holds_the_complaints_received_in_the_period_and_nothing_else(self):
        inside = [self.complaint(1), self.complaint(31)]
        self.complaint(5, type="question")
        self.new_ticket(date_received=datetime(2026, 11, 1, 12))
        register = self.register(self.wizard())
        self.assertEqual([line["id"] for lines in register["tables"] for line in lines], [one.id for one in inside])
        self.assertEqual(register["totals"]["number"], 2)

    def test_the_period_is_one_of_the_readers_days(self):
        self.manager.tz = "Asia/Jakarta"
        early = self.new_ticket(date_received=datetime(2026, 9, 30, 18), root_cause_id=self.seal.id)
        self.new_ticket(date_received=datetime(2026, 10, 31, 18), root_cause_id=self.seal.id)
        register = self.register(self.wizard())
        self.assertEqual([line["id"] for lines in register["tables"] for line in lines], early.ids)

    def test_it_tells_how_the_complaint_went(self):
        ticket = self.complaint(3, severity="high", safety_concern=True, remedy_sought="refund")
        ticket.stage_id = self.stage("closed")
        [line] = self.register(self.wizard())["tables"][0]
        self.assertEqual(
            (line["number"], line["severity"], line["remedy_sought"], line["root_cause_id"][1], line["safety_concern"]),
            (ticket.number, "High", "Refund", "Seal worn out", True),
        )
        self.assertGreater(line["days_to_close"], 0)

    def test_numbers_that_are_missing_are_told(self):
        survivor, merged = self.complaint(1), self.complaint(2)
        merged.merged_into_id = survivor
        register = self.register(self.wizard())
        self.assertEqual((register["totals"]["number"], register["merged"]), (1, 1))
        self.assertIsNone(self.register(self.wizard(self.leader))["deleted"], "the leader sees no traces")

    def test_an_empty_period_has_a_register_too(self):
        register = self.register(self.wizard(date_from="2020-01-01", date_to="2020-01-31"))
        self.assertEqual((register["tables"], register["totals"]["number"]), ([], 0))

    def test_a_period_that_ends_before_it_begins_is_refused(self):
        with self.assertRaises(UserError):
            self.wizard(date_from="2026-10-31", date_to="2026-10-01")

    def test_many_lines_cost_as_many_queries_as_one(self):
        tickets = self.env["service.ticket"].create(
            [
                {"name": f"x {n}", "partner_id": self.siti.id, "date_received": datetime(2026, 10, 1 + n % 30)}
                for n in range(100)
            ]
        )
        few, many = self.wizard(date_from="2026-10-01", date_to="2026-10-01"), self.wizard()
        self.assertEqual(self.register(few)["totals"]["number"], 4)
        self.assertEqual(self.register(many)["totals"]["number"], len(tickets))
        self.assertSameQueries(lambda wizard: self.register(wizard), few, many)

    def test_five_thousand_lines_are_printed(self):
        """The same lines again and again: what is tried is the drawing."""
        self.complaint(1, name="Cold coffee " * 20)
        self.env["res.partner"].browse(self.siti.id).name = "Müller 李"
        register = self.register(self.wizard())
        register["tables"] = [register["tables"][0] * 5000]
        began = time.monotonic()
        paper = self.env["report.crm_service_desk.report_complaint_register"]._pdf_of(register)
        self.assertLess(time.monotonic() - began, 60)
        self.assertGreater(len(PdfFileReader(io.BytesIO(paper)).pages), 100)
        self.assertLess(len(paper), 10_000_000)

    def test_the_period_is_found_by_an_index(self):
        self.env["service.ticket"].create([{"name": f"x {n}"} for n in range(50)])
        self.env.flush_all()
        query = self.env["service.ticket.report"]._search(self.wizard()._domain(), order="date_received, id", limit=80)
        self.env.cr.execute(SQL("SET LOCAL enable_seqscan = off"))
        plan = "\n".join(row[0] for row in self.env.execute_query(SQL("EXPLAIN %s", query.select())))
        self.assertIn("service_ticket_company_received_idx", plan)


@tagged("post_install", "-at_install")
class TestRegisterOnPaper(ServiceDeskHttpCase, ReportCase):
    def test_the_register_is_a_pdf_for_who_chose_it_and_for_nobody_else(self):
        self.complaint(3, name="Cold coffee on paper")
        wizard = self.wizard()
        self.env.flush_all()
        self.enter(self.manager)
        name = "crm_service_desk.report_complaint_register"
        page = self.url_open(f"/report/html/{name}/{wizard.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Cold coffee on paper", page.text)
        paper = self.url_open(f"/report/pdf/{name}/{wizard.id}")
        self.assertEqual(paper.headers["Content-Type"], "application/pdf")
        text = "".join(page.extract_text() for page in PdfFileReader(io.BytesIO(paper.content)).pages)
        self.assertIn("Cold coffee on paper", text)
        self.assertIn("1 complaints: 0 done, 1 open", text)
        for user in (self.leader, self.agent, self.employee, self.siti_user, None):
            self.enter(user)
            for kind in ("html", "pdf"):
                answer = self.url_open(f"/report/{kind}/{name}/{wizard.id}")
                self.assertNotIn("Cold coffee on paper", answer.text)
                self.assertNotEqual(answer.headers["Content-Type"], "application/pdf")
