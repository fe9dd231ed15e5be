import threading

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestRemedyParallel(BaseCase):
    """An offer that two people decide on in the same moment, each on a connection of his own."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.remove)
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            coupons = env["loyalty.program"].create(
                {
                    "name": "Parallel",
                    "program_type": "coupons",
                    "reward_ids": [Command.create({"discount_mode": "per_order", "discount": 25})],
                }
            )
            team = env["service.team"].create({"name": "Parallel", "remedy_program_ids": coupons.ids})
            partner = env["res.partner"].create({"name": "Siti of the parallels"})
            ticket = env["service.ticket"].create({"name": "Parallel", "partner_id": partner.id, "team_id": team.id})
            offered = {"kind": "coupon", "program_id": coupons.id, "points": 1, "text": "Sorry"}
            remedy = ticket.with_user(env.ref("base.user_admin"))._offer_remedy(offered).sudo()
            self.assertEqual(remedy.state, "proposed")
            self.ids = {record._name: record.id for record in (remedy, ticket, team, partner, coupons)}

    @staticmethod
    def env_of(cr):
        return api.Environment(cr, SUPERUSER_ID, {"ticket_no_acknowledgement": True})

    def remove(self):
        with self.registry.cursor() as cr:
            env = self.env_of(cr)(context={"ticket_deletion_reason": "A test"})
            env["service.ticket"].browse(self.ids["service.ticket"]).unlink()
            env["service.team"].browse(self.ids["service.team"]).unlink()
            # Where a ledger is installed, nobody deletes a coupon that it tells of.
            for model in ("loyalty.program", "res.partner"):
                env[model].browse(self.ids[model]).active = False

    def at_once(self, *works):
        """Each in a transaction of its own that Odoo repeats when it must, as it does with a request of the web.

        :return: for each "done", or what it was told
        """
        told, barrier = [None] * len(works), threading.Barrier(len(works))

        def run(number):
            with self.registry.cursor() as cr:
                env = self.env_of(cr)
                remedy = env["service.remedy"].browse(self.ids["service.remedy"])
                self.assertEqual(remedy.state, "proposed")  # the transaction has begun, and has read
                barrier.wait(30)
                try:
                    retrying(lambda: works[number](remedy), env)
                    told[number] = "done"
                except UserError as error:
                    told[number] = str(error)

        threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return told

    def assertDecidedOnce(self, told, *decisions):
        """One of the two has his way, the other is told; what is there fits the one."""
        self.assertEqual(told.count("done"), 1, told)
        self.assertRegex(
            "".join(told), "decides on “Coupon .*Reload the page|has been decided already.*Reload the page"
        )
        decision = decisions[told.index("done")]
        self.assertEqual(self.outcome(), {"accepted": ("done", 1), "rejected": ("rejected", 0)}[decision])

    def outcome(self):
        """(the remedy's state, how many coupons there are)"""
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            remedy = env["service.remedy"].browse(self.ids["service.remedy"])
            return remedy.state, env["loyalty.card"].search_count([("program_id", "=", self.ids["loyalty.program"])])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_accepted_and_rejected_in_the_same_moment_is_one_of_the_two(self):
        told = self.at_once(lambda one: one._decide("accepted"), lambda one: one._decide("rejected", "No"))
        self.assertDecidedOnce(told, "accepted", "rejected")

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_accepted_and_withdrawn_by_the_agent_in_the_same_moment_is_one_of_the_two(self):
        told = self.at_once(lambda one: one._decide("accepted"), lambda one: one.action_cancel())
        self.assertEqual(told.count("done"), 1, told)
        state, cards = self.outcome()
        self.assertEqual((state, cards), [("done", 1), ("cancelled", 0)][told.index("done")])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_accepted_twice_in_the_same_moment_issues_one_coupon(self):
        told = self.at_once(*[lambda one: one._decide("accepted")] * 2)
        self.assertDecidedOnce(told, "accepted", "accepted")
