from odoo import http
from odoo.http import request


class GreetingsStop(http.Controller):
    """The page behind the link at the end of a greeting: a customer wants no more of them, or does again."""

    @http.route(
        "/greetings/stop/<string:token>", type="http", auth="public", website=True, sitemap=False, methods=["GET"]
    )
    def greetings_stop_page(self, token, **kw):
        """A page with a button: a mail scanner that opens the link stops nothing."""
        return self._page(token)

    @http.route(
        "/greetings/stop/<string:token>", type="http", auth="public", website=True, sitemap=False, methods=["POST"]
    )
    def greetings_stop(self, token, again=None, **post):
        """He presses the button: none any more, or, ``again``, as before."""
        partner = request.env["res.partner"]._of_greetings_stop(token)
        if partner:
            partner.greeting_consent = "agreed" if again else "refused"
        return self._page(token)

    @staticmethod
    def _page(token):
        partner = request.env["res.partner"]._of_greetings_stop(token)
        values = {"partner": partner, "token": token, "refused": partner.greeting_consent == "refused"}
        response = request.render("crm_loyalty.greetings_stop", values)
        response.status_code = 200 if partner else 404
        # The link is the recipient's own.
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
