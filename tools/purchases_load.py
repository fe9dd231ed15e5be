"""The part of tools/purchases.py that runs inside Odoo, in a process of its own (see `loading_command` there).

A batch of customers with all their orders is one transaction, and an external id per customer tells who is there. So a
load that is killed loses at most the batch at work, and a second load adds nobody twice; the external id also
outlives a merge of contacts. Prints `progress<TAB>title<TAB>done<TAB>total` lines.
"""

import contextlib
import datetime
import itertools
import sys
from unittest.mock import patch

import odoo
import pytz
from odoo import api
from odoo.modules.registry import Registry

from . import paths, purchases, purchases_names

BATCH = 150  # customers per transaction, about three times as many orders
MODULE = "__cdnow__"  # of the external ids; the name of no addon, so that no upgrade cleans them away
SHIFT_PARAMETER = "cdnow.shift_days"
LOCK = 19970101  # of PostgreSQL's advisory locks: two loads at once into one database would both add everybody
QUIET = {"tracking_disable": True, "mail_create_nosubscribe": True, "mail_notrack": True, "no_reset_password": True}


def main(database, size, shift, first):
    odoo.tools.config.parse_config(["-c", str(paths.ODOO_CONF), "-d", database, "--log-level=warn", "--no-http"])
    registry = Registry(database)
    with registry.cursor() as lock, registry.cursor() as cr:
        lock.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not lock.fetchone()[0]:
            sys.exit("Another load of the purchases into this database is running.")
        env = api.Environment(cr, api.SUPERUSER_ID, QUIET)
        company = env.ref("base.main_company")
        Loader(env(context={**QUIET, "allowed_company_ids": company.ids}), shift == "shift").load(size, int(first))


