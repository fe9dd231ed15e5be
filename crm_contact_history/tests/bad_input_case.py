from odoo.tests import HttpCase
from odoo.tools import mute_logger

LONG = "x" * 100_000
HALF = "half \ud83d of it"  # JSON can hold one half of a character that takes two; a database cannot
# Empty, huge, foreign, of the wrong type, malicious.
NONSENSE = (
    None, True, False, 0, -1, 1.5, 10**30, "", " ", LONG, "\x00", "x", "'; DROP TABLE res_partner; --",
    "<script>alert(1)</script>", "../../etc/passwd", "٣٤", "%", "_", HALF, "0026-01-31",
    "9999-12-31", [], [[]], ["x", 1, None], [LONG], [HALF], {}, {"id": 1}, {HALF: HALF},
)  # fmt: skip
# Words of the machine room: they help nobody who has typed something wrong.
UNHELPFUL = (
    "Traceback",
    "psycopg2",
    "invalid input syntax",
    "NoneType",
    "object has no attribute",
    "operator does not",
)


class BadInputCase(HttpCase):
    """Calls of what a program may call, over the external API, with arguments that make no sense.

    A class says ``METHODS``, ``{(model, method): right arguments}`` ("ids" are the records'), ``known``, the ids that
    stand for names in them, ``key`` of whom calls, and :meth:`what_there_is`.
    """

    METHODS = {}

    def what_there_is(self):
        """Digest of all that these methods could change."""
        raise NotImplementedError

    def right(self, arguments):
        """The arguments with the ids that stand for names."""
        filled = {
            name: self.known.get(value, value) if isinstance(value, str) else value for name, value in arguments.items()
        }
        return {**filled, "ids": [filled["ids"]]} if "ids" in filled else filled

    def call(self, model, method, arguments):
        headers = {"Authorization": f"bearer {self.key}", "X-Odoo-Database": self.env.cr.dbname}
        with mute_logger("odoo.http", "odoo.sql_db"):
            return self.url_open(f"/json/2/{model}/{method}", json=arguments, headers=headers, method="POST")

    def problems(self, model, method, arguments, what):
        """What is wrong with the answer to a call: sentences."""
        before = self.what_there_is()
        answer = self.call(model, method, arguments)
        if answer.status_code == 200:
            return  # a value that makes sense, such as no limit
        if not 400 <= answer.status_code < 500:
            yield f"{what}: {answer.status_code} {answer.text[:300]}"
            return
        message = answer.json()["message"]
        if len(message) < 10 or len(message) > 1000 or any(word in message for word in UNHELPFUL):
            yield f"{what}: the message is {message[:200]!r}"
        if self.what_there_is() != before:
            yield f"{what}: something was changed"

    def assert_answered(self, model, method):
        arguments = self.METHODS[model, method]
        right = self.right(arguments)
        answer = self.call(model, method, right)
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        problems = []
        for name in arguments:
            for value in NONSENSE:
                # Which records a method is called on is core's to read; ours is what it is called with.
                if name != "ids":
                    what = f"{method}({name}={str(value)[:30]!r})"
                    problems += self.problems(model, method, {**right, name: value}, what)
        problems += self.problems(model, method, {**right, "colour": "red"}, f"{method}(colour='red')")
        self.assertFalse(problems, "\n".join(problems))
