import json
from functools import partial

from odoo import fields, http
from odoo.http import content_disposition, request

from ..models.plain_number import plain_number
from .portal import ClubPortal


class ClubData(ClubPortal):
    """The customer takes his data along."""

    @http.route("/my/clubs/data", type="http", auth="user", website=True, readonly=True, methods=["GET"])
    def portal_club_data(self, **kw):
        """All that the clubs keep of the user, to be read and printed."""
        values = self._prepare_portal_layout_values()
        values.update(page_name="club_data", plain=partial(plain_number, request.env))
        # sudo: only rows of the user's own contact, see _club_data.
        values["data"] = request.env.user.partner_id.sudo()._club_data()
        return request.render("crm_loyalty.portal_club_data", values)

    @http.route("/my/clubs/data.json", type="http", auth="user", website=True, readonly=True, methods=["GET"])
    def portal_club_data_file(self, **kw):
        """The same for programs."""
        # sudo: only rows of the user's own contact, see _club_data.
        data = request.env.user.partner_id.sudo()._club_data()
        name = f"clubs-{fields.Date.today()}.json"
        return request.make_response(
            json.dumps(data, indent=2, ensure_ascii=False),
            headers=[
                ("Content-Type", "application/json; charset=utf-8"),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
            ],
        )
