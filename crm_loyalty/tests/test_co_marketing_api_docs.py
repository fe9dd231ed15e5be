"""What is written about the interface for tills is so: the OpenAPI file, the table of errors, the example program."""

import importlib.util
import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from odoo.tests import tagged
from odoo.tools import file_open

from ..controllers import co_marketing_api, co_marketing_api_call, co_marketing_api_fields
from ..controllers.co_marketing_api_errors import ERRORS
from .co_marketing_case import TillCase

DOCS = Path(__file__).parents[2] / "docs"
KINDS = {"string": str, "integer": int, "boolean": bool, "number": int | float, "null": type(None)}


def example():
    """The example program, as a module."""
    spec = importlib.util.spec_from_file_location("partner_till", DOCS / "examples" / "partner_till.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@tagged("post_install", "-at_install")
class TestCoMarketingApiDocs(TillCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with file_open("crm_loyalty/static/partner_till/openapi.json") as file:
            cls.api = json.load(file)
        cls.schemas = cls.api["components"]["schemas"]

    def schema(self, of):
        return self.schemas[of["$ref"].rpartition("/")[2]] if "$ref" in of else of

    def assertFits(self, value, schema, where=""):
        """A JSON value is what the schema says, with no field more or less."""
        schema = self.schema(schema)
        if "oneOf" in schema:
            schema = self.schema(schema["oneOf"][0 if value is not None else 1])
        if schema["type"] == "object":
            self.assertEqual(set(value), set(schema["properties"]), where)
            self.assertEqual(set(schema["required"]), set(schema["properties"]), where)
            for name, one in value.items():
                self.assertFits(one, schema["properties"][name], f"{where}.{name}")
        elif schema["type"] == "array":
            self.assertTrue(value, f"{where}: an example is wanted")
            for one in value:
                self.assertFits(one, schema["items"], where)
        else:
            kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
            self.assertTrue(any(isinstance(value, KINDS[kind]) for kind in kinds), f"{where}: {value!r}")
            self.assertIn(value, schema.get("enum", [value]), where)

    def answer_schema(self, name):
        responses = self.api["paths"][f"{co_marketing_api.ROOT}/{name}"]["post"]["responses"]
        return responses["200"]["content"]["application/json"]["schema"]

    # -- the OpenAPI file ------------------------------------------------------------------------------------------

    def test_the_file_has_the_calls_that_there_are_and_their_fields(self):
        self.assertEqual(self.api["openapi"], "3.1.0")
        calls = {f"{co_marketing_api.ROOT}/{name}": set(fields) for name, fields in co_marketing_api.FIELDS.items()}
        written = {}
        for address, operations in self.api["paths"].items():
            self.assertEqual(list(operations), ["post"])
            body = operations["post"]["requestBody"]["content"]["application/json"]["schema"]
            written[address] = set(self.schema(body)["properties"])
        self.assertEqual(written, calls)

    def test_the_file_requires_the_fields_that_the_server_requires(self):
        good = {
            "VerifyRequest": ("verify", {"card": "0"}),
            "RedeemRequest": ("redeem", {"card": "0", "benefit": 1}),
            "VoidRequest": ("void", {"receipt": 1, "reason": "x"}),
            "StatementRequest": ("statement", {"from": "2026-01-01", "to": "2026-01-02"}),
        }
        for schema, (name, fields) in good.items():
            self.assertEqual(self.schemas[schema]["required"], list(fields))
            for field in fields:
                left = {key: value for key, value in fields.items() if key != field}
                answer = self.call(name, once=self.key(), **left)
                self.assertRefused(answer, 422, "wrong_value")
                self.assertIn(field, answer.json()["error"]["message"])
            self.assertNotIn(self.call(name, once=self.key(), **fields).status_code, (400, 422))

    def test_limits_in_the_file_are_the_servers(self):
        reason = self.schemas["VoidRequest"]["properties"]["reason"]
        self.assertEqual(reason["maxLength"], co_marketing_api.REASON_LENGTH)
        parameter = self.api["paths"]["/partner-till/v1/redeem"]["post"]["parameters"][0]
        self.assertEqual(parameter["schema"]["pattern"], f"^{co_marketing_api_fields.IDEMPOTENCY_KEY.pattern}$")
        self.assertIn(f"{co_marketing_api_call.CALLS_A_MINUTE} calls a minute", (DOCS / "partner-api.md").read_text())

    def test_real_answers_are_what_the_file_says(self):
        verified = self.verify(amount=250).json()
        redeemed = self.till_redeem().json()
        voided = self.call("void", receipt=redeemed["id"], reason="Wrong").json()
        self.redeem()
        days = {"from": str(self.today - timedelta(days=1)), "to": str(self.today + timedelta(days=1))}
        statement = self.call("statement", limit=1, **days).json()
        answers = {"verify": verified, "redeem": redeemed, "void": voided, "statement": statement}
        for name, answer in answers.items():
            self.assertFits(answer, self.answer_schema(name), name)
        self.assertEqual(self.verify(card="none").json(), {"valid": False, "member": None, "benefits": []})

    def test_refusals_are_of_a_status_and_code_that_the_file_lists(self):
        tries = [
            ("verify", {"key": "wrong"}), ("verify", {"method": "GET"}), ("verify", {"body": "x"}),
            ("redeem", {"card": self.number, "benefit": 1}), ("redeem", {"once": "k" * 9, "card": "0", "benefit": 1}),
            ("void", {"receipt": 1, "reason": "x"}), ("void", {"receipt": self.redeem().id, "reason": "x"}),
            ("statement", {"from": "x"}), ("statement", {"body": "x" * 20_000}),
        ]  # fmt: skip
        for name, sent in tries:
            answer = self.call(name, **sent)
            written = self.api["paths"][f"{co_marketing_api.ROOT}/{name}"]["post"]["responses"]
            self.assertFits(answer.json(), self.schemas["Error"], name)
            self.assertIn(answer.json()["error"]["code"], written[str(answer.status_code)]["description"].split(", "))

    # -- the errors ------------------------------------------------------------------------------------------------

    def test_file_table_and_server_have_the_same_errors(self):
        self.assertEqual(self.schemas["Error"]["properties"]["error"]["properties"]["code"]["enum"], list(ERRORS))
        table = re.findall(r"^\| `(\w+)` \| (\d+) \| (.+) \| (.+) \|$", (DOCS / "partner-api.md").read_text(), re.M)
        said = [(code, str(status), message._source, hint._source) for code, (status, message, hint) in ERRORS.items()]
        self.assertEqual(table, said)

    def test_each_error_of_a_call_stands_under_its_status_and_each_is_used(self):
        written = set()
        for operations in self.api["paths"].values():
            for status, response in operations["post"]["responses"].items():
                if status != "200":
                    codes = response["description"].split(", ")
                    self.assertEqual({ERRORS[code][0] for code in codes}, {int(status)})
                    written |= set(codes)
        self.assertEqual(set(ERRORS) - written, {"no_such_address"})
        sources = "".join(
            path.read_text() for path in Path(co_marketing_api.__file__).parent.glob("co_marketing_api*.py")
        )
        for code in ERRORS:
            self.assertIn(f'TillError("{code}"', sources)

    # -- the example program ---------------------------------------------------------------------------------------

    def test_the_example_verifies_redeems_tries_again_voids_and_lists(self):
        till = example().Till(self.base_url(), self.clear, self.env.cr.dbname)
        with self.allow_requests(all_requests=True):
            benefit = till.verify(self.number, 250)["benefits"][0]
            first = till.redeem(self.number, benefit["id"], 250, once="example-0001")
            again = till.redeem(self.number, benefit["id"], 250, once="example-0001")
            other = till.redeem(self.number, benefit["id"], 40)
            voided = till.void(other["id"], "Wrong table")
            statement = till.statement(first["happened_at"][:10], first["happened_at"][:10], limit=1)
        self.assertEqual((benefit["discount"], first), (25.0, again))
        self.assertEqual(voided["state"], "voided")
        self.assertEqual([row["id"] for row in statement["receipts"]], [other["id"], first["id"]])
        self.assertEqual((statement["totals"][0]["redemptions"], statement["totals"][0]["amount"]), (1, 250.0))
        self.assertEqual(len(self.booked()), 2)

    def test_four_examples_that_send_the_same_at_once_get_one_receipt(self):
        """The tests' server answers one after the other; truly at the same time: tests/test_co_marketing_parallel.py."""
        till = example().Till(self.base_url(), self.clear, self.env.cr.dbname)
        number, benefit = self.number, self.benefit.id
        with self.allow_requests(all_requests=True), ThreadPoolExecutor(4) as pool:
            receipts = list(pool.map(lambda _n: till.redeem(number, benefit, 70, once="sent-at-once"), range(4)))
        self.assertEqual((receipts, len(self.booked())), ([receipts[0]] * 4, 1))

    def test_the_example_says_what_was_refused(self):
        module = example()
        till = module.Till(self.base_url(), "till_forged", self.env.cr.dbname)
        with self.allow_requests(all_requests=True), self.assertRaises(module.Refused) as caught:
            till.verify(self.number)
        self.assertEqual((caught.exception.status, caught.exception.code), (401, "wrong_key"))
