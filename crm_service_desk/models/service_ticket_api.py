import base64
import binascii
import re

from odoo import api, fields, models
from odoo.addons.crm_contact_history.plausible import database_text, is_plausible, legible
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import email_normalize
from odoo.tools.mail import email_split_tuples

GROUP = "crm_service_desk.group_service_user"
LONGEST = {"subject": 200, "description": 20_000, "name": 80, "email": 254, "phone": 32, "remedy_sought_text": 500}
LONGEST_KEY = 128
LONGEST_ANSWER = 50_000  # longer ones are cut, and then refused as too long
MAX_FILES, MAX_FILE_BYTES = 10, 10 * 1024 * 1024


class ServiceTicket(models.Model):
    """Other programs file tickets: the documented interface, see ``docs/tickets-api.md``."""

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def file(self, subject, description=None, key=None, customer=None, **more):
        """File a ticket from another program; the same key gives the same ticket.

        Called by RPC or as ``POST /json/2/service.ticket/file``, with the API key of a user with the right "Service
        Desk: Agent". The ticket is of the first company of that user.

        :param str subject: in a few words
        :param str description: what happened, as plain text
        :param str key: the program's own number of this request, up to 128 characters; told twice it files once
        :param dict customer: ``id`` of a contact, or ``email`` with ``name`` and ``phone``: a known customer is taken, an
            unknown one becomes a contact. Where several customers have the address, none is guessed
        :param more: ``type`` (complaint, question, request), ``category`` (id, or full name such as "Product / Coffee"),
            ``answers`` ({label or technical name of a question: value}), ``remedy_sought``, ``remedy_sought_text``,
            ``severity``, ``safety_concern``, ``impact``, ``order`` (number), ``product`` (internal reference), ``asset``
            (plate or serial number), ``branch`` (name), ``team`` (id), ``received_on`` (UTC, "2026-12-31 09:30:00"),
            ``files`` (list of {"name": …, "content": base64})
        :return: ``{"id": int, "number": str, "url": str, "created": bool}``
        :raises AccessError: when the calling user may not file tickets
        :raises ValidationError: with a sentence that says what is wrong; nothing is filed then
        """
        if not self.env.user.has_group(GROUP):
            raise AccessError(
                self.env._("Tickets are filed by users with the access right “Service Desk: Agent” only.")
            )
        token = self._api_key(key)
        # sudo: the user's own request, by its key, after his right was checked
        known = token and self.sudo().search([("create_uid", "=", self.env.uid), ("submission_token", "=", token)])
        if known:
            return known._api_answer(created=False)
        values = {
            "name": self._api_text("subject", subject, required=True),
            "description": self._api_text("description", description),
            "channel": "api",
            "company_id": self.env.company.id,
            **self._api_customer(customer),
        }
        unknown = set(more) - set(self._api_arguments())
        if unknown:
            raise ValidationError(self.env._("There is no argument “%s”.", legible(sorted(unknown)[0], 50)))
        files = self._api_files(more.pop("files", None))
        for name, value in more.items():
            if value not in (None, False, ""):
                values.update(self._api_arguments()[name](name, value, values))
        if "answers" in more:
            values["properties"] = self._api_answers(more["answers"], values.get("category_id"))
        # sudo: the right to file was checked; a colleague may have filed under the same rules of a private team
        ticket = self.sudo()._file_once(values, files, token)
        return ticket._api_answer(created=True)

    def _api_answer(self, created):
        self.ensure_one()
        return {
            "id": self.id,
            "number": self.number,
            "url": f"{self.get_base_url()}/odoo/tickets/{self.id}",
            "created": created,
        }

    @api.model
    def _api_arguments(self):
        """What reads each further argument: {name: function of name, value and the values so far, that gives values}."""
        choice, record = self._api_choice, self._api_record
        return {
            "type": choice,
            "remedy_sought": choice,
            "severity": choice,
            "impact": choice,
            "remedy_sought_text": lambda name, value, _values: {name: self._api_text(name, value)},
            "safety_concern": lambda name, value, _values: {name: value is True},
            "received_on": self._api_received_on,
            "category": record("service.category", "category_id", "complete_name"),
            "order": record("sale.order", "sale_order_id", "name"),
            "product": record("product.product", "product_id", "default_code"),
            "asset": record("customer.asset", "asset_id", "identifier"),
            "branch": self._api_branch,
            "team": record("service.team", "team_id", "name"),
            "answers": lambda name, value, _values: {},
            "files": lambda name, value, _values: {},
        }

    # The arguments, each checked -------------------------------------------------------------------------

    @api.model
    def _api_key(self, key):
        if key is None or key is False or key == "":
            return None
        if not isinstance(key, str) or len(key) > LONGEST_KEY or not key.isprintable():
            raise ValidationError(self.env._("The key is to be a text of up to %s characters.", LONGEST_KEY))
        return f"api {key}"

    @api.model
    def _api_text(self, name, value, required=False):
        if value is None or value is False:
            value = ""
        if not isinstance(value, str):
            raise ValidationError(self.env._("“%s” is to be a text.", name))
        text = database_text(value).replace("\r\n", "\n").strip()
        if required and not text:
            raise ValidationError(self.env._("“%s” is empty.", name))
        if len(text) > LONGEST[name]:
            raise ValidationError(
                self.env._(
                    "“%(name)s” has %(length)s characters; at most %(longest)s are possible.",
                    name=name,
                    length=len(text),
                    longest=LONGEST[name],
                )
            )
        return text or False

    @api.model
    def _api_customer(self, customer):
        if not customer:
            return {"partner_id": False}
        if not isinstance(customer, dict):
            raise ValidationError(self.env._("“customer” is to be an object with “id”, or with “email” and “name”."))
        if "id" in customer:
            partner = self.env["res.partner"].browse(self._api_id("customer", customer["id"])).exists()
            if not partner or not partner.has_access("read"):
                raise ValidationError(self.env._("There is no contact with the id %s.", customer["id"]))
            return {"partner_id": partner.id}
        address = email_normalize(self._api_text("email", customer.get("email"), required=True))
        if not address:
            raise ValidationError(self.env._("“email” is to be one e-mail address, such as name@example.com."))
        partner, unclear = self._customer_with_address(address, self.env.company)
        if not partner and not unclear:
            [(name, _address)] = email_split_tuples(database_text(customer["email"]))[:1]
            name = self._api_text("name", customer.get("name")) or name
            phone = self._api_text("phone", customer.get("phone"))
            partner = self._new_customer(address, name, self.env["res.company"], phone=phone)
        return {"partner_id": partner.id, "sender_email": address}

    @api.model
    def _api_id(self, name, value):
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**31:
            raise ValidationError(self.env._("“%s”: a record is named by its id, a whole number above zero.", name))
        return value

    @api.model
    def _api_choice(self, name, value, _values):
        choices = [code for code, _label in self._fields[name].selection]
        if value not in choices:
            raise ValidationError(
                self.env._("“%(name)s” is to be one of: %(choices)s.", name=name, choices=", ".join(choices))
            )
        return {name: value}

    @api.model
    def _api_received_on(self, name, value, _values):
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?Z?", value):
            raise ValidationError(self.env._("“%s” is to be a time in UTC, such as “2026-12-31 09:30:00”.", name))
        try:
            moment = fields.Datetime.to_datetime(value.rstrip("Z").replace("T", " ").ljust(19, ":")[:16] + ":00")
        except ValueError as error:
            raise ValidationError(self.env._("“%s” is no time that there is.", value)) from error
        if moment > fields.Datetime.now():
            raise ValidationError(self.env._("“%s” lies ahead.", name))
        if not is_plausible(moment):
            raise ValidationError(self.env._("The year %s cannot be meant: look at the time.", moment.year))
        return {"date_received": moment}

    @api.model
    def _api_record(self, model, field, key):
        """A reader of an argument that names a record, by its id or by a text."""

        def read(name, value, _values):
            records = self.env[model]
            if isinstance(value, str) and 0 < len(value) <= 200 and value == database_text(value):
                domain = [(key, "=", value)]
            else:
                domain = [("id", "=", self._api_id(name, value))]
            if "company_id" in records._fields:
                domain += [("company_id", "in", [False, self.env.company.id])]
            try:
                found = records.search(domain, limit=2)
            except AccessError:
                found = records
            if len(found) != 1:
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: there is no single record “%(value)s” that the calling user may read.",
                        name=name,
                        value=value,
                    )
                )
            return {field: found.id}

        return read

    @api.model
    def _api_branch(self, name, value, _values):
        found = self.env.company._branches().filtered(lambda branch: value in (branch.id, branch.name))
        if len(found) != 1:
            raise ValidationError(
                self.env._("“%(name)s”: we have no single branch “%(value)s”.", name=name, value=legible(value))
            )
        return {"branch_id": found.id}

    @api.model
    def _api_answers(self, answers, category):
        answers = legible(answers, LONGEST_ANSWER)
        if not isinstance(answers, dict):
            raise ValidationError(self.env._("“answers” is to be an object: the questions with their answers."))
        category = self.env["service.category"].browse(category or [])
        names = {question["name"]: question["name"] for question in category._questions()} if category else {}
        names |= {question["label"]: question["name"] for question in category._questions()} if category else {}
        for question in answers:
            if question not in names:
                raise ValidationError(self.env._("The category does not ask “%s”.", question[:100]))
        try:
            return (
                category._checked_answers({names[name]: value for name, value in answers.items()}) if category else {}
            )
        except UserError as error:
            raise ValidationError(str(error)) from error

    @api.model
    def _api_files(self, files):
        if not files:
            return []
        if not isinstance(files, list) or len(files) > MAX_FILES:
            raise ValidationError(self.env._("“files” is to be a list of at most %s files.", MAX_FILES))
        checked = []
        for file in files:
            try:
                name, content = file["name"], base64.b64decode(file["content"], validate=True)
            except (TypeError, KeyError, ValueError, binascii.Error) as error:
                raise ValidationError(
                    self.env._("A file is to be an object with “name” and “content”, which is in base64.")
                ) from error
            if not isinstance(name, str) or len(content) > MAX_FILE_BYTES:
                raise ValidationError(self.env._("A file has a name, and at most 10 MB."))
            checked.append((database_text(name)[:200] or "file", content))
        return checked