class Loader:
    """Loads purchases into the company of `env`, committing batch by batch."""

    def __init__(self, env, shift=False):
        self.env = env
        self.company = env.company
        self.zone = pytz.timezone(self.company.partner_id.tz or "UTC")
        self.days = self._shift_days(shift)
        self.product = self._record("product_cd", "product.product", {
            "name": "CD",
            "type": "consu",
            "list_price": 12.0,
            "invoice_policy": "delivery",  # nothing is left to invoice: these orders are not open work
            "taxes_id": [],  # the records hold what was paid
            "supplier_taxes_id": [],
        })  # fmt: skip
        self.tag = self._record("tag_cdnow", "res.partner.category", {"name": "CDNOW"})
        env.cr.commit()

    def load(self, size, first=0):
        """Load the customers of that size who are not there yet.

        :param first: only so many of them (0: all)

        :returns: how many customers were added
        """
        there = self._customers_there()
        by_customer = itertools.groupby(purchases.read(size == "small"), key=lambda purchase: purchase.customer)
        wanted = itertools.islice(((number, list(bought)) for number, bought in by_customer), first or None)
        missing = [(number, bought) for number, bought in wanted if number not in there]
        total = sum(len(bought) for _number, bought in missing)
        if not missing:
            tell("nothing")
        done = 0
        for batch in (missing[start : start + BATCH] for start in range(0, len(missing), BATCH)):
            self._load_batch(batch)
            self.env.cr.commit()
            self.env.invalidate_all(flush=False)
            done += sum(len(bought) for _number, bought in batch)
            tell("progress", "Orders", done, total)
        self._count_purchases()
        return len(missing)

    def _load_batch(self, batch):
        partners = self.env["res.partner"].create([self._customer(number) for number, _bought in batch])
        self.env["ir.model.data"]._update_xmlids([
            {"xml_id": f"{MODULE}.customer_{number:05}", "record": partner}
            for (number, _bought), partner in zip(batch, partners, strict=True)
        ])  # fmt: skip
        orders = self.env["sale.order"].create([
            self._order(partner, purchase, f"CDNOW-{number:05}/{index:02}")
            for (number, bought), partner in zip(batch, partners, strict=True)
            for index, purchase in enumerate(bought, 1)
        ])  # fmt: skip
        with as_it_was(orders):
            orders.action_confirm()

    def _customer(self, number):
        return {
            **purchases_names.contact_of(number),
            "ref": f"CDNOW-{number:05}",
            "category_id": [(6, 0, self.tag.ids)],
            "customer_rank": 1,
            "lang": self.env.lang or "en_US",
        }

    def _order(self, partner, purchase, name):
        # What is given need not be computed order by order: it would come out the same for all of them.
        return {
            "name": name,
            "partner_id": partner.id,
            "partner_invoice_id": partner.id,
            "partner_shipping_id": partner.id,
            "company_id": self.company.id,
            "date_order": self._noon(purchase.day),
            "validity_date": False,
            "user_id": False,
            "team_id": False,
            "pricelist_id": False,
            "payment_term_id": False,
            "fiscal_position_id": False,
            "order_line": [(0, 0, line) for line in self._lines(purchase)],
        }

    def _lines(self, purchase):
        """Lines that add up to the cent: units that do not share the amount evenly differ in price by one cent."""
        low, dearer = divmod(purchase.cents, purchase.quantity)
        for quantity, cents in ((purchase.quantity - dearer, low), (dearer, low + 1)):
            if quantity:
                yield {
                    "name": self.product.name,
                    "product_id": self.product.id,
                    "product_uom_id": self.product.uom_id.id,
                    "product_uom_qty": quantity,
                    "price_unit": cents / 100,
                    "tax_ids": [],
                    "analytic_distribution": False,
                }

    def _noon(self, day):
        """The records give days: noon of the company's time zone is the same day nearly everywhere on earth."""
        noon = datetime.datetime.combine(day + datetime.timedelta(self.days), datetime.time(12))
        return self.zone.localize(noon).astimezone(pytz.utc).replace(tzinfo=None)

    def _shift_days(self, shift):
        parameters = self.env["ir.config_parameter"]
        known = parameters.get_param(SHIFT_PARAMETER)
        if known is not False and known is not None:
            return int(known)
        days = (datetime.date.today() - purchases.LAST_DAY).days if shift else 0
        parameters.set_param(SHIFT_PARAMETER, str(days))
        return days

    def _customers_there(self):
        data = self.env["ir.model.data"].search_fetch(
            [("module", "=", MODULE), ("model", "=", "res.partner")], ["name"]
        )
        return {int(name.removeprefix("customer_")) for name in data.mapped("name")}

    def _record(self, name, model, values):
        record = self.env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
        if not record:
            record = self.env[model].create(values)
            self.env["ir.model.data"]._update_xmlids([{"xml_id": f"{MODULE}.{name}", "record": record}])
        return record

    def _count_purchases(self):
        """Bring the figures up to date now, instead of at the next run of the scheduled job."""
        if "customer.purchase.queue" not in self.env:
            return
        queue = self.env["customer.purchase.queue"]
        total = queue.search_count([])
        done = 0
        while counted := queue._drain_batch():
            self.env.cr.commit()
            done += counted
            tell("progress", "Purchases counted", done, total)


@contextlib.contextmanager
def as_it_was(orders):
    """For purchases of the past: they keep their day, and no programme of today changes what was paid or grants points.

    Odoo dates an order by its confirmation, and looks at every confirmation for programmes that apply.
    """
    model = type(orders)
    prepare = model._prepare_confirmation_values

    def keep_date(self):
        return {name: value for name, value in prepare(self).items() if name != "date_order"}

    with contextlib.ExitStack() as patches:
        patches.enter_context(patch.object(model, "_prepare_confirmation_values", keep_date))
        if hasattr(model, "_update_programs_and_rewards"):
            patches.enter_context(patch.object(model, "_update_programs_and_rewards", lambda self: None))
        yield


def tell(*words):
    sys.stdout.write("\t".join(map(str, words)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
