"""Odoo's web server in this process, and a person who is logged in: for rows that compare what a browser waits for."""

import functools
import http.client
import json
import threading

import odoo.http
from odoo import api
from odoo.modules.registry import Registry
from odoo.service import security, server


class Browser:
    """Calls methods of models as the web client does, one request after the other."""

    def __init__(self, database, login):
        self.port = _server().server_port
        self.headers = {"Content-Type": "application/json", "Cookie": f"session_id={_session(database, login)}"}

    def call(self, model, method, *args, **kwargs):
        """One request.

        :raises RuntimeError: when the server answers with an error
        """
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        # A connection for each request: Odoo's threaded server closes it.
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        try:
            connection.request("POST", f"/web/dataset/call_kw/{model}/{method}", body, self.headers)
            answer = json.load(connection.getresponse())
        finally:
            connection.close()
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]


@functools.cache
def browser(database, login):
    return Browser(database, login)


@functools.cache
def _server():
    """The threaded server that Odoo starts without workers, at a free port, for as long as this process lives."""
    server.load_server_wide_modules()
    web = server.ThreadedWSGIServerReloadable("127.0.0.1", 0, odoo.http.root)
    web.daemon_threads = True
    threading.Thread(target=web.serve_forever, daemon=True).start()
    return web


def _session(database, login):
    """A session of its own, as after logging in.

    :returns: its id
    """
    sessions = odoo.http.root.session_store
    session = sessions.new()
    with Registry(database).cursor() as cr:
        user = api.Environment(cr, api.SUPERUSER_ID, {})["res.users"].search([("login", "=", login)]).ensure_one()
        env = api.Environment(cr, user.id, {})
        session.update(odoo.http.get_default_session(), db=database, _trace_disable=True)
        session.uid, session.login = user.id, login
        session.context = dict(env["res.users"].context_get())
        session.session_token = security.compute_session_token(session, env)
    sessions.save(session)
    return session.sid
