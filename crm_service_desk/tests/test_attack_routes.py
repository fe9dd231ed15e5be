"""Every HTTP route of the addon, found by introspection, attacked by everybody whom it does not concern.

A new route fails the first test until it is declared here: who may call it, by which methods, and what a GET may change.
"""

import functools
import json
import re
from typing import NamedTuple

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .attack_common import ADDON, SECRET, AttackCase
from .common import ServiceDeskHttpCase


class Route(NamedTuple):
    """What is expected of a route.

    :ivar auth: "user" or "public", as in the route itself
    :ivar why_open: for "public": what keeps strangers out, or why nobody has to be kept out
    :ivar logs: tables that any call may write to, such as the count of attempts
    :ivar why_no_csrf: for a POST without CSRF token: what protects instead
    """

    auth: str
    why_open: str = ""
    logs: tuple = ()
    why_no_csrf: str = ""


class Found(NamedTuple):
    """A route as it is: its address with converters, and what answers."""

    rule: str
    endpoint: object

    @property
    def methods(self):
        """Those it says; one that says none only reads, and is tried by GET."""
        return sorted(set(self.endpoint.routing["methods"] or ["GET"]) - {"OPTIONS", "HEAD"})

    @property
    def name(self):
        return f"{' '.join(self.methods)} {self.rule}"

    @property
    def is_http(self):
        return self.endpoint.routing.get("type", "http") == "http"


FOR_ALL = "articles published for the public, read with the reader's own rights"
ROUTES = {
    "GET /my/tickets": Route("user"),
    "GET /my/tickets/page/<int:page>": Route("user"),
    "GET /my/tickets/new": Route("user"),
    "GET /my/tickets/alike": Route("user"),
    "POST /my/tickets/new": Route("user"),
    "GET /service/new": Route("public", why_open="an empty form"),
    "POST /service/new": Route("public", why_open="nothing is filed before the address is confirmed; limited"),
    "GET /service/sent": Route("public", why_open="says the same to everybody"),
    "GET /service/confirm/<string:token>": Route("public", why_open="the token, sent to the address"),
    "POST /service/confirm/<string:token>": Route("public", why_open="the token, sent to the address"),
    "GET /help": Route("public", why_open=FOR_ALL, logs=("service_article_miss", "service_help_limit")),
    "GET /help/<string:slug>": Route("public", why_open=FOR_ALL, logs=("service_article_day",)),
    "GET /help/<int:article_id>/text": Route("public", why_open=FOR_ALL, logs=("service_article_day",)),
    "GET /help/<int:article_id>/file/<int:file_id>": Route("public", why_open=FOR_ALL),
    "POST /help/<int:article_id>/vote": Route(
        "public", why_open=FOR_ALL, logs=("service_article_vote", "service_help_limit")
    ),
    "POST /help/<int:article_id>/solved": Route(
        "public", why_open=FOR_ALL, logs=("service_article_day", "service_help_limit")
    ),
    "POST /help/suggest": Route("public", why_open=FOR_ALL, why_no_csrf="it only reads"),
    "GET /my/tickets/<int:ticket_id>": Route("public", why_open="the ticket's token, or its customer's login"),
    "POST /my/tickets/<int:ticket_id>/remedies/<int:remedy_id>/accept": Route(
        "public", why_open="as the ticket's page"
    ),
    "POST /my/tickets/<int:ticket_id>/remedies/<int:remedy_id>/reject": Route(
        "public", why_open="as the ticket's page"
    ),
    "POST /my/tickets/<int:ticket_id>/close": Route("public", why_open="as the ticket's page"),
    "POST /my/tickets/<int:ticket_id>/reopen": Route("public", why_open="as the ticket's page"),
    "POST /my/tickets/<int:ticket_id>/rate": Route("public", why_open="as the ticket's page"),
    "GET /tickets/feedback/<string:token>": Route("public", why_open="the token of the mail that asks"),
    "POST /tickets/feedback/<string:token>": Route("public", why_open="the token of the mail that asks"),
    "POST /tickets/feedback/<string:token>/never": Route("public", why_open="the token of the mail that asks"),
}
# Of core, called with a ticket that is not the caller's.
CORE_ROUTES = (
    "/web/content/{file}",
    "/web/content/{file}?access_token=x",
    "/web/image/{file}",
    "/web/content/service.ticket/{ticket}/description",
    "/web/content/service.ticket/{ticket}/access_token",
    "/web/image/service.ticket/{ticket}/name",
    "/mail/view?model=service.ticket&res_id={ticket}",
    "/mail/message/{message}",
    "/odoo/tickets/{ticket}",
    "/my/home",
    "/my/tickets?search=" + SECRET,
    "/rate/{token}/5",
)
CORE_CALLS = {
    "/mail/thread/data": {"thread_model": "service.ticket", "thread_id": "{ticket}", "request_list": ["followers"]},
    "/mail/thread/messages": {"thread_model": "service.ticket", "thread_id": "{ticket}"},
    "/mail/chatter_fetch": {"thread_model": "service.ticket", "thread_id": "{ticket}", "token": "x"},
    "/mail/message/post": {
        "thread_model": "service.ticket",
        "thread_id": "{ticket}",
        "post_data": {"body": "Intruder", "message_type": "comment", "subtype_xmlid": "mail.mt_comment"},
        "token": "x",
    },
    "/mail/message/update_content": {"message_id": "{message}", "update_data": {"body": "Intruder"}},
    "/mail/message/reaction": {"message_id": "{message}", "content": "👍", "action": "add"},
    "/my/counters": {"counters": ["ticket_count", "ticket_waiting_count"]},
    "/web/dataset/call_kw/service.ticket/search_read": {
        "model": "service.ticket",
        "method": "search_read",
        "args": [[["name", "ilike", SECRET]], ["name", "description", "access_token"]],
        "kwargs": {"context": {"active_test": False, "ticket_deletion_reason": "x"}},
    },
}
# Tried for each parameter of each route.
NONSENSE = ("", "x", "-1", "0", "99999999999999999999", "1.5", "' OR 1=1 --", "%00", "\u202e", "[]", "%s")


