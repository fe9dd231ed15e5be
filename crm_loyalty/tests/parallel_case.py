import contextlib
import threading

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name
from psycopg2 import OperationalError


class ParallelCase(BaseCase):
    """Real transactions at the same time, each on a connection of its own.

    What these tests commit is taken away at the end, but for the entries of the ledger: those are for ever. All that a
    test makes carries the name of its class in its own name, or belongs to something that does.
    """

    NAME = None  # of the club, and at the end of all other names

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.transaction() as env:
            self.make(env)
        self.addCleanup(self.take_away)

    @staticmethod
    def env_of(cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    @contextlib.contextmanager
    def transaction(self):
        """A transaction of its own, committed at the end."""
        with self.registry.cursor() as cr:
            yield self.env_of(cr)

    def make(self, env):
        """What the tests begin with: call :meth:`make_club`, and add to it."""
        raise NotImplementedError

    def make_club(self, env, tiers=(), **vals):
        """The club, and one customer."""
        club = env["loyalty.club"]._create_with_programs(
            {"name": f"Club {self.NAME}", "company_id": env.company.id, **vals}, list(tiers), {"amount": 10, "value": 1}
        )
        self.club_id, self.program_id = club.id, club.program_id.id
        self.partner_id = env["res.partner"].create({"name": f"Siti {self.NAME}"}).id
        return club

    def take_away(self):
        with self.transaction() as env:
            everything = env(context={"active_test": False})
            partners = everything["res.partner"].search([("name", "like", f"% {self.NAME}")])
            orders = everything["sale.order"].search([("partner_id", "in", partners.ids)])
            orders.filtered(lambda order: order.state == "sale")._action_cancel()
            orders.unlink()
            everything["loyalty.card.import"].search([("club_id", "=", self.club_id)]).unlink()
            everything["loyalty.membership"].search([("club_id", "=", self.club_id)]).unlink()
            everything["loyalty.card"].search([("program_id", "=", self.program_id)]).unlink()
            partners.unlink()
            club = everything["loyalty.club"].browse(self.club_id)
            programs = everything["loyalty.program"].browse(self.program_id) | club.tier_ids.program_id
            programs.write({"tier_ids": [(5,)], "club_ids": [(5,)]})
            club.tier_ids.unlink()
            club.unlink()
            programs.active = False
            programs.unlink()
            everything["product.product"].search([("name", "like", f"% {self.NAME}")]).product_tmpl_id.unlink()

    def at_once(self, *works):
        """Do all of them at the same time, each in a transaction that Odoo repeats when it must.

        :return: what they return, or the error that was raised, in their order
        """
        results = [None] * len(works)
        barrier = threading.Barrier(len(works))

        def run(number):
            barrier.wait(60)
            for _attempt in range(20):  # as a client does that is told to try again
                try:
                    with self.registry.cursor() as cr:
                        env = self.env_of(cr)
                        results[number] = retrying(lambda: works[number](env), env)  # noqa: B023
                    return
                except UserError as error:
                    results[number] = error
                    return
                except OperationalError as error:
                    results[number] = error
            # left with the last error

        threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(240)
        return results
