from contextlib import suppress

from odoo.exceptions import UserError
from odoo.fields import Date, Datetime
from odoo.models import MAGIC_COLUMNS
from odoo.tests import TransactionCase, tagged

from .record_factory import RecordFactory

# What people fill in forms of this addon for.
FORMS = (
    "contact.history.retention", "contact.plan.call", "crm.touchpoint", "crm.touchpoint.channel",
    "crm.touchpoint.outcome", "customer.asset", "customer.asset.new.owner", "customer.asset.service",
    "customer.asset.type", "customer.note",
)  # fmt: skip
# Digits that PostgreSQL cannot make short: what has an index would not fit into it.
LONG = "".join(map(str, range(20_000)))
TEXTS = ("", " ", LONG, "'; DROP TABLE res_partner; --", "<script>alert(1)</script>", "%", "٣٤")
NONSENSE = {
    "char": TEXTS,
    "text": TEXTS,
    "html": TEXTS,
    "integer": (-(2**31), 2**31 - 1),
    "float": (-1e300, 1e300),
    "date": (Date.to_date("0001-01-01"), Date.to_date("9999-12-31")),
    "datetime": (Datetime.to_datetime("0001-01-01"), Datetime.to_datetime("9999-12-31 23:59:59")),
}


@tagged("post_install", "-at_install")
class TestFormInput(TransactionCase):
    """Whatever is typed into a form is taken or refused with a sentence, and never ends in the machine room."""

    def test_nonsense_in_any_field_of_a_form_is_taken_or_refused_with_a_sentence(self):
        factory, problems = RecordFactory(self.env), []
        for model in FORMS:
            record = factory.make(model)
            for name, values in self.typed_into(record):
                for value in values:
                    problems += self.problems(record, name, value)
        self.assertFalse(problems, "\n".join(problems))

    def test_a_new_way_of_contact_or_outcome_with_an_endless_code_is_refused_with_a_sentence(self):
        for model in ("crm.touchpoint.channel", "crm.touchpoint.outcome"):
            with self.assertRaisesRegex(UserError, "32 letters", msg=model):
                self.env[model].create({"name": "Long", "code": LONG})

    def typed_into(self, record):
        """Fields that a person fills, with what he may type into them."""
        for name, field in record._fields.items():
            if field.store and not field.readonly and name not in MAGIC_COLUMNS and field.type in NONSENSE:
                yield name, NONSENSE[field.type]

    def problems(self, record, name, value):
        what = f"{record._name}.{name} = {str(value)[:30]!r}"
        try:
            with suppress(UndoneError), self.env.cr.savepoint():
                record.write({name: value})
                record.flush_recordset()
                record.invalidate_recordset()
                record.read()
                raise UndoneError
        except UserError as error:
            if len(str(error)) < 15:
                yield f"{what}: the message is {error}"
        except Exception as error:  # noqa: BLE001  the very thing that is looked for
            yield f"{what}: {type(error).__name__} {str(error)[:200]}"
        record.invalidate_recordset()


class UndoneError(Exception):
    """The value was taken; the next one is tried on the record as it was."""