@tagged("post_install", "-at_install")
class TestAttackRoutes(ServiceDeskHttpCase, AttackCase, HttpCase):
    # -- what there is -------------------------------------------------------------------------------------------

    @functools.cache  # noqa: B019  the routes of Odoo are gathered once per test
    def rules(self):
        """The addon's routes, and those of core that it extends."""
        return list(self._rules())

    def _rules(self):
        http = self.env["ir.http"]
        modules = sorted(self.registry._init_modules)
        for url, endpoint in http._generate_routing_rules(modules, converters=http._get_converters()):
            method = endpoint.func
            classes = type(method.__self__).__mro__
            if any(
                method.__name__ in cls.__dict__ and cls.__module__.startswith(f"odoo.addons.{ADDON}.")
                for cls in classes
            ):
                yield Found(url, endpoint)

    def problems(self, rule, expected):
        routing = rule.endpoint.routing
        if expected is None:
            yield "is declared nowhere: say in ROUTES who may call it"
            return
        if routing["auth"] != expected.auth:
            yield f"has auth={routing['auth']!r}, declared is {expected.auth!r}"
        if expected.auth != "user" and not expected.why_open:
            yield "is open and does not say what keeps strangers out"
        if routing.get("csrf") is False and not expected.why_no_csrf and rule.is_http:
            yield "has no CSRF protection and does not say what protects it instead"

    def test_every_route_is_declared_with_its_methods_and_its_protection(self):
        rules = self.rules()
        found = [f"{rule.name} {problem}" for rule in rules for problem in self.problems(rule, ROUTES.get(rule.name))]
        self.assertFalse(found, "\n" + "\n".join(found))
        self.assertEqual(set(ROUTES) - {rule.name for rule in rules}, set(), "declared, but not there")

    def test_a_route_that_nobody_declared_is_found(self):
        rule = self.rules()[0]
        self.assertTrue(list(self.problems(rule, None)))
        self.assertTrue(list(self.problems(rule, Route("public"))))

    # -- calling -------------------------------------------------------------------------------------------------

    def address(self, rule, ticket=None, value=None):
        """The address of a rule, with the ids of Siti's records, or ``value``, in it."""

        def filled(match):
            converter, name = match[1] or "string", match[2]
            if value is not None:
                return value
            if converter == "int" and name == "page":
                return "1"
            if converter.startswith(("int", "model")):
                return str(self._id_for(name, converter, ticket or self.ticket))
            return "0" * 32

        return re.sub(r"<(?:([^:<>]+(?:\([^)]*\))?):)?(\w+)>", filled, rule.rule)

    def _id_for(self, name, converter, ticket):
        model = re.search(r"model\(['\"]([\w.]+)['\"]", converter)
        key = model[1] if model else f"service.{name.removesuffix('_id').replace('_', '.')}"
        sample = self.samples.get(key)
        return ticket.id if key == "service.ticket" or not sample else sample.id

    def given(self, rule, value):
        return {parameter.name: value for parameter in self.parameters(rule.endpoint.func.__func__)}

    def call(self, rule, address, method, parameters):
        """The answer: its text with the addresses it leads to."""
        if not rule.is_http:
            return self.url_open(
                address,
                data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": parameters}),
                headers={"Content-Type": "application/json"},
            )
        if method == "POST":
            return self.url_open(address, data={**parameters, "csrf_token": self.token()}, allow_redirects=False)
        return self.url_open(address, params=parameters, allow_redirects=False, method="GET")

    def logs(self, rule):
        return set(ROUTES[rule.name].logs) if rule.name in ROUTES else set()

    def told(self, answer):
        return answer.text + str(answer.headers)

    # -- strangers -----------------------------------------------------------------------------------------------

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.models")
    def test_no_route_tells_a_stranger_or_lets_him_change_anything(self):
        found = []
        tokens = ("", "x", self.budis.access_token)
        for user in self.strangers:
            self.enter(None if user == self.public else user)
            for rule in self.rules():
                for method in rule.methods:
                    for token in tokens:
                        found += self._attacked(rule, method, user, {"access_token": token, "token": token})
        self.assertFalse(found, "\n" + "\n".join(found))

    def _attacked(self, rule, method, user, parameters):
        address = self.address(rule)
        if method == "POST" and "<" not in rule.rule:
            return  # it names no record of Siti's: what one may do with one's own is told by the other tests
        before = self.snapshot()
        answer = self.call(rule, address, method, parameters)
        who = f"{method} {address} {parameters} by {user.login}"
        if SECRET in self.told(answer):
            yield f"{who}: tells of the ticket"
        if answer.status_code >= 500:
            yield f"{who}: {answer.status_code}"
        if changed := set(self.changed_since(before)) - self.logs(rule):
            yield f"{who}: changes {sorted(changed)}"

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.models", "odoo.addons.http_routing")
    def test_no_route_of_core_tells_a_stranger_or_lets_him_change_anything(self):
        ids = {
            "ticket": self.ticket.id, "file": self.file.id, "message": self.message.id, "token": self.budis.access_token
        }  # fmt: skip
        for user in self.strangers:
            self.enter(None if user == self.public else user)
            before = self.snapshot()
            for address in CORE_ROUTES:
                answer = self.url_open(address.format(**ids))
                asked = address.partition("?")[0]
                told = self.told(answer).replace(f"search={SECRET}", "").replace(f'value="{SECRET}"', "")
                if SECRET not in asked and f"/my/tickets?search={SECRET}" != address:
                    self.assertNotIn(SECRET, told, f"{address} tells {user.login}")
                self.assertNotIn("Subject " + SECRET, told, f"{address} tells {user.login}")
                self.assertLess(answer.status_code, 500, address)
            for address, parameters in CORE_CALLS.items():
                text = json.dumps(parameters)
                for name, value in ids.items():
                    text = text.replace(f'"{{{name}}}"', json.dumps(value))
                answer = self.url_open(
                    address,
                    data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": json.loads(text)}),
                    headers={"Content-Type": "application/json"},
                )
                told = answer.json().get("result") or "" if answer.text.startswith("{") else answer.text
                self.assertNotIn(SECRET, str(told), f"{address} tells {user.login}")
            self.assertEqual(self.changed_since(before), [], user.login)

    def test_the_net_finds_a_route_that_tells(self):
        """The customer himself is told: a page that shows nothing to anybody would pass every attack."""
        self.enter(self.siti_user)
        told = [rule.rule for rule in self.rules() if SECRET in self.call(rule, self.address(rule), "GET", {}).text]
        self.assertIn("/my/tickets", told)
        self.assertIn("/my/tickets/<int:ticket_id>", told)

    # -- changing ------------------------------------------------------------------------------------------------

    @mute_logger("odoo.http")
    def test_reading_changes_nothing(self):
        for user in (self.siti_user, self.manager):
            self.enter(user)
            for rule in self.rules():
                if "GET" in rule.methods:
                    before = self.snapshot()
                    self.call(rule, self.address(rule), "GET", {})
                    changed = set(self.changed_since(before)) - self.logs(rule)
                    self.assertFalse(changed, f"GET {rule.rule} changes {sorted(changed)}")

    @mute_logger("odoo.http")
    def test_no_post_without_a_csrf_token_is_taken(self):
        self.enter(self.siti_user)
        for rule in self.rules():
            expected = ROUTES.get(rule.name, Route("user"))
            if "POST" not in rule.methods or not rule.is_http or expected.why_no_csrf:
                continue
            before = self.snapshot()
            answer = self.url_open(self.address(rule), data={"x": "1", **self.given(rule, "1")}, allow_redirects=False)
            self.assertIn(answer.status_code, (400, 403), f"POST {rule.rule} without a CSRF token")
            self.assertEqual(self.changed_since(before), [], rule.rule)

    # -- nonsense ------------------------------------------------------------------------------------------------

    @mute_logger("odoo.http", "odoo.models", "odoo.addons.base.models.ir_rule")
    def test_nonsense_in_any_parameter_is_answered_and_never_breaks(self):
        self.enter(self.siti_user)
        broken = []
        for rule in self.rules():
            for method in rule.methods:
                for value in NONSENSE:
                    for address in {self.address(rule), self.address(rule, value=value.replace("%", "%25") or "0")}:
                        answer = self.call(rule, address, method, self.given(rule, value))
                        if answer.status_code >= 500 or (
                            '"odoo.exceptions' not in answer.text
                            and ('"message": "Odoo Server Error"' in answer.text and "werkzeug" not in answer.text)
                        ):
                            broken.append(f"{method} {address} with {value!r}: {answer.status_code}")
        self.assertFalse(broken, "\n" + "\n".join(broken))
