"""Makes a record of any model, with the least that makes it valid.

The nets that walk over all models (structure, merging, access, install matrix) need *some* record of a model which they
know nothing of. Required fields are filled by type, many-to-ones with a record that is already there or a new one.
"""

import contextlib
import itertools

from odoo import fields
from odoo.models import MAGIC_COLUMNS

# Values of types of which one is as good as another.
ALIKE = {"float": 1.0, "monetary": 1.0, "binary": b"Qml0cw=="}
# Records of these are configuration that every database has: one that is there is taken, none is made.
GIVEN = frozenset(
    {
        "ir.model", "ir.model.fields", "mail.activity.type", "res.company", "res.country", "res.currency",
        "res.lang", "res.users", "resource.calendar", "uom.uom",
    }
)  # fmt: skip
# What `required` does not tell of a core model, but its own checks do.
ALSO_NEEDED = {
    "co.marketing.redemption": ("membership_id", "card_id", "outlet_id"),
    "loyalty.card": ("partner_id", "program_id"),
    "sale.order.line": ("product_id",),
    "service.ticket": ("partner_id",),
}
# There is one of each company, made by the system itself: the one that is there is taken.
ONE_PER_COMPANY = frozenset({"customer.purchase.build", "retention.summary"})
# Two records of such a model cannot share it: a new one is made each time.
NEVER_SHARED = frozenset({"mailing.subscription.contact_id"})
# Which of several kinds of a core model is meant when a record of ours needs one.
SUITABLE = {
    "loyalty.program": [("program_type", "=", "loyalty"), ("applies_on", "=", "both"), ("trigger", "=", "auto")],
}
# Fields for one of our own addresses: contacts under the company's contact, and nothing of the customer.
BRANCHES = frozenset({"service.filing.request.branch_id", "service.ticket.branch_id"})


class CannotMake(Exception):
    """No valid record of a model could be made; the cause says what was missing."""


class RecordFactory:
    def __init__(self, env):
        self.env = env(context={**env.context, "mail_create_nolog": True, "tracking_disable": True})
        self._numbers = itertools.count(1)
        self._making = []

    def make(self, model_name, **values):
        """A new record of a model, with the given values and whatever else is required.

        :raises CannotMake: with the cause
        """
        if model_name in ONE_PER_COMPANY and (there := self._of_company(model_name, **values)):
            return there
        if model_name in self._making:
            raise CannotMake(f"{' > '.join(self._making)} > {model_name}: each needs the next one")
        self._making.append(model_name)
        try:
            with self.env.cr.savepoint():
                record = self.env[model_name].create(self.values_for(model_name, **values))
                self.env.flush_all()
                return record
        except CannotMake:
            raise
        except Exception as error:
            raise CannotMake(f"{model_name}: {type(error).__name__}: {error}") from error
        finally:
            self._making.pop()

    def _of_company(self, model_name, company_id=None, **_values):
        return self.env[model_name].search([("company_id", "=", company_id or self.env.company.id)])

    def contacts_for(self, field, values_list):
        """New contacts of these values, such as the field takes."""
        place = {"parent_id": self.env.company.partner_id.id} if str(field) in BRANCHES else {}
        return self.env["res.partner"].create([{**values, **place} for values in values_list])

    def values_for(self, model_name, **values):
        """What `make` creates the record with, without creating it."""
        model = self.env[model_name]
        wanted = [name for name in self._needed(model) if name not in values]
        defaults = model.default_get(wanted)
        for name in wanted:
            if defaults.get(name) in (None, False) and model._fields[name].type != "boolean":
                values[name] = self.value_of(model._fields[name])
        return values

    def _needed(self, model):
        by_hand = ALSO_NEEDED.get(model._name, ())
        inherited = set(model._inherits.values())
        for name, field in model._fields.items():
            filled_by_odoo = field.compute or field.related or name in inherited or name in MAGIC_COLUMNS
            if name in by_hand or (field.required and field.store and not filled_by_odoo):
                yield name

    def value_of(self, field):
        """A valid value of a field, in the shape that `create` takes."""
        number = next(self._numbers)
        if field.name in ("res_model", "model") and field.type == "char":
            return "res.partner"
        if field.name == "res_id":
            return self.one("res.partner").id
        if field.type in ALIKE:
            return ALIKE[field.type]
        match field.type:
            case "char" | "text" | "html":
                return f"{field.name} {number}"
            case "integer":
                return number
            case "date":
                return fields.Date.today()
            case "datetime":
                return fields.Datetime.now()
            case "selection":
                return field.get_values(self.env)[0]
            case "many2one":
                return self.one_of(field).id
            case "many2many":
                return [(6, 0, self.one_of(field).ids)]
            case "reference":
                return f"res.partner,{self.one('res.partner').id}"
            case "many2one_reference":
                return self.one("res.partner").id
            case "json":
                return {"number": number}  # an empty one is stored as NULL
            case "properties" | "properties_definition":
                return {}
        raise CannotMake(f"{field}: no value is known for the type {field.type}")

    def one_of(self, field):
        """A record that a relational field may point to, a new one when there is none yet."""
        if str(field) in NEVER_SHARED:
            return self.make(field.comodel_name)
        domain = field.domain if isinstance(field.domain, list) else []
        return self.one(field.comodel_name, domain or SUITABLE.get(field.comodel_name, []))

    def one(self, model_name, domain=()):
        if model_name == "res.company":
            return self.env.company
        if model_name == "res.users":
            return self.env.user
        found = self.env[model_name].search(list(domain), limit=1)
        if not found and model_name in GIVEN:
            raise CannotMake(f"{model_name}: this database has none")
        return found or self.make(model_name, **self._values_of_domain(domain))

    @staticmethod
    def _values_of_domain(domain):
        """The `name = value` conditions of a domain, so that a new record satisfies them."""
        with contextlib.suppress(TypeError, ValueError):
            return {name: value for name, operator, value in domain if operator == "=" and "." not in name}
        return {}
